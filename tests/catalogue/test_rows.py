"""Every row of the catalogue is answered for: here, by another test, or with a reason."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.catalogue.rows import COUNTS, ELSEWHERE, NOT_OURS

ROOT = Path(__file__).parent.parent.parent
_ROW = re.compile(r"(?:\[|::test_|-)([lfvpdswot]\d\d)(?=[ _\]])", re.IGNORECASE)
ROWS = frozenset(f"{area}{n:02}" for area, count in COUNTS.items() for n in range(1, count + 1))


@pytest.fixture(scope="module")
def here() -> frozenset[str]:
    """The rows that tests of this folder are called by."""
    collect = (sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider")
    folder = ("tests/catalogue", "--ignore=tests/catalogue/test_rows.py")
    listed = subprocess.check_output((*collect, *folder), cwd=ROOT, text=True)
    return frozenset(row.upper() for row in _ROW.findall(listed))


def test_no_row_is_forgotten(here: frozenset[str]) -> None:
    assert here | ELSEWHERE.keys() | NOT_OURS.keys() == ROWS


def test_no_row_is_excused_that_a_test_answers_for(here: frozenset[str]) -> None:
    assert not NOT_OURS.keys() & (here | ELSEWHERE.keys())
    assert not ELSEWHERE.keys() & here


@pytest.mark.parametrize(("row", "test"), ELSEWHERE.items(), ids=ELSEWHERE)
def test_the_test_that_answers_is_there(row: str, test: str) -> None:
    file, name = test.split("::")
    tree = ast.parse((ROOT / file).read_text())
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}

    assert name in names, row
