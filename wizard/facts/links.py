"""Symbolic links, and whether two names are one file."""

import stat
from dataclasses import dataclass

from wizard.model.machine import Command, Reader


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link, what it says, and whether anything is there."""

    path: str
    target: str
    dangles: bool


def link(host: Reader, path: str) -> Link | None:
    """Return the link at path; None for anything else."""
    try:
        if not stat.S_ISLNK(host.stat(path, follow=False).st_mode):
            return None
    except OSError:
        return None
    target = host.run(Command(("readlink", "--", path))).text.rstrip("\n")
    return Link(path, target, dangles=not _reaches(host, path))


def _reaches(host: Reader, path: str) -> bool:
    """Ask a process of that system: an absolute link leads elsewhere for us than inside it."""
    return host.run(Command(("test", "-e", path))).ok


def is_same_file(host: Reader, one: str, other: str) -> bool:
    """Whether two paths lead to the same file."""
    return one == other or host.run(Command(("test", one, "-ef", other))).ok
