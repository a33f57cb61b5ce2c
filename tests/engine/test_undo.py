"""Undo over real files: each test acts as a run does, then reads its journal backwards."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from wizard.engine.files.file_system import Direct
from wizard.engine.files.files import Removed, Written
from wizard.engine.journal.journal import BACKUPS, Journal, open_journal
from wizard.engine.journal.records import (
    DirectoryMade,
    FileRemoved,
    FileReplaced,
    Phase,
    Record,
    Renamed,
    TreeMade,
    TreeRemoved,
)
from wizard.engine.journal.undo import Undone, plan_undo, undo
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.sudoers import RULE_FILE, STACK_SH_PATH

NOBODY = 65534


@dataclass
class Host:
    """A system below a folder, acted on with a journal as the engine does."""

    root: Path
    journal: Journal
    tree_changed: Callable[[TreeMade, Phase], Problem | None] = field(default=lambda _r, _p: None)
    acts: Direct = field(default_factory=Direct)

    def at(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def write(self, path: str, content: bytes, mode: int = 0o640, *, ends: bool = True) -> None:
        def announce(written: Written) -> Problem | None:
            former = written.former
            backup = "" if former is None else self._backup(path, former.content)
            old = None if former is None else former.sha256
            ids = (written.mode, written.uid, written.gid)
            return self.will(FileReplaced(path, old, written.sha256, backup, *ids))

        target = self.at(path)
        expected = target.read_bytes() if target.exists() else None
        owner = os.geteuid(), os.getegid()
        outcome = self.acts.replace(
            str(target), content, expected=expected, mode=mode, owner=owner, announce=announce
        )
        assert isinstance(outcome, Written)
        if ends:
            self.journal.did(self.seq)

    def remove(self, path: str) -> None:
        def announce(removed: Removed) -> Problem | None:
            former = removed.former
            backup = self._backup(path, former.content)
            ids = (former.mode, former.uid, former.gid)
            return self.will(FileRemoved(path, former.sha256, backup, *ids))

        target = self.at(path)
        outcome = self.acts.remove(str(target), expected=target.read_bytes(), announce=announce)
        assert isinstance(outcome, Removed)
        self.journal.did(self.seq)

    def make_directory(self, path: str) -> None:
        def announce(missing: tuple[str, ...]) -> Problem | None:
            inside = tuple("/" + str(Path(one).relative_to(self.root)) for one in missing)
            return self.will(DirectoryMade(path, inside))

        owner = os.geteuid(), os.getegid()
        self.acts.make_directories(str(self.at(path)), mode=0o750, owner=owner, announce=announce)
        self.journal.did(self.seq)

    def make_tree(self, path: str) -> None:
        self.will(TreeMade(path, f"{path}/complete"))
        (self.at(path) / "bin").mkdir(parents=True)
        (self.at(path) / "bin/python").symlink_to("/usr/bin/python3")
        self.journal.did(self.seq)

    def rename(self, source: str, target: str) -> None:
        self.will(Renamed(source, target))
        assert self.acts.rename(str(self.at(source)), str(self.at(target))) is None
        self.journal.did(self.seq)

    def remove_tree(self, path: str) -> None:
        self.will(TreeRemoved(path))
        assert self.acts.remove_tree(str(self.at(path))) is None
        self.journal.did(self.seq)

    def will(self, record: Record) -> Problem | None:
        seq = self.journal.will(record)
        assert isinstance(seq, int)
        self.seq = seq
        return None

    def _backup(self, path: str, content: bytes) -> str:
        name = self.journal.backup(path, content)
        assert isinstance(name, str)
        return name

    def undo(self) -> Undone:
        """Undo in another process's stead: from what is on the disk."""
        self.journal.close()
        journal = open_journal(self.journal.folder)
        assert isinstance(journal, Journal)
        self.journal = journal
        return undo(
            journal,
            resolve=lambda path: str(self.at(path)),
            file_system=lambda _: self.acts,
            judge_tree=self.tree_changed,
        )


