"""What a venv is made from, and what of it makes one that is there out of date."""

from dataclasses import replace

import pytest

from wizard.model.recipe import Recipe

RECIPE = Recipe("/opt/v", "/usr/bin/python3", False, "pbr\n", "pbr===7.0.3\n")  # noqa: FBT003


@pytest.mark.parametrize(
    "change",
    [
        {"python": "/usr/bin/python3.12"},
        {"system_site_packages": True},
        {"requirements": "pbr\nsix\n"},
        {"constraints": "pbr===7.1.3\n"},
    ],
)
def test_what_decides_the_content_counts(change: dict[str, object]) -> None:
    assert replace(RECIPE, **change).inputs != RECIPE.inputs  # type: ignore[arg-type]


def test_how_it_is_installed_and_where_does_not() -> None:
    assert replace(RECIPE, installer="pip", path="/opt/w").inputs == RECIPE.inputs


def test_constraints_that_devstack_offers_do_not() -> None:
    """stack.sh rewrites them in each run: what it has filled must not count as out of date."""
    offered = replace(RECIPE, offered=True)
    assert replace(offered, constraints="").inputs == offered.inputs
    assert replace(offered, constraints="pbr===7.1.3\n").inputs == offered.inputs
