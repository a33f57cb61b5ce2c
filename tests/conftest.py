"""Settings for every test."""

import os

import pytest
from hypothesis import Phase, settings

THOROUGH = bool(os.environ.get("THOROUGH"))  # before a release: hours instead of minutes

# A busy machine is no defect: how long a test may take is pytest-timeout's affair.
settings.register_profile("steady", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=100_000)
# whether an example fails is all that tests/mutants wants to know, not the smallest that does
settings.register_profile("hunt", deadline=None, phases=(Phase.explicit, Phase.generate))
settings.load_profile("thorough" if THOROUGH else "steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nothing that was asked to be thorough takes too long."""
    for item in items if THOROUGH else ():
        item.add_marker(pytest.mark.timeout(0))