@pytest.fixture
def host(tmp_path: Path) -> Host:
    (tmp_path / "run").mkdir()
    (tmp_path / "root/etc").mkdir(parents=True)
    journal = open_journal(tmp_path / "run")
    assert isinstance(journal, Journal)
    return Host(tmp_path / "root", journal)


def snapshot(root: Path) -> dict[str, tuple[int, int, bytes]]:
    """Everything below a folder: type and mode, owner, content."""
    found = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
        found[str(path.relative_to(root))] = (status.st_mode, status.st_uid, content)
    return found


def put(host: Host, path: str, content: bytes, mode: int = 0o644) -> Path:
    target = host.at(path)
    target.write_bytes(content)
    target.chmod(mode)
    return target


class TestFiles:
    def test_a_replaced_file_gets_its_bytes_and_mode_back(self, host: Host) -> None:
        put(host, "/etc/local.conf", b"old\r\n\0", 0o604)
        before = snapshot(host.root)
        host.write("/etc/local.conf", b"new")
        undone = host.undo()
        assert snapshot(host.root) == before
        assert undone.done == ["put back /etc/local.conf"]
        assert undone.status is ExitStatus.DONE

    def test_a_new_file_goes(self, host: Host) -> None:
        before = snapshot(host.root)
        host.write("/etc/new", b"new")
        assert host.undo().done == ["removed /etc/new"]
        assert snapshot(host.root) == before

    @pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
    def test_a_removed_file_comes_back_with_mode_and_owner(self, host: Host) -> None:
        os.chown(put(host, "/etc/gone", b"old", 0o440), NOBODY, NOBODY)
        before = snapshot(host.root)
        host.remove("/etc/gone")
        assert host.undo().done == ["put back /etc/gone"]
        assert snapshot(host.root) == before

    def test_a_file_written_three_times_gets_its_first_bytes_back(self, host: Host) -> None:
        put(host, "/etc/local.conf", b"old")
        before = snapshot(host.root)
        for content in (b"one", b"two", b"three"):
            host.write("/etc/local.conf", content)
        host.undo()
        assert snapshot(host.root) == before

    def test_a_file_that_somebody_changed_since_stays_and_the_others_do_not(
        self, host: Host
    ) -> None:
        put(host, "/etc/first", b"old first")
        put(host, "/etc/second", b"old second")
        host.write("/etc/first", b"new")
        host.write("/etc/second", b"new")
        put(host, "/etc/second", b"theirs")
        undone = host.undo()
        assert host.at("/etc/second").read_bytes() == b"theirs"
        assert host.at("/etc/first").read_bytes() == b"old first"
        (problem,) = undone.problems
        assert problem.where == str(host.at("/etc/second"))
        assert problem.status is undone.status is ExitStatus.NEEDS_PERSON
        assert "was changed by somebody else since" in problem.what
        backup = Path(problem.cure.removeprefix("What it was before is in "))
        assert backup.parent == host.journal.folder / BACKUPS
        assert backup.read_bytes() == b"old second"

    def test_a_new_file_that_somebody_changed_since_stays(self, host: Host) -> None:
        host.write("/etc/new", b"new")
        put(host, "/etc/new", b"theirs")
        assert len(host.undo().problems) == 1
        assert host.at("/etc/new").read_bytes() == b"theirs"

    def test_the_rule_for_sudo_that_stack_sh_wrote_anew_is_devstacks_and_stays(
        self, host: Host
    ) -> None:
        host.at(RULE_FILE).parent.mkdir()
        host.write(RULE_FILE, b"stack ALL=(ALL) NOPASSWD: ALL\n")
        host.at(RULE_FILE).unlink()  # stack.sh moves its own there
        anew = f"stack ALL=(root) NOPASSWD:ALL\nDefaults:stack secure_path={STACK_SH_PATH}\n"
        put(host, RULE_FILE, anew.encode())
        undone = host.undo()
        assert host.at(RULE_FILE).read_text() == anew
        assert undone.status is ExitStatus.DONE
        (stays,) = undone.stays
        assert stays.startswith(f"{RULE_FILE} stays: stack.sh ")
        assert stays.endswith(f"to remove: sudo rm -- {RULE_FILE}")
        assert host.undo().nothing

    def test_the_rule_for_sudo_that_a_person_changed_needs_one(self, host: Host) -> None:
        host.at(RULE_FILE).parent.mkdir()
        host.write(RULE_FILE, b"stack ALL=(ALL) NOPASSWD: ALL\n")
        put(host, RULE_FILE, b"stack ALL=(ALL) ALL\n")
        assert host.undo().status is ExitStatus.NEEDS_PERSON

    def test_a_new_file_that_is_gone_already_is_no_problem(self, host: Host) -> None:
        host.write("/etc/new", b"new")
        host.at("/etc/new").unlink()
        assert host.undo().nothing

    def test_a_new_file_whose_folder_is_gone_is_no_problem(self, host: Host) -> None:
        host.write("/etc/new", b"new")
        host.at("/etc/new").unlink()
        host.at("/etc").rmdir()
        assert host.undo().nothing

    def test_a_replaced_file_that_somebody_deleted_needs_a_person(self, host: Host) -> None:
        put(host, "/etc/local.conf", b"old")
        host.write("/etc/local.conf", b"new")
        host.at("/etc/local.conf").unlink()
        assert len(host.undo().problems) == 1
        assert not host.at("/etc/local.conf").exists()

    def test_nothing_is_written_over_a_file_in_the_place_of_a_removed_one(self, host: Host) -> None:
        put(host, "/etc/gone", b"old")
        host.remove("/etc/gone")
        put(host, "/etc/gone", b"theirs")
        assert len(host.undo().problems) == 1
        assert host.at("/etc/gone").read_bytes() == b"theirs"

    def test_a_link_stays_a_link(self, host: Host) -> None:
        put(host, "/etc/real", b"old")
        host.at("/etc/link").symlink_to("real")
        before = snapshot(host.root)
        host.write("/etc/link", b"new")
        host.undo()
        assert snapshot(host.root) == before

    def test_a_damaged_backup_is_not_put_back(self, host: Host) -> None:
        put(host, "/etc/local.conf", b"old")
        host.write("/etc/local.conf", b"new")
        (backup,) = (host.journal.folder / BACKUPS).iterdir()
        backup.write_bytes(b"ol")
        assert len(host.undo().problems) == 1
        assert host.at("/etc/local.conf").read_bytes() == b"new"


