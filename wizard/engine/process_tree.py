"""A script and all that it starts, ended as a whole, but for the package managers among it.

DevStack's stack.sh runs apt-get or dnf by sudo, and one of them that is killed leaves a broken
system. So the script is held first: nothing new begins. When no package manager is at work any
more, all of it gets TERM, and five seconds later KILL.
"""

import os
import re
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

GRACE = 5.0  # seconds between TERM and KILL
_PACKAGE_MANAGERS = frozenset(
    {"apt", "apt-get", "aptitude", "dpkg", "dpkg-deb", "dnf", "dnf-3", "dnf5", "yum", "rpm"}
    | {"zypper", "debconf", "frontend"}
)
_SHELLS = frozenset({"bash", "sh", "dash", "stack.sh"})
_STAT = re.compile(rb"^(\d+) \((.*)\) (\S) (\d+) (\d+) (\d+)", re.DOTALL)

AsRoot = Callable[[Sequence[str]], None]
"""Runs a command as root: how a user reaches what sudo has started."""


def holding(descriptors: Iterable[int]) -> tuple[str, ...]:
    """Return what to put before a command so that these stay open as long as it runs.

    A shell around it has them, and the command has not: the services that a script starts outlive
    it, and would hold the lock for as long.
    """
    closed = "".join(f" {number}<&-" for number in descriptors)
    return ("bash", "-c", f'"$@"{closed}; exit $?', "devstack-venv")


@dataclass(frozen=True, slots=True)
class _Process:
    pid: int
    name: str
    is_dead: bool
    parent: int
    group: int
    session: int


@dataclass(slots=True)
class Tree:
    """The processes of a session, and theirs that have one of their own by now."""

    session: int
    as_root: AsRoot | None = None
    is_over: bool = False
    _held: set[int] = field(default_factory=set)
    _told_at: float | None = None

    def __call__(self, *, hurry: bool) -> bool:
        """Take the next step towards its end; True when a package manager is left behind."""
        members = self._members()
        busy = _with_package_managers(members)
        if busy and not hurry:
            self._hold(members.values())
            return False
        mine = [pid for pid in members if pid not in busy]
        self.is_over = not mine and not busy
        if self._told_at is None:
            self._told_at = time.monotonic()
            self._signal(signal.SIGTERM, mine)
            self._signal(signal.SIGCONT, mine)
        elif hurry or time.monotonic() - self._told_at > GRACE:
            self._signal(signal.SIGKILL, mine)
        return bool(busy) and not mine

    def _members(self) -> dict[int, _Process]:
        """Return who is alive of the session and below it."""
        alive = {process.pid: process for process in _processes() if not process.is_dead}
        found = {pid for pid, process in alive.items() if process.session == self.session}
        size = -1
        while size != len(found):
            size = len(found)
            found |= {pid for pid, process in alive.items() if process.parent in found}
        return {pid: alive[pid] for pid in found}

    def _hold(self, members: Iterable[_Process]) -> None:
        """Stop the shells: what reads a package manager's output goes on."""
        shells = {one.pid for one in members if one.name in _SHELLS}
        self._signal(signal.SIGSTOP, shells - self._held)
        self._held |= shells

    def _signal(self, number: signal.Signals, pids: Iterable[int]) -> None:
        refused = []
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
            except PermissionError:
                refused.append(str(pid))
        if refused and self.as_root is not None:
            self.as_root(("kill", "-s", number.name.removeprefix("SIG"), "--", *refused))


def is_empty(group: int) -> bool:
    """Whether nobody of a process group is alive."""
    return all(process.is_dead or process.group != group for process in _processes())


def _with_package_managers(members: dict[int, _Process]) -> set[int]:
    """Return who works for a package manager: itself, what it started, the sudo before it."""
    found = {pid for pid, one in members.items() if one.name in _PACKAGE_MANAGERS}
    below = set(found)
    size = -1
    while size != len(below):
        size = len(below)
        below |= {pid for pid, one in members.items() if one.parent in below}
    sudo = {members[pid].parent for pid in found if members[pid].parent in members}
    return below | {pid for pid in sudo if members[pid].name == "sudo"}


def _processes() -> list[_Process]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                found += _read((entry / "stat").read_bytes())
    return found


def _read(stat: bytes) -> list[_Process]:
    match = _STAT.match(stat)
    if match is None:
        return []
    pid, name, state, parent, group, session = match.groups()
    dead, numbers = state in (b"Z", b"X"), map(int, (parent, group, session))
    return [_Process(int(pid), name.decode(errors="replace"), dead, *numbers)]
