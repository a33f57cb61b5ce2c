"""The small world is made once for all tests that break something in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.world import small_world


@pytest.fixture(scope="session")
def layer() -> Iterator[Path]:
    with small_world() as made:
        yield made
