"""Rows V16 to V18: what is at the venv's path already, and what somebody keeps in it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from wizard.engine.acting_machine import ActingMachine
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Completed
from wizard.model.problem import Problem
from wizard.model.recipe import OURS, Recipe, Tools
from wizard.model.step import Done, Pending, State
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


def state(recipe: Recipe, machine: ActingMachine) -> State:
    return VirtualEnvironment(recipe, Tools("", "")).state(machine)


def test_v16_an_environment_that_we_did_not_make_stays(
    recipe: Recipe, machine: ActingMachine
) -> None:
    """Differs: nobody is asked; whoever wants it gone moves it away."""
    Path(recipe.path).mkdir()
    Path(recipe.path, "pyvenv.cfg").touch()

    found = state(recipe, machine)

    assert isinstance(found, Problem)
    assert found.status is ExitStatus.NEEDS_PERSON
    assert "did not make" in found.what


@pytest.mark.parametrize("python", ["", "#!/bin/sh\necho 3.6.8\n"], ids=["gone", "another"])
def test_v17_one_of_another_python_is_built_again(
    python: str, recipe: Recipe, machine: ActingMachine
) -> None:
    a_venv(recipe.path, recipe)
    if python:
        Path(recipe.bin_python).write_text(python)
        Path(recipe.bin_python).chmod(0o755)

    found = state(recipe, machine)

    assert isinstance(found, Pending)
    assert found.why.startswith("build again: ")


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

    found = state(changed, machine)

    assert isinstance(found, Problem)
    assert (found.where, found.status) == (recipe.aside, ExitStatus.NEEDS_PERSON)
    assert "notes.txt" in found.what
