"""Settings for every test."""

import os
import signal

import pytest
from hypothesis import Phase, settings

THOROUGH = bool(os.environ.get("THOROUGH"))  # before a release: hours instead of minutes

# A busy machine is no defect: how long a test may take is pytest-timeout's affair.
settings.register_profile("steady", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=100_000)
# whether an example fails is all that tests/mutants wants to know, not the smallest that does
settings.register_profile("hunt", deadline=None, phases=(Phase.explicit, Phase.generate))
settings.load_profile("thorough" if THOROUGH else "steady")

# Whoever starts the tests may ignore these (nohup, a job in the background), and then what the
# tests start would, too.
signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGHUP, signal.SIGQUIT):
    signal.signal(number, signal.SIG_DFL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nothing that was asked to be thorough takes too long."""
    for item in items if THOROUGH else ():
        item.add_marker(pytest.mark.timeout(0))
