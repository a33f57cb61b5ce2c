import ctypes
import errno
import os
import resource
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wizard.engine.files import files, renameat2, staging
from wizard.engine.files.files import Removed, Written, remove, replace
from wizard.engine.files.renameat2 import Name
from wizard.engine.files.staging import SUFFIX, sweep
from wizard.engine.files.target import Identity, is_untouched
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

SAVES = int(os.environ.get("RACING_SAVES", "400"))
NOBODY = 65534
CLONE_NEWNS = 0x00020000
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")

OLD, NEW = b"ADMIN_PASSWORD=one\n", b"ADMIN_PASSWORD=one\nUSE_VENV=True\n"


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    path = tmp_path / "local.conf"
    path.write_bytes(OLD)
    path.chmod(0o640)
    return path


@pytest.fixture
def no_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that knows plain rename only, as some network ones do."""

    def unsupported(source: Name, target: Name, _flags: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument", source.name, None, target.name)

    monkeypatch.setattr(renameat2, "renameat2", unsupported)


@pytest.fixture
def tmpfs(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB, mounted where only this process and its children see it."""
    folder = tmp_path / "small"
    folder.mkdir()
    if ctypes.CDLL(None).unshare(CLONE_NEWNS):
        pytest.skip("may not mount here")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", folder], check=True)
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def litter(folder: Path) -> list[str]:
    return [name for name in names(folder) if name.endswith(SUFFIX)]


def refused(outcome: object) -> Problem:
    assert isinstance(outcome, Problem), outcome
    return outcome


