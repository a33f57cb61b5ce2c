"""Why a file cannot be written or removed: errno as one sentence with its cure."""

import errno
import os
import pwd
import shlex

from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

_FULL = "There is no room left; free some space and try again"
_SENTENCES: dict[int, tuple[str, str]] = {
    errno.EBUSY: (
        "is a mount point and cannot be replaced",
        "Change the file that is mounted there, outside the container or mount",
    ),
    errno.EROFS: ("is on a read-only file system", "Remount it writable, or choose another path"),
    errno.ENOSPC: ("cannot be written: the file system is full", _FULL),
    errno.EDQUOT: ("cannot be written: the disk quota is used up", _FULL),
    errno.EFBIG: ("cannot be written: it would pass the file size limit", "See ulimit -f"),
    errno.ELOOP: ("is a loop of symbolic links", "Remove the link"),
    errno.ENAMETOOLONG: ("is too long a name", "Choose a shorter path"),
    errno.ENOTDIR: ("is below something that is not a folder", "Choose another path"),
    errno.EISDIR: ("is a folder, not a file", "Choose another path"),
    errno.ENOTEMPTY: ("is a folder that is not empty", "Look at what it holds"),
}


def refusal(error: OSError, path: str) -> Problem:
    """Say why the kernel refused."""
    if error.errno == errno.EACCES:
        return Problem(
            f"may not be read or written by {_who()}",
            path,
            f"Look at it and its folder: ls -ld -- {os.path.dirname(path)} {path}",  # noqa: PTH120
        )
    if error.errno == errno.EPERM:
        where = path if os.path.lexists(path) else os.path.dirname(path)  # noqa: PTH120
        return Problem(
            f"may not be changed by {_who()}, or is immutable",
            where,
            f"Look at it: ls -ld -- {where}; lsattr -d -- {where}",
        )
    if error.errno == errno.EXDEV:
        here, beside = shlex.quote(path), shlex.quote(f"{path}.copy")
        return Problem(
            "cannot be renamed: it comes from the image of this container (a lower layer of its"
            " overlay), or lies across file systems",
            path,
            f"As root, let mv copy it: mv {here} {beside} && mv {beside} {here};"
            " or choose another path",
        )
    if error.errno == errno.ENOENT:
        return needs_person("was deleted while we worked on it", path)
    if error.errno == errno.EEXIST:
        return needs_person("was made by somebody else while we worked on it", path)
    what, cure = _SENTENCES.get(
        error.errno or 0, (f"cannot be written: {error.strerror}", "Look at the file system")
    )
    return Problem(what, path, cure)


def needs_person(what: str, path: str, cure: str = "Look at it, then run this again") -> Problem:
    """Say that the file is not as it was, so that a person must decide."""
    return Problem(what, path, cure, ExitStatus.NEEDS_PERSON)


def changed(path: str) -> Problem:
    """Somebody saved the file since it was read; what they saved is in place."""
    return needs_person("was changed by somebody else since it was read", path)


def _who() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"
