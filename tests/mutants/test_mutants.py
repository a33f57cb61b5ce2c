"""Do the tests of local.conf find defects in what they test? A few here; all before a release."""

import ast

import pytest

from tests.conftest import THOROUGH
from tests.mutants.defects import ALL, Defect
from tests.mutants.hunt import broken, found_by

SAMPLE = {
    "no blank line above the block",
    "the header goes though lines follow it",
    "from the first marker to the last",
    "a header that is not UTF-8 is let through",
    "exit ends nothing",
    "values are not quoted",
}
HUNTED = [defect for defect in ALL if THOROUGH or defect.name in SAMPLE]


def test_there_are_many_and_each_has_a_name_of_its_own() -> None:
    assert len({defect.name for defect in ALL}) == len(ALL) >= 100
    assert {defect.name for defect in ALL} >= SAMPLE


@pytest.mark.parametrize("defect", ALL, ids=lambda defect: defect.name)
def test_a_defect_is_still_a_change_of_the_program(defect: Defect) -> None:
    ast.parse(broken(defect))


@pytest.mark.parametrize("defect", HUNTED, ids=lambda defect: defect.name)
def test_a_defect_is_found(defect: Defect) -> None:
    assert found_by(defect)
