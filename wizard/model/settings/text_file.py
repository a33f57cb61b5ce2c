"""Small text files that a person names: read whole, or told why not."""

import errno
import os
import stat
from typing import Protocol

from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem


class Files(Protocol):
    """What reads files: a Reader is one."""

    def read(self, path: str) -> bytes:
        """Return a file's bytes. Raises OSError."""
        ...

    def stat(self, path: str) -> os.stat_result:
        """Ask the kernel about a path. Raises OSError."""
        ...


def read(path: str, files: Files, limit: int) -> str | Problem:
    """Return the text of a file of at most ``limit`` bytes, without a byte order mark."""
    try:
        if problem := _wrong_kind(path, files.stat(path), limit):
            return problem
        content = files.read(path)
    except (OSError, ValueError) as error:
        return _problem(path, _reason(error))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        return _problem(
            f"{path}:{line}:{column}",
            f"the file is not UTF-8: byte 0x{content[error.start]:02x}",
            "Save it as UTF-8",
        )


def _wrong_kind(path: str, status: os.stat_result, limit: int) -> Problem | None:
    if stat.S_ISDIR(status.st_mode):
        return _problem(path, "this is a folder, not a file")
    if not stat.S_ISREG(status.st_mode):
        return _problem(path, "this is not an ordinary file")
    if status.st_size > limit:
        return _problem(path, f"the file has {status.st_size} bytes, more than {limit}")
    return None


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, ValueError):  # a NUL in the path
        return "no file can have this name"
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return "there is no such file"
    return f"the file cannot be read: {error.strerror}"


def _problem(where: str, what: str, cure: str = "") -> Problem:
    return Problem(what, where=where, cure=cure, status=ExitStatus.ANSWERS)
