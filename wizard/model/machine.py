"""The host as steps and checks see it: a Reader asks, a Machine also acts.

The engine implements both; tests may too. Paths are absolute and inside the system acted on
(``--root DIR`` is the implementation's affair). Expected failures are values, never exceptions;
only ``read`` and ``stat`` raise ``OSError``, as ``open(2)`` and ``stat(2)`` would.
"""

import os
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from wizard.model.problem import Problem


class Identity(StrEnum):
    """Who a command runs as: root (by sudo -n when we are not), or the user the work is for."""

    ROOT = "root"
    STACK = "stack"


class Ending(StrEnum):
    """What happens to a job when the run is told to stop."""

    KILL = "kill"  # TERM to its group, five seconds, KILL: pip, uv, git
    LET_FINISH = "let finish"  # never killed: apt, dnf, zypper
    SPARE = (
        "spare"  # a script that runs package managers: those finish, then TERM, KILL to the rest
    )


@dataclass(frozen=True, slots=True)
class Account:
    """A line of passwd(5)."""

    name: str
    uid: int
    gid: int
    home: str


@dataclass(frozen=True, slots=True)
class Command:
    """One process to start: no shell, an environment from scratch plus ``env``, no terminal."""

    argv: tuple[str, ...]
    identity: Identity = Identity.STACK
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str = "/"
    input: bytes = b""
    timeout: float = 60.0  # seconds
    ending: Ending = Ending.KILL
    nice: int = 0

    def shown(self) -> str:
        """The command as a person would type it."""
        return shlex.join(self.argv)


@dataclass(frozen=True, slots=True)
class Completed:
    """How a command ended: 127 when it is not there, 124 when it took too long, -N by signal N."""

    returncode: int
    stdout: bytes = b""
    stderr: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether it ended with status 0."""
        return self.returncode == 0

    @property
    def text(self) -> str:
        """Standard output as text, foreign bytes replaced."""
        return self.stdout.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class JobEnded:
    """How a long job ended and where its output is in build.log (line numbers from 1)."""

    returncode: int
    seconds: float
    first_line: int
    last_line: int
    tail: tuple[str, ...] = ()  # its last lines, at most 30

    @property
    def ok(self) -> bool:
        """Whether it ended with status 0."""
        return self.returncode == 0


LineFilter = Callable[[str], str | None]
"""Sees each line of a job's output; returns what goes into the log, None for nothing."""

Validate = Callable[[str], Problem | None]
"""Judges a file that is written but not yet installed, given its path."""


class Reader(Protocol):
    """Asks and changes nothing."""

    @property
    def user(self) -> Account:
        """The user that the work is for; uid -1 while that user does not exist yet."""
        ...

    @property
    def is_root(self) -> bool:
        """Whether we run as root ourselves (then nothing needs sudo)."""
        ...

    def run(self, command: Command) -> Completed:
        """Run a short question and capture what it says."""
        ...

    def read(self, path: str, identity: Identity = Identity.STACK) -> bytes:
        """Return a file's bytes; ROOT may go through ``sudo -n cat``. Raises OSError."""
        ...

    def stat(self, path: str, *, follow: bool = True) -> os.stat_result:
        """Ask the kernel about a path; ``follow=False`` about a link itself. Raises OSError."""
        ...

    def exists(self, path: str) -> bool:
        """Whether something is at path (a dangling link counts)."""
        ...

    def listdir(self, path: str) -> tuple[str, ...]:
        """Sorted names in a folder; empty when it is missing or unreadable."""
        ...

    def which(self, name: str) -> str | None:
        """Absolute path of a program on the fixed system path, or None."""
        ...


class Machine(Reader, Protocol):
    """Also acts. Every act is in the journal before it happens."""

    def job(self, command: Command, line_filter: LineFilter | None = None) -> JobEnded:
        """Run something long; its output goes into the run's log, line by line."""
        ...

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Say how far the present step is; total 0 means not known."""
        ...

    def speak_as(self, part: str) -> None:
        """Say what follows (output, progress) in the name of this part of the present step."""
        ...

    def log(self, line: str) -> None:
        """Put a line of our own into the log."""
        ...

    def write_file(
        self,
        path: str,
        content: bytes,
        *,
        expected: bytes | None,
        mode: int = 0o644,
        owner: Identity = Identity.STACK,
        validate: Validate | None = None,
    ) -> Problem | None:
        """Create or replace a file atomically.

        ``expected`` is what was read before (None: there was no file); anything else there now is
        a Problem with status NEEDS_PERSON and the file stays. An existing file keeps its mode,
        owner and attributes; ``mode`` and ``owner`` are for a new one.
        """
        ...

    def remove_file(self, path: str, *, expected: bytes) -> Problem | None:
        """Remove a file that still has these bytes."""
        ...

    def make_directory(
        self, path: str, *, mode: int = 0o755, owner: Identity = Identity.STACK
    ) -> Problem | None:
        """Make a folder that is ours from now on; missing parents are root's, 0755."""
        ...

    def make_tree(self, path: str) -> Problem | None:
        """Make a folder of the work's user whose whole content is ours: undo removes it whole."""
        ...

    def rename(self, source: str, target: str) -> Problem | None:
        """Move a file or folder within its file system; target must not exist."""
        ...

    def make_link(self, path: str, target: str) -> Problem | None:
        """Make a symbolic link that says ``target``; nothing may be at path."""
        ...

    def remove_tree(self, path: str) -> Problem | None:
        """Remove a folder that this program made; never follows links."""
        ...

    def note(self, kind: str, **data: object) -> None:
        """Record an act that undo names but does not reverse (kinds: packages, user)."""
        ...