class TestInterruptedActs:
    def test_a_write_that_took_place_is_reversed(self, host: Host) -> None:
        put(host, "/etc/local.conf", b"old")
        host.write("/etc/local.conf", b"new", ends=False)
        host.undo()
        assert host.at("/etc/local.conf").read_bytes() == b"old"

    def test_a_write_that_did_not_is_nothing_to_undo(self, host: Host) -> None:
        put(host, "/etc/local.conf", b"old")
        host.write("/etc/local.conf", b"new", ends=False)
        put(host, "/etc/local.conf", b"old")
        assert host.undo().nothing

    def test_a_write_that_was_refused_is_nothing_to_undo(self, host: Host) -> None:
        put(host, "/etc/local.conf", b"old")
        host.write("/etc/local.conf", b"new", ends=False)
        host.journal.did_not(host.seq)
        put(host, "/etc/local.conf", b"theirs")
        assert plan_undo(host.journal.entries) == ()
        assert host.undo().nothing

    def test_a_write_that_failed_after_it_took_place_is_reversed(self, host: Host) -> None:
        put(host, "/etc/local.conf", b"old")
        host.write("/etc/local.conf", b"new", ends=False)
        host.journal.did_not(host.seq)
        host.undo()
        assert host.at("/etc/local.conf").read_bytes() == b"old"

    def test_a_rename_that_did_not_take_place_is_nothing_to_undo(self, host: Host) -> None:
        host.at("/venv").mkdir()
        host.will(Renamed("/venv", "/.venv.before"))
        assert host.undo().nothing

    def test_a_half_made_folder_is_reversed_as_far_as_it_came(self, host: Host) -> None:
        host.will(DirectoryMade("/a/b", ("/a", "/a/b")))
        host.at("/a").mkdir()
        assert host.undo().done == ["removed /a"]


