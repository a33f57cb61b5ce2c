"""What is said of an installer that failed."""

import pytest

from wizard.model.machine import JobEnded
from wizard.model.packages.package_index import PackageIndex
from wizard.model.recipe import Recipe
from wizard.steps.pypi_packages import LONGEST, first_error, pip_command


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


def test_what_pip_tried_again_is_not_what_it_failed_of() -> None:
    tried = "WARNING: Retrying (Retry(total=4)) after connection broken by 'Error(\"refused\")'"
    said = "ERROR: No matching distribution found for six"
    assert first_error(JobEnded(1, 0.1, 1, 2, (tried, said))) == said


def test_of_a_line_without_end_its_beginning_is_told() -> None:
    told = first_error(JobEnded(1, 0.1, 1, 1, (f"error: gcc {'-Wall ' * 400}",)))
    assert len(told) < LONGEST + 5
    assert told.endswith(" ...")


def test_one_that_the_kernel_ended_says_so() -> None:
    assert first_error(JobEnded(137, 0.1, 1, 2, ("WARNING: an error", "Killed"))) == "Killed"


def _builds(requirements: str) -> set[tuple[str, str]]:
    recipe = Recipe(
        "/venv",
        "/usr/bin/python3",
        system_site_packages=False,
        requirements=requirements,
        constraints="",
        installer="pip",
    )
    env = pip_command(recipe, PackageIndex(), "install").env
    return {item for item in env.items() if item[0].endswith("CONSTRAINT")}


def test_a_setuptools_that_is_held_back_is_held_back_where_pip_of_any_age_builds() -> None:
    file = "/venv/.devstack-venv/build-constraints.txt"
    held = {("PIP_BUILD_CONSTRAINT", file), ("PIP_CONSTRAINT", file)}
    assert _builds("pbr\nsetuptools<81\n") == held
    assert _builds("pbr\n") == set()
