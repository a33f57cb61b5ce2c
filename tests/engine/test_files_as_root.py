"""The same acts by commands: run directly here; the engine puts sudo before them."""

import os
import stat
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.engine.files.files import Removed, Written
from wizard.engine.files.files_as_root import (
    AsRoot,
    file_system_for,
    replace_as_root,
    sweep_candidates,
)
from wizard.engine.files.root_commands import temporary_path
from wizard.engine.files.staging import digest
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Completed, Identity
from wizard.model.problem import Problem

ME = (os.geteuid(), os.getegid())
OLD, NEW = b"Defaults:stack old\n", b"Defaults:stack new\n"
ALLOWED = {"stat", "cat", "install", "mv", "sync", "rm", "realpath", "rmdir"}


class Commands:
    """Runs each command, notes it, and lets a test act before one of them."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, ...]] = []
        self.before: dict[str, Callable[[], object]] = {}

    def __call__(self, command: Command) -> Completed:
        assert command.identity is Identity.ROOT
        assert command.argv[0] in ALLOWED
        assert "--" in command.argv
        if act := self.before.pop(command.argv[0], None):
            act()
        self.seen.append(command.argv)
        done = subprocess.run(command.argv, capture_output=True, check=False)
        return Completed(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def run() -> Commands:
    return Commands()


@pytest.fixture
def root(run: Commands) -> AsRoot:
    return AsRoot(run)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "zzz-devstack-venv"
    path.write_bytes(OLD)
    path.chmod(0o440)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def needs_person(outcome: object) -> Problem:
    assert isinstance(outcome, Problem), outcome
    assert outcome.status is ExitStatus.NEEDS_PERSON
    return outcome


def test_a_new_file_has_the_mode_and_owner_asked_for(root: AsRoot, tmp_path: Path) -> None:
    path = tmp_path / "new file"
    written = root.replace(str(path), NEW, expected=None, mode=0o440, owner=ME)
    assert written == Written(str(path), None, digest(NEW), 0o440, *ME)
    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o440
    assert names(tmp_path) == ["new file"]


def test_a_replaced_file_keeps_its_mode(root: AsRoot, file: Path) -> None:
    written = root.replace(str(file), NEW, expected=OLD, mode=0o600, owner=ME)
    assert isinstance(written, Written)
    assert written.former is not None
    assert written.former.content == OLD
    assert file.read_bytes() == NEW
    assert stat.S_IMODE(file.stat().st_mode) == 0o440
    assert names(file.parent) == [file.name]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_new_file_is_root_s_unless_said_otherwise(run: Commands, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    replace_as_root(run, str(tmp_path / "new"), NEW, expected=None, mode=0o440)
    assert (tmp_path / "new").stat().st_uid == 0


def test_the_candidate_is_private_and_judged_before_root_touches_anything(
    root: AsRoot, run: Commands, file: Path
) -> None:
    problem = Problem("parse error")

    def validate(candidate: str) -> Problem:
        assert Path(candidate).read_bytes() == NEW
        assert stat.S_IMODE(Path(candidate).parent.stat().st_mode) == 0o700
        assert {argv[0] for argv in run.seen} <= {"stat", "cat"}
        return problem

    outcome = root.replace(str(file), NEW, expected=OLD, mode=0o440, owner=ME, validate=validate)
    assert outcome is problem
    assert file.read_bytes() == OLD


def test_a_candidate_that_a_killed_run_left_is_swept_and_one_in_use_is_not(
    root: AsRoot, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "devstack-venv-candidate-left"
    left.mkdir()

    def validate(candidate: str) -> None:
        sweep_candidates()
        assert not left.exists()
        assert Path(candidate).read_bytes() == NEW

    written = root.replace(str(file), NEW, expected=OLD, mode=0o440, owner=ME, validate=validate)
    assert isinstance(written, Written)
    assert not list(tmp_path.glob("devstack-venv-candidate-*"))


def test_the_content_is_on_the_disk_before_it_gets_its_name_and_the_name_after(
    root: AsRoot, run: Commands, file: Path
) -> None:
    root.replace(str(file), NEW, expected=OLD, mode=0o440, owner=ME)
    temporary = temporary_path(str(file), digest(NEW))
    synced = [index for index, argv in enumerate(run.seen) if argv[0] == "sync"]
    (moved,) = (index for index, argv in enumerate(run.seen) if argv[0] == "mv")
    assert [run.seen[index][-1] for index in synced] == [temporary, str(file.parent)]
    assert synced[0] < moved < synced[1]


def test_the_temporary_file_has_a_name_that_sudo_ignores(file: Path) -> None:
    name = Path(temporary_path(str(file), digest(NEW))).name
    assert name.startswith(".")
    assert name.endswith("~")


def test_a_link_is_followed_and_stays(root: AsRoot, file: Path) -> None:
    link = file.with_name("link")
    link.symlink_to(file.name)
    assert isinstance(root.replace(str(link), NEW, expected=OLD, mode=0o440), Written)
    assert str(link.readlink()) == file.name
    assert file.read_bytes() == NEW


def test_a_file_that_changed_is_left_alone(root: AsRoot, file: Path) -> None:
    needs_person(root.replace(str(file), NEW, expected=b"other", mode=0o440, owner=ME))
    assert file.read_bytes() == OLD


@pytest.mark.parametrize("command", ["install", "sync"])
def test_a_file_that_changes_while_we_work_is_left_alone(
    root: AsRoot, run: Commands, file: Path, command: str
) -> None:
    file.chmod(0o640)
    run.before[command] = lambda: file.write_bytes(b"theirs")
    needs_person(root.replace(str(file), NEW, expected=OLD, mode=0o440, owner=ME))
    assert file.read_bytes() == b"theirs"
    assert names(file.parent) == [file.name]


def test_a_file_that_comes_to_be_at_the_last_moment_is_left_alone(
    root: AsRoot, run: Commands, tmp_path: Path
) -> None:
    path = tmp_path / "new"
    run.before["mv"] = lambda: path.write_bytes(b"theirs")
    outcome = root.replace(str(path), NEW, expected=None, mode=0o440, owner=ME)
    assert isinstance(outcome, Problem)
    assert path.read_bytes() == b"theirs"
    assert names(tmp_path) == ["new"]


def test_what_a_killed_run_left_is_used_up_by_the_next(root: AsRoot, file: Path) -> None:
    Path(temporary_path(str(file), digest(NEW))).write_bytes(b"half")
    assert isinstance(root.replace(str(file), NEW, expected=OLD, mode=0o440), Written)
    assert file.read_bytes() == NEW
    assert names(file.parent) == [file.name]


def test_what_a_killed_run_left_is_swept(root: AsRoot, file: Path) -> None:
    Path(temporary_path(str(file), digest(NEW))).write_bytes(b"half")
    assert root.sweep(str(file), digest(NEW)) == ()
    assert names(file.parent) == [file.name]


@pytest.mark.parametrize("kind", ["folder", "fifo", "two names", "missing folder"])
def test_what_is_no_plain_file_is_refused(root: AsRoot, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "it"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "two names":
        path.write_bytes(OLD)
        os.link(path, tmp_path / "other")
    else:
        path = tmp_path / "no" / "it"
    outcome = root.replace(str(path), NEW, expected=OLD, mode=0o440, owner=ME)
    assert isinstance(outcome, Problem)
    assert "\n" not in str(outcome)


def test_without_sudo_the_problem_says_what_sudo_said(tmp_path: Path) -> None:
    def no_sudo(_: Command) -> Completed:
        return Completed(1, stderr=b"sudo: a password is required\n")

    outcome = AsRoot(no_sudo).replace(str(tmp_path / "x"), NEW, expected=None, mode=0o440)
    assert isinstance(outcome, Problem)
    assert "sudo: a password is required" in outcome.what


def test_a_file_is_removed(root: AsRoot, file: Path) -> None:
    removed = root.remove(str(file), expected=OLD)
    assert isinstance(removed, Removed)
    assert (removed.former.content, removed.former.mode) == (OLD, 0o440)
    assert names(file.parent) == []


def test_a_file_that_changed_is_not_removed(root: AsRoot, file: Path) -> None:
    needs_person(root.remove(str(file), expected=NEW))
    assert file.read_bytes() == OLD


def test_reading_tells_missing_from_there(root: AsRoot, file: Path) -> None:
    assert root.content(str(file)) == OLD
    assert root.content(str(file) + "2") is None
    assert root.is_there(str(file)) is True
    assert root.is_there(str(file) + "2") is False


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_folders_are_made_with_their_parents(root: AsRoot, tmp_path: Path) -> None:
    path = tmp_path / "a/b"
    made = root.make_directories(str(path), mode=0o750, owner=ME)
    assert made == (str(tmp_path / "a"), str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert root.make_directories(str(path), mode=0o700, owner=ME) == ()
    assert stat.S_IMODE(path.stat().st_mode) == 0o750


def test_a_folder_is_not_made_in_a_file_s_place(root: AsRoot, file: Path) -> None:
    assert isinstance(root.make_directories(str(file), mode=0o750, owner=ME), Problem)


def test_only_empty_folders_are_removed(root: AsRoot, tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    assert isinstance(root.remove_directory(str(tmp_path / "a")), Problem)
    assert root.remove_directory(str(tmp_path / "a/b")) is None
    assert root.remove_directory(str(tmp_path / "a/b")) is None
    assert names(tmp_path / "a") == []


def test_a_rename_never_replaces(root: AsRoot, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert isinstance(root.rename(str(tmp_path / "a"), str(tmp_path / "b")), Problem)
    assert root.rename(str(tmp_path / "a"), str(tmp_path / "c")) is None
    assert names(tmp_path) == ["b", "c"]


def test_a_tree_is_removed_without_following_links(root: AsRoot, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/file").write_text("text")
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv/link").symlink_to(tmp_path / "precious")
    assert root.remove_tree(str(tmp_path / "venv")) is None
    assert names(tmp_path) == ["precious"]
    assert (tmp_path / "precious/file").exists()


def test_root_is_asked_only_where_we_may_not_write(run: Commands, tmp_path: Path) -> None:
    assert not isinstance(file_system_for(run, are_root=False)(str(tmp_path / "a/b")), AsRoot)
    assert not isinstance(file_system_for(run, are_root=True)("/etc/sudoers.d/x"), AsRoot)
    if os.geteuid() != 0:
        assert isinstance(file_system_for(run, are_root=False)("/etc/sudoers.d/x"), AsRoot)
