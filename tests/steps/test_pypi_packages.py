"""What is said of an installer that failed."""

import pytest

from wizard.model.machine import JobEnded
from wizard.steps.pypi_packages import first_error


@pytest.mark.parametrize(("before", "error"), [
    ("calls to avoid build errors in the future.", "[Errno 2] No such file or directory: 'g++'"),
    ("x86_64-linux-gnu-gcc -Wall -Werror=format-security -c a.c", "command 'gcc' failed"),
    ("Using Python 3.11.2 environment", "No solution found when resolving dependencies"),
])  # fmt: skip
def test_what_only_mentions_errors_is_not_taken_for_one(before: str, error: str) -> None:
    assert first_error(JobEnded(1, 0.1, 1, 2, (before, f"error: {error}"))) == error


def test_what_mentions_an_error_counts_where_nothing_else_is_said() -> None:
    ended = JobEnded(1, 0.1, 1, 2, ("x", "there were errors on the way"))
    assert first_error(ended) == "there were errors on the way"
