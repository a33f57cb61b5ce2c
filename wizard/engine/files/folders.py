"""Make, move and remove folders, durably and without ever following a link."""

import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wizard.engine.files.refusals import needs_person, refusal
from wizard.engine.files.renameat2 import Name, move
from wizard.engine.files.staging import SUFFIX, open_folder
from wizard.model.problem import Problem

AnnounceFolders = Callable[[tuple[str, ...]], Problem | None]
"""Told which folders are about to be made, outermost first; a Problem stops it."""


def missing_folders(path: str) -> tuple[str, ...]:
    """Return those of path and its parents that are not there, outermost first."""
    places = (path, *map(str, Path(path).parents))
    return tuple(place for place in reversed(places) if not os.path.lexists(place))


def make_directories(
    path: str, *, mode: int, owner: tuple[int, int], announce: AnnounceFolders | None = None
) -> tuple[str, ...] | Problem:
    """Make a folder with this mode and owner; missing parents are root's or ours, 0755.

    Returns the folders that were made: none when it is there already.
    """
    if os.path.isdir(path):  # noqa: PTH112
        return ()
    missing = missing_folders(path)
    if not missing:
        return Problem("is there, but is not a folder", path, "Choose another path")
    if announce and (problem := announce(missing)):
        return problem
    try:
        for folder in missing:
            is_last = folder == missing[-1]
            _make(folder, mode if is_last else 0o755, owner if is_last else None)
    except OSError as error:
        return refusal(error, path)
    return missing


def _make(path: str, mode: int, owner: tuple[int, int] | None) -> None:
    """Make one folder; it gets its name last, when owner and mode are right."""
    with _in_parent(path) as wanted:
        made = Name(wanted.folder, f".{wanted.name}.made{SUFFIX}")
        with suppress(FileNotFoundError):
            os.rmdir(made.name, dir_fd=made.folder)  # a killed run's
        os.mkdir(made.name, 0o700, dir_fd=made.folder)
        try:
            _furnish(made, mode, owner)
            move(made, wanted)
        except OSError:
            with suppress(OSError):
                os.rmdir(made.name, dir_fd=made.folder)
            raise
        os.fsync(wanted.folder)


def _furnish(made: Name, mode: int, owner: tuple[int, int] | None) -> None:
    flags = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(made.name, flags, dir_fd=made.folder)
    try:
        if owner and owner != (os.geteuid(), os.getegid()):
            os.fchown(descriptor, *owner)
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_directory(path: str) -> Problem | None:
    """Remove a folder that is empty; one that is gone is fine."""
    try:
        with _in_parent(path) as folder:
            os.rmdir(folder.name, dir_fd=folder.folder)
            os.fsync(folder.folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        return refusal(error, path)
    return None


def rename_noreplace(source: str, target: str) -> Problem | None:
    """Move a file or folder within its file system; nothing may be at ``target``."""
    try:
        with _in_parent(source) as here, _in_parent(target) as there:
            move(here, there)
            os.fsync(there.folder)
            os.fsync(here.folder)
    except FileExistsError:
        return needs_person(f"cannot become {target}, which is there already", source)
    except OSError as error:
        return refusal(error, source)
    return None


def make_link(path: str, target: str) -> Problem | None:
    """Make a symbolic link where nothing is; ``target`` is what it says, there or not."""
    try:
        with _in_parent(path) as wanted:
            os.symlink(target, wanted.name, dir_fd=wanted.folder)
            os.fsync(wanted.folder)
    except FileExistsError:
        return needs_person("is there already", path)
    except OSError as error:
        return refusal(error, path)
    return None


def link_target(path: str) -> str | None:
    """Return what a symbolic link says; None for anything else."""
    try:
        return os.readlink(path)  # noqa: PTH115
    except OSError:
        return None


def remove_link(path: str) -> Problem | None:
    """Remove a symbolic link, not what it leads to."""
    try:
        with _in_parent(path) as link:
            os.unlink(link.name, dir_fd=link.folder)
            os.fsync(link.folder)
    except OSError as error:
        return refusal(error, path)
    return None


def trash_path(path: str) -> str:
    """Return what a tree is called while it is being removed."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name}.gone{SUFFIX}")  # noqa: PTH118


def remove_tree(path: str) -> Problem | None:
    """Remove a folder and all in it; one that is gone is fine.

    It gets another name first: should we be killed halfway, half a tree is never at ``path``, and
    the next call removes the rest.
    """
    path = os.path.abspath(path)  # noqa: PTH100 -- without a slash at its end
    if mounted := _mount_at_or_below(path):
        return Problem("holds a mount point", path, f"umount -- {mounted}")
    try:
        with _in_parent(path) as tree, _in_parent(trash_path(path)) as trash:
            _delete(trash)
            if not _is_there(tree):
                return None
            if not _is_folder(tree):
                return Problem("is not a folder", path, "Look at it")
            move(tree, trash)
            _delete(trash)
            os.fsync(tree.folder)
    except FileNotFoundError:
        return None  # not even the folder that it was in
    except OSError as error:
        return refusal(error, path)
    return None


def _delete(trash: Name) -> None:
    """Remove a tree; ``shutil.rmtree`` goes by descriptors, so that no link leads it astray."""
    if _is_folder(trash):
        shutil.rmtree(trash.name, dir_fd=trash.folder)


@contextmanager
def _in_parent(path: str) -> Iterator[Name]:
    folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100
    with open_folder(folder) as descriptor:
        yield Name(descriptor, name)


def _mode(name: Name) -> int:
    try:
        return os.stat(name.name, dir_fd=name.folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return 0


def _is_there(name: Name) -> bool:
    return _mode(name) != 0


def _is_folder(name: Name) -> bool:
    return stat.S_ISDIR(_mode(name))


def _mount_at_or_below(path: str) -> str | None:
    """Return a mount point in the tree, as the kernel lists them."""
    real = os.path.realpath(path)
    for mounted in _mounts():
        if mounted == real or mounted.startswith(real + "/"):
            return mounted
    return None


def _mounts() -> tuple[str, ...]:
    try:
        lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return ()
    points = (line.split()[4] for line in lines)
    return tuple(os.fsdecode(re.sub(rb"\\([0-7]{3})", _from_octal, point)) for point in points)


def _from_octal(escape: re.Match[bytes]) -> bytes:
    return bytes((int(escape[1], 8),))
