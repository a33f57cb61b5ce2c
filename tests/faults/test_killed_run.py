"""A whole run that is killed before any of its side effects leaves nothing half done.

A few points here; ``THOROUGH=1`` tries all of them, as ``python -m tests.faults.killed`` does.
"""

import os
from pathlib import Path

import pytest

from tests.faults.killed import BUILD, UNDO, USERS, Undisturbed, tried_all, undisturbed

pytestmark = [pytest.mark.host, pytest.mark.timeout(900)]

POINTS = {BUILD: 6, UNDO: 3}  # per user, spread over the whole run


@pytest.fixture(scope="module", params=USERS)
def user(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def usual(layer: Path, user: str) -> Undisturbed:
    return undisturbed(layer, user)


def test_a_build_has_more_than_a_hundred_points_to_be_killed_at(usual: Undisturbed) -> None:
    assert len(usual.effects[BUILD]) > 100
    assert len(usual.effects[UNDO]) > 10


@pytest.mark.parametrize("act", [BUILD, UNDO], ids=["build", "undo"])
def test_whatever_was_killed_everything_is_old_or_new_and_running_again_ends_where_it_should(
    layer: Path, user: str, usual: Undisturbed, act: str
) -> None:
    count = len(usual.effects[act])
    every = 1 if os.environ.get("THOROUGH") else count // POINTS[act]
    numbers = range(every // 2 + 1, count + 1, every)
    points = tried_all(layer, user, act, usual, numbers)
    found = {point.number: point.violations for point in points if point.violations}
    assert found == {}
