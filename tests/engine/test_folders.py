import errno
import os
import stat
from pathlib import Path

import pytest

from wizard.engine.files import folders
from wizard.engine.files.folders import (
    make_directories,
    remove_directory,
    remove_tree,
    rename_noreplace,
)
from wizard.engine.files.refusals import refusal
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

ME = (os.geteuid(), os.getegid())
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestMakeDirectories:
    def test_makes_missing_parents_and_says_which(self, tmp_path: Path) -> None:
        path = tmp_path / "a/b/c"
        before = os.umask(0o077)
        try:
            made = make_directories(str(path), mode=0o700, owner=ME)
        finally:
            os.umask(before)
        assert made == (str(tmp_path / "a"), str(tmp_path / "a/b"), str(path))
        assert [mode(tmp_path / one) for one in ("a", "a/b", "a/b/c")] == [0o755, 0o755, 0o700]

    @as_root
    def test_gives_the_folder_to_its_owner_and_not_its_parents(self, tmp_path: Path) -> None:
        make_directories(str(tmp_path / "a/b"), mode=0o755, owner=(NOBODY, NOBODY))
        assert (tmp_path / "a").stat().st_uid == 0
        assert (tmp_path / "a/b").stat().st_uid == NOBODY

    def test_leaves_one_that_is_there_as_it_is(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir(mode=0o711)
        assert make_directories(str(tmp_path / "a"), mode=0o700, owner=ME) == ()
        assert mode(tmp_path / "a") == 0o711

    @pytest.mark.parametrize("below", ["", "/b"])
    def test_refuses_a_file_in_its_place(self, tmp_path: Path, below: str) -> None:
        (tmp_path / "a").write_text("")
        assert isinstance(make_directories(f"{tmp_path}/a{below}", mode=0o700, owner=ME), Problem)

    def test_announces_before_it_makes(self, tmp_path: Path) -> None:
        problem = Problem("no")
        made = make_directories(
            str(tmp_path / "a"), mode=0o700, owner=ME, announce=lambda _missing: problem
        )
        assert made is problem
        assert list(tmp_path.iterdir()) == []


class TestRemoveDirectory:
    def test_removes_an_empty_one_only(self, tmp_path: Path) -> None:
        (tmp_path / "a/b").mkdir(parents=True)
        assert isinstance(remove_directory(str(tmp_path / "a")), Problem)
        assert remove_directory(str(tmp_path / "a/b")) is None
        assert list((tmp_path / "a").iterdir()) == []

    def test_one_that_is_gone_is_fine(self, tmp_path: Path) -> None:
        assert remove_directory(str(tmp_path / "a/b")) is None


class TestRename:
    def test_moves_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "elsewhere").mkdir()
        assert rename_noreplace(str(tmp_path / "a"), str(tmp_path / "elsewhere/b")) is None
        assert (tmp_path / "elsewhere/b").is_dir()
        assert not (tmp_path / "a").exists()

    @pytest.mark.parametrize("kind", ["file", "empty folder", "link to nothing"])
    def test_never_replaces_what_is_there(self, tmp_path: Path, kind: str) -> None:
        (tmp_path / "a").mkdir()
        there = tmp_path / "b"
        if kind == "file":
            there.touch()
        elif kind == "empty folder":
            there.mkdir()
        else:
            there.symlink_to("nowhere")
        problem = rename_noreplace(str(tmp_path / "a"), str(there))
        assert isinstance(problem, Problem)
        assert problem.status is ExitStatus.NEEDS_PERSON
        assert (tmp_path / "a").is_dir()
        assert os.path.lexists(there)

    def test_of_what_is_not_there_is_a_problem(self, tmp_path: Path) -> None:
        assert isinstance(rename_noreplace(str(tmp_path / "a"), str(tmp_path / "b")), Problem)


class TestRemoveTree:
    def test_removes_all_and_follows_no_link(self, tmp_path: Path) -> None:
        precious = tmp_path / "precious"
        precious.mkdir()
        (precious / "file").write_text("text")
        tree = tmp_path / "venv"
        (tree / "lib").mkdir(parents=True)
        (tree / "lib/folder").symlink_to(precious)
        (tree / "lib/file").symlink_to(precious / "file")
        (tree / "lib/loop").symlink_to(tree)
        assert remove_tree(str(tree)) is None
        assert [path.name for path in tmp_path.iterdir()] == ["precious"]
        assert (precious / "file").read_text() == "text"

    def test_does_not_remove_a_link_to_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to("real")
        assert isinstance(remove_tree(str(tmp_path / "link")), Problem)
        assert (tmp_path / "real").is_dir()
        assert (tmp_path / "link").is_symlink()

    def test_follows_no_link_that_takes_a_folder_s_place_meanwhile(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Somebody swaps a folder of the tree for a link while it is being removed."""
        precious = tmp_path / "precious"
        precious.mkdir()
        (precious / "file").write_text("text")
        tree = tmp_path / "venv"
        (tree / "lib").mkdir(parents=True)
        real = os.open

        def swapped(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
            if path == "lib":
                monkeypatch.setattr(os, "open", real)
                os.rmdir("lib", dir_fd=dir_fd)
                os.symlink(precious, "lib", dir_fd=dir_fd)
            return real(path, flags, mode, dir_fd=dir_fd)

        monkeypatch.setattr(os, "open", swapped)
        assert isinstance(remove_tree(str(tree)), Problem)
        assert (precious / "file").read_text() == "text"

    def test_one_that_is_gone_is_fine(self, tmp_path: Path) -> None:
        assert remove_tree(str(tmp_path / "venv")) is None
        assert remove_tree(str(tmp_path / "no/venv")) is None

    def test_never_leaves_half_a_tree_at_its_path(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "venv/lib").mkdir(parents=True)

        def killed(_name: str, *, dir_fd: int) -> None:
            assert "venv" not in os.listdir(dir_fd)
            raise KeyboardInterrupt

        monkeypatch.setattr("shutil.rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            remove_tree(str(tmp_path / "venv"))

    def test_finishes_what_a_killed_one_left(self, tmp_path: Path) -> None:
        (tmp_path / "venv").mkdir()
        (tmp_path / "venv").rename(folders.trash_path(str(tmp_path / "venv")))
        (tmp_path / "venv").mkdir()
        assert remove_tree(str(tmp_path / "venv")) is None
        assert list(tmp_path.iterdir()) == []

    def test_leaves_a_tree_with_a_mount_in_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "venv/lib").mkdir(parents=True)
        monkeypatch.setattr(folders, "_mounts", lambda: ("/", str(tmp_path / "venv/lib")))
        problem = remove_tree(str(tmp_path / "venv"))
        assert isinstance(problem, Problem)
        assert problem.cure == f"umount -- {tmp_path / 'venv/lib'}"
        assert (tmp_path / "venv/lib").is_dir()

    def test_a_mount_beside_the_tree_is_none_in_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "venv").mkdir()
        monkeypatch.setattr(folders, "_mounts", lambda: ("/", str(tmp_path / "venv2")))
        assert remove_tree(str(tmp_path / "venv")) is None


def test_a_folder_that_comes_from_a_containers_image_is_to_be_copied_by_mv() -> None:
    problem = refusal(OSError(errno.EXDEV, "Invalid cross-device link"), "/opt/my venv")
    assert "image of this container" in problem.what
    assert "mv '/opt/my venv' '/opt/my venv.copy' && mv '/opt/my venv.copy' '/opt/my venv'" in (
        problem.cure
    )
