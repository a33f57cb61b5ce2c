"""What a virtual environment is made from."""

import pytest

from wizard.model.recipe import Recipe


def recipe(requirements: str) -> Recipe:
    return Recipe("/v", "/usr/bin/python3", False, requirements, "")  # noqa: FBT003


@pytest.mark.parametrize(
    ("requirements", "held"),
    [
        ("pbr\nsetuptools<81\n", "setuptools<81\n"),
        ("setuptools==80.9 ; python_version>='3'\n", "setuptools==80.9 ; python_version>='3'\n"),
        ("pbr\nsetuptools\n", ""),
        ("setuptools-scm<9\n", ""),
    ],
)
def test_a_version_of_setuptools_also_holds_where_packages_are_built(
    requirements: str, held: str
) -> None:
    assert recipe(requirements).build_constraints == held


def test_how_it_is_installed_makes_no_other_environment() -> None:
    one, other = recipe("pbr\n"), Recipe("/v", "/usr/bin/python3", False, "pbr\n", "", "pip")  # noqa: FBT003
    assert one.inputs == other.inputs
