"""Row V18: a venv of ours in which somebody keeps files of their own."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from wizard.engine.acting_machine import ActingMachine
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Completed
from wizard.model.problem import Problem
from wizard.model.recipe import OURS, Recipe, Tools
from wizard.model.step import Done
from wizard.steps.completion import Completion
from wizard.steps.virtual_environment import VirtualEnvironment


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    return Recipe(str(tmp_path / "venv"), "/usr/bin/python3", False, "x\n", "")  # noqa: FBT003


def a_venv(path: str, recipe: Recipe, *others: str) -> None:
    """Make what a complete venv of ours looks like, with other files at its top."""
    folder = Path(path)
    (folder / OURS).mkdir(parents=True)
    (folder / "bin").mkdir()
    marker = {"inputs": recipe.inputs, "packages": {}, "python": "3.11.2"}
    (folder / OURS / "complete.json").write_text(json.dumps(marker))
    for name in ("pyvenv.cfg", *others):
        (folder / name).write_text("mine\n")


class Verified(ActingMachine):
    """A machine on which every installed file is as it was recorded."""

    def run(self, command: Command) -> Completed:
        return Completed(0, json.dumps({"broken": [], "files": 1, "packages": {}}).encode())


@pytest.fixture
def verified(machine: ActingMachine) -> Verified:
    return Verified(machine.launcher, machine.user_name, at=machine.at, step="completion")


def build(recipe: Recipe, verified: Verified) -> object:
    """Bring a new venv, whose earlier one waits aside, to its end."""
    Path(recipe.path, OURS).mkdir(parents=True)
    return Completion(recipe).apply(verified)


def test_v18_notes_in_an_earlier_venv_are_kept_and_named(
    recipe: Recipe, verified: Verified
) -> None:
    a_venv(recipe.aside, recipe, "notes.txt")

    outcome = build(recipe, verified)

    assert isinstance(outcome, Done)
    assert f"notes.txt: {recipe.aside}" in outcome.details
    assert Path(recipe.aside, "notes.txt").read_text() == "mine\n"


def test_v18_an_earlier_venv_with_nothing_else_goes(recipe: Recipe, verified: Verified) -> None:
    a_venv(recipe.aside, recipe)

    assert build(recipe, verified) == Done("1 files, 0 packages")
    assert not Path(recipe.aside).exists()


def test_v18_notes_that_are_kept_already_stop_the_next_build(
    recipe: Recipe, machine: ActingMachine
) -> None:
    a_venv(recipe.path, recipe)
    a_venv(recipe.aside, recipe, "notes.txt")
    changed = replace(recipe, requirements="y\n")

    found = VirtualEnvironment(changed, Tools("", "")).state(machine)

    assert isinstance(found, Problem)
    assert (found.where, found.status) == (recipe.aside, ExitStatus.NEEDS_PERSON)
    assert "notes.txt" in found.what