class TestFolders:
    def test_the_folders_that_were_made_go(self, host: Host) -> None:
        before = snapshot(host.root)
        host.make_directory("/etc/a/b/c")
        assert host.undo().done == ["removed /etc/a/b/c, /etc/a/b, /etc/a"]
        assert snapshot(host.root) == before

    def test_one_that_holds_something_stays_and_is_named(self, host: Host) -> None:
        host.make_directory("/etc/a/b")
        put(host, "/etc/a/theirs", b"")
        undone = host.undo()
        assert undone.stays == ["/etc/a stays: it is a folder that is not empty"]
        assert host.at("/etc/a/theirs").exists()
        assert not host.at("/etc/a/b").exists()
        assert undone.status is ExitStatus.DONE

    def test_one_that_holds_a_file_which_stayed_goes_at_a_later_undo(self, host: Host) -> None:
        host.make_directory("/etc/a")
        host.write("/etc/a/new", b"new")
        put(host, "/etc/a/new", b"theirs")
        assert host.undo().problems
        host.at("/etc/a/new").unlink()
        assert host.undo().problems == []
        assert not host.at("/etc/a").exists()

    def test_one_that_was_there_before_stays(self, host: Host) -> None:
        host.make_directory("/etc/a")
        host.journal.undone(host.seq)
        host.will(DirectoryMade("/etc/a", ()))
        assert host.undo().nothing
        assert host.at("/etc/a").is_dir()


class TestTrees:
    def test_a_new_venv_goes_and_the_old_one_comes_back(self, host: Host) -> None:
        host.at("/venv").mkdir()
        put(host, "/venv/old", b"")
        before = snapshot(host.root)
        host.rename("/venv", "/.venv.before")
        host.make_tree("/venv")
        host.write("/venv/complete", b"marker")
        undone = host.undo()
        assert snapshot(host.root) == before
        assert undone.done == ["removed /venv", "renamed /.venv.before back to /venv"]

    def test_a_venv_that_changed_since_stays_whole(self, host: Host) -> None:
        host.make_tree("/venv")
        host.write("/venv/complete", b"marker")
        before = snapshot(host.root)
        problem = Problem("has packages that we did not install", "/venv")
        host.tree_changed = lambda _record, _phase: problem
        assert host.undo().problems == [problem]
        assert snapshot(host.root) == before

    def test_the_judge_sees_what_was_made_and_whether_it_was_finished(self, host: Host) -> None:
        seen = []
        host.make_tree("/venv")
        host.will(TreeMade("/half", "/half/complete"))
        host.at("/half").mkdir()

        def judge(record: TreeMade, phase: Phase) -> None:
            seen.append((record.path, record.marker, phase))

        host.tree_changed = judge
        host.undo()
        assert seen == [
            ("/half", "/half/complete", Phase.WILL),
            ("/venv", "/venv/complete", Phase.DID),
        ]

    def test_an_undo_that_was_killed_while_removing_a_tree_is_finished_by_the_next(
        self, host: Host
    ) -> None:
        before = snapshot(host.root)
        host.make_tree("/venv")
        host.at("/venv").rename(host.at("/.venv.gone.devstack-venv~"))
        host.undo()
        assert snapshot(host.root) == before

    def test_an_old_venv_that_was_removed_is_named(self, host: Host) -> None:
        host.at("/venv").mkdir()
        host.rename("/venv", "/.venv.before")
        host.make_tree("/venv")
        host.remove_tree("/.venv.before")
        undone = host.undo()
        assert undone.stays == ["/.venv.before was removed for good and cannot come back"]
        assert not undone.problems

    def test_what_a_run_made_and_removed_itself_is_not_worth_a_word(self, host: Host) -> None:
        host.make_directory("/scratch")
        host.remove_tree("/scratch")
        host.make_tree("/venv")
        host.remove_tree("/venv")
        assert host.undo().nothing

    def test_a_venv_that_failed_and_was_put_back_ends_where_it_began(self, host: Host) -> None:
        host.at("/venv").mkdir()
        put(host, "/venv/old", b"")
        before = snapshot(host.root)
        host.rename("/venv", "/.venv.before")
        host.make_tree("/venv")
        host.remove_tree("/venv")
        host.rename("/.venv.before", "/venv")
        host.undo()
        assert snapshot(host.root) == before

    def test_a_tree_is_removed_without_following_links(self, host: Host, tmp_path: Path) -> None:
        precious = tmp_path / "precious"
        precious.mkdir()
        (precious / "file").write_text("text")
        host.make_tree("/venv")
        host.at("/venv/lib").symlink_to(precious)
        (host.at("/venv/bin") / "link").symlink_to(precious / "file")
        host.undo()
        assert not host.at("/venv").exists()
        assert (precious / "file").read_text() == "text"

    def test_a_name_that_is_taken_again_needs_a_person(self, host: Host) -> None:
        host.at("/venv").mkdir()
        host.rename("/venv", "/.venv.before")
        host.at("/venv").mkdir()
        (problem,) = host.undo().problems
        assert problem.status is ExitStatus.NEEDS_PERSON
        assert host.at("/.venv.before").is_dir()