class TestReplace:
    def test_leaves_the_new_bytes_and_nothing_else(self, conf: Path) -> None:
        assert isinstance(replace(str(conf), NEW, expected=OLD, mode=0o600), Written)
        assert conf.read_bytes() == NEW
        assert names(conf.parent) == ["local.conf"]

    def test_says_what_the_journal_needs(self, conf: Path) -> None:
        written = replace(str(conf), NEW, expected=OLD, mode=0o600)
        assert isinstance(written, Written)
        assert written.former is not None
        assert (written.path, written.former.content) == (str(conf), OLD)
        assert written.former.sha256 == staging.digest(OLD)
        assert written.sha256 == staging.digest(NEW)
        assert (written.mode, written.uid) == (0o640, os.geteuid())

    @pytest.mark.parametrize("mode", [0o600, 0o644, 0o640, 0o666, 0o4755])
    @pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
    def test_keeps_the_mode_whatever_the_umask(self, conf: Path, mode: int, umask: int) -> None:
        conf.chmod(mode)
        before = os.umask(umask)
        try:
            replace(str(conf), NEW, expected=OLD, mode=0o600)
        finally:
            os.umask(before)
        assert stat.S_IMODE(conf.stat().st_mode) == mode

    @as_root
    def test_keeps_owner_and_group(self, conf: Path) -> None:
        os.chown(conf, NOBODY, NOBODY)
        replace(str(conf), NEW, expected=OLD, mode=0o600)
        assert (conf.stat().st_uid, conf.stat().st_gid) == (NOBODY, NOBODY)

    def test_keeps_extended_attributes(self, conf: Path) -> None:
        try:
            os.setxattr(conf, "user.origin", b"by hand")
        except OSError:
            pytest.skip("no extended attributes here")
        replace(str(conf), NEW, expected=OLD, mode=0o600)
        assert os.getxattr(conf, "user.origin") == b"by hand"

    def test_keeps_an_access_control_list(self, conf: Path) -> None:
        acl = bytes.fromhex(
            "0200000001000600ffffffff020006000000000004000400ffffffff10000600ffffffff20000000ffffffff"
        )
        try:
            os.setxattr(conf, "system.posix_acl_access", acl)
        except OSError:
            pytest.skip("no access control lists here")
        mode = conf.stat().st_mode
        replace(str(conf), NEW, expected=OLD, mode=0o600)
        assert os.getxattr(conf, "system.posix_acl_access") == acl
        assert conf.stat().st_mode == mode

    def test_edits_the_target_of_a_link_and_keeps_the_link(
        self, conf: Path, tmp_path: Path
    ) -> None:
        link = tmp_path / "elsewhere" / "local.conf"
        link.parent.mkdir()
        link.symlink_to("../local.conf")
        assert isinstance(replace(str(link), NEW, expected=OLD, mode=0o600), Written)
        assert str(link.readlink()) == "../local.conf"
        assert conf.read_bytes() == NEW

    @pytest.mark.parametrize("name", ["with space", "-x", "ümläut", "n" * 255, "ä" * 127, "a\nb"])
    def test_takes_any_name(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        assert isinstance(replace(str(path), OLD, expected=None, mode=0o600), Written)
        assert isinstance(replace(str(path), NEW, expected=OLD, mode=0o600), Written)
        assert path.read_bytes() == NEW

    def test_makes_a_new_file_with_the_mode_asked_for(self, tmp_path: Path) -> None:
        path = tmp_path / "new.conf"
        before = os.umask(0)
        try:
            written = replace(str(path), NEW, expected=None, mode=0o640)
        finally:
            os.umask(before)
        assert isinstance(written, Written)
        assert written.former is None
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    @as_root
    def test_makes_a_new_file_for_the_owner_asked_for(self, tmp_path: Path) -> None:
        path = tmp_path / "new.conf"
        replace(str(path), NEW, expected=None, mode=0o640, owner=(NOBODY, NOBODY))
        assert (path.stat().st_uid, path.stat().st_gid) == (NOBODY, NOBODY)

    def test_shows_the_candidate_to_the_validator_before_anything_changes(self, conf: Path) -> None:
        seen = []

        def validate(candidate: str) -> Problem | None:
            seen.append((Path(candidate).read_bytes(), conf.read_bytes()))
            assert Path(candidate).name.startswith(".")
            return None

        replace(str(conf), NEW, expected=OLD, mode=0o600, validate=validate)
        assert seen == [(NEW, OLD)]

    def test_leaves_the_file_when_the_validator_objects(self, conf: Path) -> None:
        problem = Problem("is no sudoers file", "line 1")
        assert (
            replace(str(conf), NEW, expected=OLD, mode=0o600, validate=lambda _: problem) is problem
        )
        assert conf.read_bytes() == OLD
        assert not litter(conf.parent)

    def test_announces_before_the_file_changes_and_stops_when_told_to(self, conf: Path) -> None:
        problem = Problem("the journal is full")
        seen = []

        def announce(written: Written) -> Problem | None:
            seen.append((written.sha256, conf.read_bytes()))
            return problem

        assert replace(str(conf), NEW, expected=OLD, mode=0o600, announce=announce) is problem
        assert seen == [(staging.digest(NEW), OLD)]
        assert conf.read_bytes() == OLD
        assert not litter(conf.parent)


class TestSomebodySaved:
    """Between our reading and our writing; what they saved is never lost."""

    def test_before_we_began(self, conf: Path) -> None:
        conf.write_bytes(b"theirs\n")
        problem = refused(replace(str(conf), NEW, expected=OLD, mode=0o600))
        assert problem.status is ExitStatus.NEEDS_PERSON
        assert "was changed by somebody else" in problem.what
        assert conf.read_bytes() == b"theirs\n"

    def test_and_deleted_it(self, conf: Path) -> None:
        conf.unlink()
        problem = refused(replace(str(conf), NEW, expected=OLD, mode=0o600))
        assert problem.status is ExitStatus.NEEDS_PERSON
        assert not conf.exists()

    def test_and_made_it(self, conf: Path) -> None:
        problem = refused(replace(str(conf), NEW, expected=None, mode=0o600))
        assert problem.status is ExitStatus.NEEDS_PERSON
        assert conf.read_bytes() == OLD

    @staticmethod
    def by_rename(conf: Path) -> None:
        other = conf.with_name("theirs")
        other.write_bytes(b"theirs\n")
        other.rename(conf)

    @staticmethod
    def in_place(conf: Path) -> None:
        conf.write_bytes(b"theirs\n")

    @pytest.mark.parametrize("save", [by_rename, in_place])
    def test_at_the_last_moment(self, conf: Path, save: Callable[[Path], None]) -> None:
        def announce(_: Written) -> None:
            save(conf)

        problem = refused(replace(str(conf), NEW, expected=OLD, mode=0o600, announce=announce))
        assert problem.status is ExitStatus.NEEDS_PERSON
        assert conf.read_bytes() == b"theirs\n"
        assert names(conf.parent) == ["local.conf"]

    def test_made_the_file_at_the_last_moment(self, tmp_path: Path) -> None:
        path = tmp_path / "new.conf"

        def announce(_: Written) -> None:
            path.write_bytes(b"theirs\n")

        problem = refused(replace(str(path), NEW, expected=None, mode=0o600, announce=announce))
        assert problem.status is ExitStatus.NEEDS_PERSON
        assert path.read_bytes() == b"theirs\n"
        assert not litter(tmp_path)

    def test_has_it_open_for_writing_and_has_not_written_yet(self, conf: Path) -> None:
        with conf.open("ab") as editor:
            problem = refused(replace(str(conf), NEW, expected=OLD, mode=0o600))
            editor.write(b"theirs\n")
        assert problem.status is ExitStatus.NEEDS_PERSON
        assert conf.read_bytes() == OLD + b"theirs\n"

    def test_twice_around_the_exchange(self, conf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Their second save comes between our exchange and our putting the first one back."""
        real = is_untouched

        def save_again(folder: int, name: str, former: Identity) -> bool:
            verdict = real(folder, name, former)
            other = conf.with_name("theirs")
            other.write_bytes(b"their second\n")
            other.rename(conf)
            return verdict

        monkeypatch.setattr(files, "is_untouched", save_again)
        refused(
            replace(
                str(conf), NEW, expected=OLD, mode=0o600, announce=lambda _: self.in_place(conf)
            )
        )
        assert conf.read_bytes() == b"their second\n"
        assert not litter(conf.parent)

    EDITOR = """
import os, random, sys, time
path, saves = sys.argv[1], int(sys.argv[2])
lost = 0
for number in range(1, saves + 1):
    time.sleep(random.random() * 0.004)
    text = b"editor %d" % number
    if number % 2:
        with open(path + ".theirs", "wb") as file: file.write(text)
        os.rename(path + ".theirs", path)
    else:
        with open(path, "wb") as file: file.write(text)
    deadline = time.monotonic() + 2  # they may be putting it back just now
    while True:
        words = open(path, "rb").read().split()
        if len(words) == 2 and int(words[1]) >= number: break
        if time.monotonic() > deadline: lost += 1; break
print(lost)
"""

    @pytest.mark.timeout(60 + SAVES // 20)
    @pytest.mark.parametrize("saves", [SAVES])
    def test_a_racing_editor_loses_nothing(self, conf: Path, saves: int) -> None:
        conf.write_bytes(b"editor 0")
        editor = subprocess.Popen(
            [sys.executable, "-c", self.EDITOR, str(conf), str(saves)], stdout=subprocess.PIPE
        )
        ours = refusals = 0
        while editor.poll() is None:
            base = conf.read_bytes()
            if not base:
                continue
            outcome = replace(str(conf), b"ours " + base.split()[1], expected=base, mode=0o600)
            ours += isinstance(outcome, Written)
            refusals += isinstance(outcome, Problem)
        said, _ = editor.communicate()
        assert int(said) == 0
        assert ours > saves / 20, "the race must have been one"
        assert refusals > 0
        assert not litter(conf.parent)


class TestRefusals:
    """Each leaves everything as it was and says why in one sentence."""

    def refused(self, path: Path, expected: bytes | None = OLD) -> Problem:
        before = names(path.parent) if path.parent.is_dir() else None
        problem = refused(replace(str(path), NEW, expected=expected, mode=0o600))
        assert not problem.what.endswith(".")
        assert "\n" not in str(problem)
        if before is not None:
            assert names(path.parent) == before
        return problem

    def test_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "local.conf").mkdir()
        assert "is a folder" in self.refused(tmp_path / "local.conf").what

    def test_a_fifo_without_waiting_for_a_writer(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "local.conf")
        assert "is a FIFO" in self.refused(tmp_path / "local.conf").what

    def test_a_socket(self, tmp_path: Path) -> None:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(tmp_path / "s"))
            assert "is a socket" in self.refused(tmp_path / "s").what

    def test_a_device(self) -> None:
        assert "is a device" in self.refused(Path("/dev/null")).what

    def test_a_file_of_the_kernel(self) -> None:
        path = Path("/proc/self/comm")
        assert self.refused(path, path.read_bytes()).what

    def test_a_file_with_two_names(self, conf: Path) -> None:
        os.link(conf, conf.with_name("other"))
        assert "has 2 hard links" in self.refused(conf).what

    def test_a_link_to_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "local.conf").symlink_to("nowhere")
        assert "is a symbolic link to nothing" in self.refused(tmp_path / "local.conf", None).what

    def test_a_loop_of_links(self, tmp_path: Path) -> None:
        (tmp_path / "a").symlink_to("b")
        (tmp_path / "b").symlink_to("a")
        assert "loop" in self.refused(tmp_path / "a", None).what

    def test_a_folder_that_is_missing(self, tmp_path: Path) -> None:
        assert "folder that is missing" in self.refused(tmp_path / "no" / "local.conf", None).what

    def test_a_path_below_a_file(self, conf: Path) -> None:
        assert "not a folder" in self.refused(conf / "local.conf", None).what

    def test_a_file_of_five_megabytes(self, conf: Path) -> None:
        os.truncate(conf, 5 << 20)
        assert "larger than 4 MiB" in self.refused(conf).what

    def test_a_name_too_long(self, tmp_path: Path) -> None:
        assert "too long" in self.refused(tmp_path / ("n" * 256), None).what

    def test_a_limit_on_file_sizes(self, conf: Path) -> None:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8, before[1]))
        try:
            problem = self.refused(conf)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert "file size limit" in problem.what
        assert conf.read_bytes() == OLD

    @as_root
    def test_a_full_file_system(self, tmpfs: Path) -> None:
        conf = tmpfs / "local.conf"
        conf.write_bytes(OLD)
        problem = refused(replace(str(conf), b"x" * 70_000, expected=OLD, mode=0o600))
        assert "is full" in problem.what
        assert conf.read_bytes() == OLD
        assert not litter(tmpfs)

    @as_root
    def test_a_read_only_file_system(self, tmpfs: Path) -> None:
        conf = tmpfs / "local.conf"
        conf.write_bytes(OLD)
        subprocess.run(["mount", "-o", "remount,ro", tmpfs], check=True)
        assert "read-only file system" in self.refused(conf).what
        assert "read-only file system" in self.refused(tmpfs / "new", None).what

    @as_root
    def test_a_mounted_file(self, tmpfs: Path) -> None:
        conf, mounted = tmpfs / "local.conf", tmpfs / "mounted"
        conf.write_bytes(OLD)
        mounted.write_bytes(b"")
        subprocess.run(["mount", "--bind", conf, mounted], check=True)
        try:
            assert "is a mount point" in self.refused(mounted).what
        finally:
            subprocess.run(["umount", mounted], check=True)

    @as_root
    def test_an_immutable_file(self, conf: Path) -> None:
        if subprocess.run(["chattr", "+i", conf], capture_output=True, check=False).returncode:
            pytest.skip("no immutable files here")
        try:
            problem = self.refused(conf)
        finally:
            subprocess.run(["chattr", "-i", conf], check=True)
        assert "immutable" in problem.what

    @as_root
    @pytest.mark.parametrize(
        ("owner", "mode", "folder_mode"),
        [(NOBODY, 0o444, 0o755), (0, 0o600, 0o755), (0, 0o644, 0o755), (NOBODY, 0o644, 0o555)],
        ids=["read-only", "root's and private", "root's", "in a read-only folder"],
    )
    def test_what_this_user_may_not_write(
        self, tmp_path: Path, owner: int, mode: int, folder_mode: int
    ) -> None:
        folder = tmp_path / "checkout"
        folder.mkdir()
        conf = folder / "local.conf"
        conf.write_bytes(OLD)
        conf.chmod(mode)
        os.chown(conf, owner, owner)
        os.chown(folder, NOBODY, NOBODY)
        folder.chmod(folder_mode)
        for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
            parent.chmod(0o755)
        os.seteuid(NOBODY)
        try:
            problem = self.refused(conf)
        finally:
            os.seteuid(0)
        assert "may not be read or written by nobody" in problem.what
        assert conf.read_bytes() == OLD


@pytest.mark.usefixtures("no_exchange")
class TestWithoutTheExchange:
    def test_a_file_is_replaced_all_the_same(self, conf: Path) -> None:
        assert isinstance(replace(str(conf), NEW, expected=OLD, mode=0o600), Written)
        assert conf.read_bytes() == NEW
        assert not litter(conf.parent)

    def test_a_new_file_is_made(self, tmp_path: Path) -> None:
        assert isinstance(replace(str(tmp_path / "new"), NEW, expected=None, mode=0o600), Written)
        assert (tmp_path / "new").read_bytes() == NEW
        assert (tmp_path / "new").stat().st_nlink == 1

    def test_a_file_is_removed(self, conf: Path) -> None:
        assert isinstance(remove(str(conf), expected=OLD), Removed)
        assert names(conf.parent) == []

    def test_a_save_at_the_last_moment_is_seen(self, conf: Path) -> None:
        def announce(_: Written) -> None:
            conf.write_bytes(b"theirs\n")

        refused(replace(str(conf), NEW, expected=OLD, mode=0o600, announce=announce))
        assert conf.read_bytes() == b"theirs\n"

    def test_a_file_made_at_the_last_moment_is_seen(self, tmp_path: Path) -> None:
        path = tmp_path / "new"

        def announce(_: Written) -> None:
            path.write_bytes(b"theirs\n")

        refused(replace(str(path), NEW, expected=None, mode=0o600, announce=announce))
        assert path.read_bytes() == b"theirs\n"
        assert not litter(tmp_path)


class TestRemove:
    def test_a_file_that_is_as_expected(self, conf: Path) -> None:
        removed = remove(str(conf), expected=OLD)
        assert isinstance(removed, Removed)
        assert (removed.former.content, removed.former.mode) == (OLD, 0o640)
        assert names(conf.parent) == []

    def test_not_one_that_changed(self, conf: Path) -> None:
        assert refused(remove(str(conf), expected=NEW)).status is ExitStatus.NEEDS_PERSON
        assert conf.read_bytes() == OLD

    def test_not_one_that_is_saved_at_the_last_moment(self, conf: Path) -> None:
        def announce(_: Removed) -> None:
            conf.write_bytes(b"theirs\n")

        problem = refused(remove(str(conf), expected=OLD, announce=announce))
        assert problem.status is ExitStatus.NEEDS_PERSON
        assert conf.read_bytes() == b"theirs\n"
        assert not litter(conf.parent)

    def test_one_that_is_gone_needs_a_person(self, tmp_path: Path) -> None:
        problem = refused(remove(str(tmp_path / "gone"), expected=OLD))
        assert problem.status is ExitStatus.NEEDS_PERSON


class TestSweep:
    @staticmethod
    def leftover(folder: Path, name: str, content: bytes) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    def test_removes_a_half_written_file(self, tmp_path: Path) -> None:
        self.leftover(tmp_path, f".local.conf.{'0' * 16}.part{SUFFIX}", b"hal")
        assert sweep(str(tmp_path)) == ()
        assert names(tmp_path) == []

    @pytest.mark.parametrize("content", [OLD, NEW])
    def test_removes_either_side_of_a_killed_exchange(self, tmp_path: Path, content: bytes) -> None:
        stem = f".local.conf.{'0' * 16}"
        name = staging.whole_name(stem, staging.digest(OLD), staging.digest(NEW))
        self.leftover(tmp_path, name, content)
        assert sweep(str(tmp_path)) == ()
        assert names(tmp_path) == []

    def test_keeps_and_names_a_save_that_a_kill_caught_in_the_exchange(
        self, tmp_path: Path
    ) -> None:
        stem = f".local.conf.{'0' * 16}"
        name = staging.whole_name(stem, staging.digest(OLD), staging.digest(NEW))
        path = self.leftover(tmp_path, name, b"theirs\n")
        (problem,) = sweep(str(tmp_path))
        assert (problem.where, problem.status) == (str(path), ExitStatus.NEEDS_PERSON)
        assert path.read_bytes() == b"theirs\n"

    @pytest.mark.parametrize(
        "name", ["local.conf~", SUFFIX, f"x{SUFFIX}", f".local.conf.part{SUFFIX}", ".x.part"]
    )
    def test_leaves_names_that_are_not_ours(self, tmp_path: Path, name: str) -> None:
        self.leftover(tmp_path, name, b"")
        sweep(str(tmp_path))
        assert names(tmp_path) == [name]

    def test_leaves_a_file_that_another_run_is_writing(self, tmp_path: Path) -> None:
        new = staging.File(NEW, 0o600, os.geteuid(), os.getegid())
        with staging.open_folder(str(tmp_path)) as folder:
            with staging.staged(folder, "local.conf", new):
                assert sweep(str(tmp_path)) == ()
                assert len(litter(tmp_path)) == 1
            assert not litter(tmp_path)

    def test_leaves_links_and_fifos(self, tmp_path: Path) -> None:
        precious = self.leftover(tmp_path, "precious", OLD)
        link = tmp_path / f".a.{'0' * 16}.part{SUFFIX}"
        link.symlink_to(precious)
        os.mkfifo(tmp_path / f".b.{'0' * 16}.part{SUFFIX}")
        sweep(str(tmp_path))
        assert link.is_symlink()
        assert len(names(tmp_path)) == 3

    @as_root
    def test_leaves_what_somebody_else_owns(self, tmp_path: Path) -> None:
        path = self.leftover(tmp_path, f".a.{'0' * 16}.part{SUFFIX}", b"")
        os.chown(path, NOBODY, NOBODY)
        sweep(str(tmp_path))
        assert path.exists()

    def test_happens_before_each_replacement(self, conf: Path) -> None:
        self.leftover(conf.parent, f".local.conf.{'0' * 16}.part{SUFFIX}", b"hal")
        replace(str(conf), NEW, expected=OLD, mode=0o600)
        assert names(conf.parent) == ["local.conf"]
