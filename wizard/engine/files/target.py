"""A file that may be replaced or removed: found, judged and read without side effects."""

import errno
import fcntl
import os
import signal
import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from wizard.engine.files.refusals import changed, needs_person, refusal
from wizard.engine.files.staging import File, digest, extended, open_folder, open_regular, read_all
from wizard.model.problem import Problem

LARGEST = 4 * 1024 * 1024  # bytes; configuration files are smaller
_ELSEWHERE = "Choose another path"


class Identity(NamedTuple):
    """What tells one save of a file from the next."""

    device: int
    inode: int
    sha256: str  # "" for anything but a regular file


class Present(NamedTuple):
    """The file as it is now."""

    file: File
    identity: Identity


@dataclass(frozen=True, slots=True)
class Target:
    """A file, there or not, links resolved."""

    folder: str
    name: str

    @property
    def path(self) -> str:
        """Folder and name together."""
        return os.path.join(self.folder, self.name)  # noqa: PTH118


def locate(path: str) -> Target | Problem:
    """Find the file behind a path; its folder must be there, the file need not."""
    folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100
    is_link = os.path.islink(path)  # noqa: PTH114
    try:
        if is_link:
            folder, name = os.path.split(os.path.realpath(path, strict=True))
        return Target(os.path.realpath(folder, strict=True), name)
    except FileNotFoundError:
        if is_link:
            return Problem("is a symbolic link to nothing", path, "Remove the link")
        return Problem("is to be in a folder that is missing", path, f"mkdir -p -- {folder}")
    except OSError as error:
        return refusal(error, path)


def read_present(folder: int, target: Target, expected: bytes | None) -> Present | Problem | None:
    """Read the file; a Problem when it is not as expected, or is none that we may replace.

    ``folder`` is the target's, open. None when there is no file and none is expected.
    """
    try:
        status = os.stat(target.name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None if expected is None else needs_person("is no longer there", target.path)
    if problem := unfit(status, target.path):
        return problem
    _require_write_access(folder, target.name)
    with open_regular(folder, target.name) as descriptor:
        status = os.fstat(descriptor)
        if problem := unfit(status, target.path):
            return problem
        present = _read(descriptor, status)
    return present if present.file.content == expected else changed(target.path)


def read_content(target: Target) -> bytes | Problem | None:
    """Return the bytes of a file that may be replaced; None when there is none."""
    try:
        with open_folder(target.folder) as folder, open_regular(folder, target.name) as descriptor:
            return unfit(os.fstat(descriptor), target.path) or read_all(descriptor)
    except FileNotFoundError:
        return None
    except OSError as error:
        return refusal(error, target.path)


def _read(descriptor: int, status: os.stat_result) -> Present:
    content = read_all(descriptor)
    mode = stat.S_IMODE(status.st_mode)
    file = File(content, mode, status.st_uid, status.st_gid, extended(descriptor))
    return Present(file, Identity(status.st_dev, status.st_ino, file.sha256))


def unfit(status: os.stat_result, path: str) -> Problem | None:
    """Judge what is there by its type, links and size."""
    if not stat.S_ISREG(status.st_mode):
        return Problem(f"is {_kind(status.st_mode)}, not a regular file", path, _ELSEWHERE)
    if status.st_nlink > 1:
        return Problem(
            f"has {status.st_nlink} hard links, and replacing it would part them",
            path,
            "Make it a file of its own, or a symbolic link",
        )
    if status.st_size > LARGEST:
        return Problem(f"is larger than {LARGEST >> 20} MiB", path, _ELSEWHERE)
    return None


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a FIFO",
        stat.S_IFSOCK: "a socket",
        stat.S_IFLNK: "a symbolic link",
    }
    return kinds.get(stat.S_IFMT(mode), "a device")


def _require_write_access(folder: int, name: str) -> None:
    """Respect a read-only file, though its folder would let us replace it. Raises OSError."""
    if os.access(name, os.W_OK, dir_fd=folder, effective_ids=True):
        return
    if os.fstatvfs(folder).f_flag & os.ST_RDONLY:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))
    number = errno.EACCES if os.geteuid() else errno.EPERM  # only immutability stops root
    raise OSError(number, os.strerror(number))


def identity(folder: int, name: str) -> Identity:
    """Return what a name stands for right now. Raises OSError."""
    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    sha256 = ""
    if stat.S_ISREG(status.st_mode):
        with suppress(PermissionError), open_regular(folder, name) as descriptor:
            sha256 = digest(read_all(descriptor))
    return Identity(status.st_dev, status.st_ino, sha256)


def is_untouched(folder: int, name: str, former: Identity) -> bool:
    """Whether a file that has lost its name to us is as it was, and nobody is writing to it."""
    try:
        with open_regular(folder, name) as descriptor:
            return not _open_for_writing(descriptor) and identity(folder, name) == former
    except FileNotFoundError:
        return True  # swept away by another run, which removes only what it knows
    except OSError:
        return False


def _open_for_writing(descriptor: int) -> bool:
    """Ask for a read lease: the kernel grants it when nobody has the file open for writing."""
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)  # the default, SIGIO, would kill us
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN  # anything else: leases are not to be had here
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
