"""Puts one defect into a copy of the program and lets the tests of local.conf look for it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutants.defects import Defect

ROOT = Path(__file__).parent.parent.parent
QUICK = (
    "tests/model/test_local_conf.py",
    "tests/model/test_managed_block.py",
    "tests/model/test_shell_values.py",
)
EXAMPLES = (
    "tests/catalogue/test_local_conf_text.py",
    "tests/catalogue/test_local_conf_file.py",
    "tests/steps/test_local_conf.py",
)
ORACLE = ("tests/model/test_local_conf_oracle.py",)
ALL = (QUICK, EXAMPLES, ORACLE)
_SHARED: tuple[str, ...] = ("conftest.py", "support.py")
_SHARED += ("local_conf_oracle.py", "local_conf_properties.py")
_SHARED += ("model/localrc_texts.py", "catalogue/conftest.py", "data/local_conf")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
_PATIENCE = 300  # seconds for one defect


def broken(defect: Defect) -> str:
    """Return the module's text with the defect in it."""
    text = (ROOT / "wizard" / defect.module).read_text()
    if text.count(defect.old) != 1:
        raise ValueError(f"{defect.name}: {defect.module} does not hold this once: {defect.old}")
    return text.replace(defect.old, defect.new)


def found_by(defect: Defect | None, searches: tuple[tuple[str, ...], ...] = ALL) -> str:
    """Return the first test that fails of the defect (None: of no defect); "" when none does."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        copy = Path(name)
        copy.chmod(0o755)
        _copy(copy)
        if defect:
            (copy / "wizard" / defect.module).write_text(broken(defect))
        return next(filter(None, (_first_failure(copy, tests) for tests in searches)), "")


def _first_failure(copy: Path, tests: tuple[str, ...]) -> str:
    options = ("-x", "-q", "-p", "no:cacheprovider", "--hypothesis-profile=hunt")
    try:
        ran = subprocess.run(
            (sys.executable, "-m", "pytest", *options, *tests),
            cwd=copy,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "THOROUGH": ""},
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return "a test that did not end"
    failed = _FAILED.search(ran.stdout)
    return failed[1] if failed else "" if ran.returncode == 0 else ran.stdout + ran.stderr


def _copy(copy: Path) -> None:
    ours = shutil.ignore_patterns("__pycache__", "tui")
    for folder in ("wizard", "files"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=ours)
    shutil.copy(ROOT / "pyproject.toml", copy)
    tests = (name for search in ALL for name in search)
    for name in (*tests, *(f"tests/{name}" for name in _SHARED)):
        source, target = ROOT / name, copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
