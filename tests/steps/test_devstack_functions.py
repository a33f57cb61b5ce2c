"""The step that puts the functions for an older DevStack beside the venv, with the real engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import local_reader
from wizard.engine.acting_machine import ActingMachine, Run
from wizard.engine.cancel import Cancel
from wizard.engine.journal.journal import open_journal
from wizard.engine.runs import run_folder
from wizard.model import shipped
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.secret import Mask
from wizard.model.step import Done, Pending, Satisfied, WouldWrite
from wizard.steps.devstack_functions import DevstackFunctions

HOST = local_reader()
FUNCTIONS = shipped.read("devstack/one_venv.sh")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[ActingMachine]:
    folder = run_folder.create(tmp_path / "state", {}, Mask())
    journal = open_journal(folder.path)
    assert not isinstance(journal, Problem)
    run = Run(folder, journal, Cancel())
    yield ActingMachine(HOST.launcher, HOST.user_name, at=run, step="devstack-functions")
    journal.close()


def test_it_is_written_beside_the_venv_for_everybody_to_read(
    tmp_path: Path, machine: ActingMachine
) -> None:
    step, path = DevstackFunctions(f"{tmp_path}/venv"), tmp_path / "venv.devstack.sh"
    assert step.state(machine) == Pending("to be written")

    assert step.apply(machine) == Done(str(path))

    assert path.read_bytes() == FUNCTIONS
    assert path.stat().st_mode & 0o777 == 0o644
    assert isinstance(step.state(machine), Satisfied)


def test_one_of_another_version_of_this_program_is_replaced(
    tmp_path: Path, machine: ActingMachine
) -> None:
    step, path = DevstackFunctions(f"{tmp_path}/venv"), tmp_path / "venv.devstack.sh"
    path.write_bytes(FUNCTIONS[:-40])
    assert step.state(machine) == Pending("to be replaced")
    (preview,) = step.preview(machine)
    assert isinstance(preview, WouldWrite)
    assert preview.path == str(path)

    assert step.apply(machine) == Done(str(path))

    assert path.read_bytes() == FUNCTIONS


def test_a_file_of_somebody_elses_stays(tmp_path: Path, machine: ActingMachine) -> None:
    step, path = DevstackFunctions(f"{tmp_path}/venv"), tmp_path / "venv.devstack.sh"
    path.write_text("echo mine\n")

    for said in (step.state(machine), step.apply(machine)):
        assert isinstance(said, Problem)
        assert (said.where, said.status) == (str(path), ExitStatus.NEEDS_PERSON)
    assert step.preview(machine) == ()
    assert path.read_text() == "echo mine\n"
