"""renameat2(2): swap two names, or move only where nothing is; os.rename can say neither."""

import ctypes
import errno
import os
import sys
from dataclasses import dataclass

NOREPLACE, EXCHANGE = 1, 2
UNSUPPORTED = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP})

_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in an open folder."""

    folder: int
    name: str


def renameat2(source: Name, target: Name, flags: int) -> None:
    """Call the kernel. Raises OSError."""
    sys.audit("os.renameat2", source.name, target.name, flags)
    if not hasattr(_LIBC, "renameat2"):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), source.name)
    names = os.fsencode(source.name), os.fsencode(target.name)
    if _LIBC.renameat2(source.folder, names[0], target.folder, names[1], flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), source.name, None, target.name)


def exchange(one: Name, other: Name) -> bool:
    """Swap two names in one instant; False where the file system cannot. Raises OSError."""
    try:
        renameat2(one, other, EXCHANGE)
    except OSError as error:
        if error.errno in UNSUPPORTED:
            return False
        raise
    return True


def move(source: Name, target: Name) -> None:
    """Rename, but only where nothing is yet. Raises OSError (FileExistsError when taken)."""
    try:
        renameat2(source, target, NOREPLACE)
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise
        _move_without_the_flag(source, target)


def rename(source: Name, target: Name) -> None:
    """Rename, over whatever is there. Raises OSError."""
    folders = {"src_dir_fd": source.folder, "dst_dir_fd": target.folder}
    os.rename(source.name, target.name, **folders)  # noqa: PTH104 -- in open folders


def _move_without_the_flag(source: Name, target: Name) -> None:
    """Link, which is as exclusive; where there are no links (or for a folder) look, then move."""
    if _link(source, target):
        os.unlink(source.name, dir_fd=source.folder)
        return
    try:
        os.stat(target.name, dir_fd=target.folder, follow_symlinks=False)
    except FileNotFoundError:
        rename(source, target)
        return
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target.name)


def _link(source: Name, target: Name) -> bool:
    folders = {"src_dir_fd": source.folder, "dst_dir_fd": target.folder}
    try:
        os.link(source.name, target.name, follow_symlinks=False, **folders)
    except FileExistsError:
        raise
    except OSError:
        return False
    return True
