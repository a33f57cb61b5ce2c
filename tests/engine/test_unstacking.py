"""What an undo does about a stack.sh that its run has run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import local_reader
from wizard.engine.files.file_system import Direct
from wizard.engine.journal.journal import Journal, open_journal
from wizard.engine.journal.records import TreeMade
from wizard.engine.journal.undo import Undone, plan_undo, undo
from wizard.engine.journal.unstacking import LOG, Unstacking
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

SERVICE = "import sys; print(flush=True); sys.stdin.read()"


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    (tmp_path / "venv/bin").mkdir(parents=True)
    (tmp_path / "venv/bin/python").symlink_to(sys.executable)
    return tmp_path / "venv"


@pytest.fixture
def service(venv: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Something that runs in the venv until its input ends."""
    argv = [str(venv / "bin/python"), "-c", SERVICE]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    (tmp_path / "run").mkdir()
    made = open_journal(tmp_path / "run")
    assert isinstance(made, Journal)
    yield made
    made.close()


def checkout(folder: Path, unstack: str) -> Path:
    folder.mkdir()
    (folder / "unstack.sh").write_text(f"#!/bin/sh\n{unstack}\n")
    (folder / "unstack.sh").chmod(0o755)
    return folder


def unstacking(venv: Path, journal: Journal) -> Unstacking:
    return Unstacking(local_reader(), str(venv), journal.entries)


def note(journal: Journal, directory: Path) -> None:
    assert journal.note("stack", directory=str(directory)) is None


def test_unstack_sh_is_run_and_what_it_says_is_kept(
    tmp_path: Path, venv: Path, journal: Journal, service: subprocess.Popen[bytes]
) -> None:
    gone = f"while grep -q . /proc/{service.pid}/cmdline; do sleep 0.01; done"
    stops = f"pwd; kill {service.pid}; {gone}"
    folder = checkout(tmp_path / "devstack", stops)
    note(journal, folder)
    said = unstacking(venv, journal).stop(journal.folder)
    assert said == f"stopped what stack.sh had started, with {folder}/unstack.sh"
    assert (journal.folder / LOG).read_text() == f"{folder}\n"


def test_where_nothing_runs_unstack_sh_is_not_needed(
    tmp_path: Path, venv: Path, journal: Journal
) -> None:
    note(journal, checkout(tmp_path / "devstack", "exit 1"))
    assert unstacking(venv, journal).stop(journal.folder) == ""
    assert not (journal.folder / LOG).exists()


def test_what_it_cannot_stop_needs_a_person(
    tmp_path: Path, venv: Path, journal: Journal, service: subprocess.Popen[bytes]
) -> None:
    note(journal, checkout(tmp_path / "devstack", "exit 1"))
    problem = unstacking(venv, journal).stop(journal.folder)
    assert isinstance(problem, Problem)
    assert problem.status is ExitStatus.NEEDS_PERSON
    assert str(service.pid) in problem.what
    assert problem.cure == f"Stop it first: cd {tmp_path}/devstack && ./unstack.sh"


def test_a_venv_that_is_to_go_must_not_be_in_use_whoever_uses_it(
    venv: Path, journal: Journal, service: subprocess.Popen[bytes]
) -> None:
    assert isinstance(journal.will(TreeMade(str(venv), "marker")), int)
    assert isinstance(unstacking(venv, journal).stop(journal.folder), Problem)
    assert service.poll() is None


def test_a_run_that_made_no_venv_leaves_alone_who_runs_in_it(
    venv: Path, journal: Journal, service: subprocess.Popen[bytes]
) -> None:
    assert journal.note("packages", installed=["sudo=1"]) is None
    assert unstacking(venv, journal).stop(journal.folder) == ""
    assert service.poll() is None


def test_the_plan_of_an_undo_names_unstack_sh_and_what_stays(journal: Journal) -> None:
    note(journal, Path("/opt/stack/devstack"))
    planned = [reversal.what for reversal in plan_undo(journal.entries)]
    first, *stay = planned
    assert first == "run /opt/stack/devstack/unstack.sh if services of it are up"
    assert [words.partition("; ")[2] for words in stay] == [
        "to remove: cd /opt/stack/devstack && ./clean.sh"
    ]


def test_what_was_stacked_is_undone_once(journal: Journal) -> None:
    note(journal, Path("/opt/stack/devstack"))
    assert undone(journal).done == undone(journal).done == []
    assert undone(journal).nothing


def undone(journal: Journal) -> Undone:
    direct = Direct()
    return undo(
        journal,
        resolve=os.path.abspath,
        file_system=lambda _path: direct,
        judge_tree=lambda _record, _phase: None,
    )
