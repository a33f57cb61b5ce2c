"""Symbolic links: made where nothing is, and undone unless somebody changed them since."""

from pathlib import Path

import pytest

from wizard.engine import process
from wizard.engine.files.file_system import Direct, FileSystem
from wizard.engine.files.files_as_root import AsRoot
from wizard.engine.journal.journal import Journal, open_journal
from wizard.engine.journal.records import LinkMade
from wizard.engine.journal.undo import Undone, plan_undo, undo
from wizard.engine.process import Launch
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Completed
from wizard.model.problem import Problem


def run(command: Command) -> Completed:
    launch = Launch(command.argv, {"PATH": "/usr/bin:/bin"}, "/", None)
    return process.run(launch, timeout=20)


@pytest.fixture(params=[Direct(), AsRoot(run)], ids=["direct", "by commands"])
def acts(request: pytest.FixtureRequest) -> FileSystem:
    found: FileSystem = request.param
    return found


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    folder = tmp_path / "run"
    (folder / "backups").mkdir(parents=True)
    opened = open_journal(folder)
    assert isinstance(opened, Journal)
    return opened


def undone(journal: Journal, acts: FileSystem) -> Undone:
    return undo(
        journal,
        resolve=lambda path: path,
        file_system=lambda _path: acts,
        judge_tree=lambda _record, _phase: None,
    )


def made(journal: Journal, acts: FileSystem, link: Path, target: str) -> None:
    seq = journal.will(LinkMade(str(link), target))
    assert isinstance(seq, int)
    assert acts.make_link(str(link), target) is None
    journal.did(seq)


def test_a_link_says_what_it_was_told_and_is_undone(
    journal: Journal, acts: FileSystem, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    made(journal, acts, link, "/opt/v")
    assert acts.link_target(str(link)) == "/opt/v"
    assert [reversal.what for reversal in plan_undo(journal.entries)] == [f"remove {link}"]
    assert undone(journal, acts).done == [f"removed {link}"]
    assert not link.is_symlink()
    assert undone(journal, acts).nothing


def test_nothing_that_is_there_is_replaced(acts: FileSystem, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert isinstance(acts.make_link(str(tmp_path / "folder"), "/opt/v"), Problem)
    assert list((tmp_path / "folder").iterdir()) == []


def test_a_link_that_leads_elsewhere_by_now_stays(
    journal: Journal, acts: FileSystem, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    made(journal, acts, link, "/opt/v")
    link.unlink()
    link.symlink_to("/opt/other")
    assert undone(journal, acts).status is ExitStatus.NEEDS_PERSON
    assert link.readlink() == Path("/opt/other")