class TestNotes:
    def test_packages_stay_with_the_command_that_removes_them(self, host: Host) -> None:
        host.journal.note("packages", installed=["libpq-dev=15.3"])
        host.journal.note("packages", installed=["libpq-dev=15.3", "gcc=12"])
        assert host.undo().stays == [
            "2 distro packages stay; to remove: sudo apt-get remove -- gcc libpq-dev"
        ]

    def test_the_user_stays_with_the_command_that_removes_it(self, host: Host) -> None:
        host.journal.note("user", name="stack", home="/opt/stack")
        assert host.undo().stays == [
            "the user stack with the home /opt/stack stays; to remove: sudo userdel -- stack"
        ]


class TestTwice:
    def test_a_second_undo_finds_nothing(self, host: Host) -> None:
        put(host, "/etc/local.conf", b"old")
        host.write("/etc/local.conf", b"new")
        host.make_directory("/etc/a")
        host.make_tree("/venv")
        host.journal.note("packages", installed=["gcc=12"])
        assert not host.undo().nothing
        assert host.undo().nothing

    def test_a_second_undo_does_not_touch_what_the_user_made_since(self, host: Host) -> None:
        host.write("/etc/new", b"new")
        host.undo()
        put(host, "/etc/new", b"new")
        assert host.undo().nothing
        assert host.at("/etc/new").exists()


class TestPlan:
    def test_shows_what_undo_would_do_in_its_order(self, host: Host) -> None:
        put(host, "/etc/local.conf", b"old")
        host.write("/etc/local.conf", b"new")
        host.make_directory("/etc/a/b")
        host.write("/etc/a/b/new", b"new")
        host.rename("/etc/a", "/etc/c")
        host.journal.note("user", name="stack")
        before = snapshot(host.root)
        assert [reversal.what for reversal in plan_undo(host.journal.entries)] == [
            "rename /etc/c back to /etc/a",
            "remove /etc/a/b/new",
            "remove /etc/a/b, /etc/a if empty",
            "put back /etc/local.conf",
            "the user stack stays; to remove: sudo userdel -- stack",
        ]
        assert snapshot(host.root) == before

    def test_says_once_that_a_folder_goes_which_goes_with_all_in_it(self, host: Host) -> None:
        host.will(DirectoryMade("/opt/venv", ("/opt", "/opt/venv")))
        host.will(TreeMade("/opt/venv", "marker"))
        host.will(DirectoryMade("/srv", ("/srv",)))
        host.will(TreeMade("/srv", "marker"))
        assert [reversal.what for reversal in plan_undo(host.journal.entries)] == [
            "remove /srv",
            "remove /opt/venv",
            "remove /opt if empty",
        ]
