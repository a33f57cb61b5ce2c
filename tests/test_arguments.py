"""The command line."""

import subprocess
import sys
import time

import pytest

from wizard import __version__
from wizard.arguments import Arguments, Mode, Output, parse
from wizard.model.exit_status import MEANING, ExitStatus
from wizard.model.problem import Problem


def given(*argv: str, **environ: str) -> Arguments:
    arguments = parse(argv, environ)
    assert isinstance(arguments, Arguments), str(arguments)
    return arguments


def refused(*argv: str, **environ: str) -> str:
    problem = parse(argv, environ)
    assert isinstance(problem, Problem), problem
    assert problem.status is ExitStatus.USAGE
    assert "\n" not in str(problem)
    return str(problem)


def help_text(capsys: pytest.CaptureFixture[str], option: str = "--help") -> str:
    with pytest.raises(SystemExit) as left:
        parse([option], {})
    assert left.value.code == 0
    return capsys.readouterr().out


def test_without_arguments_it_is_the_wizard_and_nothing_is_said() -> None:
    assert given() == Arguments(mode=Mode.WIZARD)


@pytest.mark.parametrize(
    ("argv", "arguments"),
    [
        (["--auto"], Arguments(mode=Mode.AUTO)),
        (["--auto", "--stack"], Arguments(mode=Mode.AUTO, stack=True)),
        (["--plan"], Arguments(mode=Mode.PLAN)),
        (["--check"], Arguments(mode=Mode.CHECK)),
        (["--check", "--fix"], Arguments(mode=Mode.CHECK, fix=True)),
        (["--undo"], Arguments(mode=Mode.UNDO)),
        (["--undo", "2026-07-01.2"], Arguments(mode=Mode.UNDO, run="2026-07-01.2")),
        (["--attach", "r1"], Arguments(mode=Mode.ATTACH, run="r1")),
        (["--bundle", "r1"], Arguments(mode=Mode.BUNDLE, run="r1")),
        (["--diagnose", "x.log"], Arguments(mode=Mode.DIAGNOSE, log="x.log")),
        (["--diagnose", "-"], Arguments(mode=Mode.DIAGNOSE, log="-")),
        (["--attach", "--output", "json"], Arguments(mode=Mode.ATTACH, output=Output.JSON)),
    ],
)
def test_a_mode_is_an_option(argv: list[str], arguments: Arguments) -> None:
    assert given(*argv) == arguments


def test_every_value_is_kept_as_it_was_given() -> None:
    assert given(
        *("--devstack", "d", "--venv-path=/v", "--constraints", "c.txt", "--installer", "pip"),
        *("--answers", "a.toml", "--save-answers", "s.toml", "--root", "/mnt", "--auto"),
    ) == Arguments(
        mode=Mode.AUTO,
        devstack="d",
        venv_path="/v",
        constraints="c.txt",
        installer="pip",
        answers="a.toml",
        save_answers="s.toml",
        root="/mnt",
    )


@pytest.mark.parametrize(
    "argv",
    [
        ["a", "b>=1", "--auto"],
        ["--auto", "a", "b>=1"],
        ["a", "--auto", "b>=1"],
        ["--auto", "--", "a", "b>=1"],
    ],
)
def test_packages_may_stand_anywhere(argv: list[str]) -> None:
    assert given(*argv) == Arguments(mode=Mode.AUTO, packages=("a", "b>=1"))


def test_what_is_about_the_program_may_come_from_the_environment() -> None:
    arguments = given(
        "--auto",
        "--root=/option",
        DEVSTACK_VENV_ANSWERS="a",
        DEVSTACK_VENV_SAVE_ANSWERS="s",
        DEVSTACK_VENV_OUTPUT="json",
        DEVSTACK_VENV_ROOT="/environment",
    )
    assert arguments == Arguments(
        mode=Mode.AUTO, answers="a", save_answers="s", output=Output.JSON, root="/option"
    )


def test_an_empty_variable_says_nothing() -> None:
    assert given(DEVSTACK_VENV_ANSWERS="", DEVSTACK_VENV_OUTPUT="") == Arguments()


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--atuo"], "there is no option '--atuo'. Did you mean --auto?"),
        (["--venvpath=/x"], "there is no option '--venvpath'. Did you mean --venv-path?"),
        (["--save_answers", "x"], "no option '--save_answers'. Did you mean --save-answers?"),
        (["--out", "json"], "there is no option '--out'. Did you mean --output?"),
        (["-q"], "there is no option '-q'. See devstack-venv --help"),
        (["--\x1b[31m"], "there is no option '--\\x1b[31m'"),
        (["--stac"], "there is no option '--stac'. Did you mean --stack?"),
    ],
)
def test_an_unknown_or_shortened_option_is_told_with_what_was_meant(
    argv: list[str], message: str
) -> None:
    assert message in refused(*argv)


MODES = ["--auto", "--plan", "--check", "--undo", "--attach", "--bundle"]


@pytest.mark.parametrize(("one", "other"), [(a, b) for a in MODES for b in MODES if a < b])
def test_modes_exclude_each_other(one: str, other: str) -> None:
    message = refused(other, one)
    assert "exclude each other" in message
    assert one in message
    assert other in message


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--fix"], "--fix goes with --check only"),
        (["--auto", "--fix"], "--fix goes with --check only"),
        (["--check", "pymysql"], "--check takes no PACKAGE, but got 'pymysql'"),
        (["--undo", "r1", "pymysql"], "--undo takes no PACKAGE, but got 'pymysql'"),
        (["--diagnose"], "--diagnose needs a value"),
        (["--diagnose", "a.log", "b.log"], "--diagnose takes no PACKAGE, but got 'b.log'"),
        (["--undo", "pymysql>=1"], "--undo takes the name of a run, not 'pymysql>=1'"),
        (["--attach", "../x"], "--attach takes the name of a run, not '../x'"),
        (["--auto=yes"], "--auto takes no value"),
        (["--venv-path"], "--venv-path needs a value"),
        (["--venv-path", "--auto"], "--venv-path needs a value"),
        (["--auto", "--output", "jsn"], "--output is text or json, not 'jsn'. Did you mean json?"),
        (["--output", "json"], "--output json needs a mode that asks nothing. Add --auto"),
    ],
)
def test_what_does_not_go_together_is_refused(argv: list[str], message: str) -> None:
    assert message in refused(*argv)


def test_a_wrong_output_in_the_environment_is_refused() -> None:
    assert "not 'xml'" in refused("--auto", DEVSTACK_VENV_OUTPUT="xml")


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert help_text(capsys, "--version") == f"devstack-venv {__version__}\n"


def test_the_help_fits_80_columns_whatever_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    text = help_text(capsys)
    assert max(map(len, text.splitlines())) <= 80
    monkeypatch.setenv("COLUMNS", "20")
    assert help_text(capsys, "-h") == text


def test_the_help_names_every_exit_status_and_two_examples(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = help_text(capsys)
    for status, meaning in MEANING.items():
        assert f"  {status.value:3}  {meaning}\n" in text
    assert text.count("\n  devstack-venv ") == 2


def test_the_command_line_costs_no_heavy_import() -> None:
    code = "import sys, wizard.arguments; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    heavy = {"tomlkit", "tomllib", "packaging", "textual", "rich", "subprocess", "difflib"}
    assert not heavy & set(loaded.stdout.split())


def test_the_help_comes_within_100_ms_of_python_itself() -> None:
    ask = "from wizard.arguments import parse; parse(['--help'], {})"
    bare, helped = (min(_seconds(code) for _ in range(7)) for code in ("pass", ask))
    assert helped - bare < 0.1


def _seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start
