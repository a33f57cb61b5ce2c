"""The shape of the house: what the code promises about itself, whatever it does."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "wizard").rglob("*.py"))
LONGEST = 250  # lines
VAGUE = {"handler", "handlers", "helper", "helpers", "manager", "managers", "util", "utils"}
STARTS_PROCESSES = {"subprocess", "pty", "multiprocessing"}
RUN_TEXT = {"eval", "exec", "compile", "__import__"}
UNPICKLE = {"pickle", "marshal", "shelve"}
SCREENS = {"textual", "rich"}

IMPORTED = """
import contextlib, io, json, sys
from wizard.cli import main
import wizard.headless
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main(sys.argv[1:])
print(json.dumps(sorted(sys.modules)))
"""


def offenders(offends: Callable[[Path], object]) -> list[str]:
    return [str(module.relative_to(ROOT)) for module in MODULES if offends(module)]


def nodes(module: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(module.read_text()))


def imports(module: Path) -> set[str]:
    """Top-level packages that a module imports, wherever in it."""
    found = set()
    for node in nodes(module):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(str(node.module).partition(".")[0])
    return found


def test_arrows_point_one_way() -> None:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    linted = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert linted.returncode == 0, linted.stdout


def test_every_module_says_what_it_is_for() -> None:
    assert not offenders(lambda module: not ast.get_docstring(ast.parse(module.read_text())))


def test_every_module_is_short_enough_to_hold_in_ones_head() -> None:
    assert not offenders(lambda module: len(module.read_text().splitlines()) > LONGEST)


def test_every_module_is_named_for_what_it_is() -> None:
    def is_vague(module: Path) -> bool:
        name = module.relative_to(ROOT).with_suffix("").as_posix()
        name = name.replace("package_manager", "")  # apt and its like are called so
        return not VAGUE.isdisjoint(name.replace("/", "_").split("_"))

    assert not offenders(is_vague)


def test_no_module_runs_text_as_code_or_unpickles_it() -> None:
    def is_credulous(module: Path) -> bool:
        calls = (node.func for node in nodes(module) if isinstance(node, ast.Call))
        called = {function.id for function in calls if isinstance(function, ast.Name)}
        return bool(RUN_TEXT & called or UNPICKLE & imports(module))

    assert not offenders(is_credulous)


def test_no_module_asks_for_a_shell() -> None:
    def asks(node: ast.AST) -> bool:
        if isinstance(node, ast.keyword):
            return node.arg == "shell" and ast.unparse(node.value) != "False"
        return isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.system", "os.popen"}

    assert not offenders(lambda module: any(map(asks, nodes(module))))


def test_one_module_starts_processes() -> None:
    starters = offenders(lambda module: STARTS_PROCESSES & imports(module))
    assert starters == ["wizard/engine/process.py"]


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--plan", "--output", "json"], ["--auto", "--no-such-option"]]
)
def test_without_a_screen_nothing_of_the_screens_is_imported(
    arguments: list[str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *arguments],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert "wizard" in loaded
    assert SCREENS.isdisjoint(loaded)
