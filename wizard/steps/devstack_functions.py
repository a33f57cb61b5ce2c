"""Step: the functions by which a DevStack before 2023.2 uses one environment for everything."""

import os
from dataclasses import dataclass
from typing import ClassVar

from wizard.model import shipped
from wizard.model.devstack import Kind
from wizard.model.diff import unified
from wizard.model.exit_status import ExitStatus
from wizard.model.local_conf.managed_block import functions_file
from wizard.model.machine import Command, Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite

TAUGHT = frozenset({Kind.NONE, Kind.PER_PROJECT})
"""The kinds of DevStack that need the functions."""

_SHIPPED = "devstack/one_venv.sh"
_LINES_OF_OURS = 2  # of every version so far: who finds them may write over the file


@dataclass(frozen=True, slots=True)
class DevstackFunctions:
    """Puts a copy beside the venv, where local.conf sources it.

    This program may move or be removed, and be where the user of DevStack cannot read; the folder
    of the venv is neither.
    """

    venv: str
    needs: frozenset[str] = frozenset({"venv"})

    id: ClassVar[str] = "devstack-functions"
    title: ClassVar[str] = "DevStack functions"

    def state(self, host: Reader) -> State:
        """Compare the file with the one that this program has."""
        old = self._read(host)
        if isinstance(old, Problem):
            return old
        if old == shipped.read(_SHIPPED):
            return Satisfied(f"in {self._path}")
        return Pending("to be written" if old is None else "to be replaced")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the difference."""
        old = self._read(host)
        if isinstance(old, Problem):
            return ()
        new = shipped.read(_SHIPPED).decode()
        return (WouldWrite(self._path, unified(self._path, (old or b"").decode(), new)),)

    def apply(self, host: Machine) -> Outcome:
        """Write it, as root where the venv's folder is in one of root's."""
        old = self._read(host)
        if isinstance(old, Problem):
            return old
        folder = os.path.dirname(self._path)  # noqa: PTH120
        is_theirs = host.run(Command(("test", "-w", folder))).ok
        problem = host.write_file(
            self._path,
            shipped.read(_SHIPPED),
            expected=old,
            owner=Identity.STACK if is_theirs else Identity.ROOT,
        )
        return problem or Done(self._path)

    @property
    def _path(self) -> str:
        return functions_file(self.venv)

    def _read(self, host: Reader) -> bytes | Problem | None:
        """Read the file; None when there is none, and a problem where it is not ours."""
        if not host.exists(self._path):
            return None
        try:
            old = host.read(self._path)
        except OSError as error:
            return self._refused(f"cannot be read: {error.strerror or error}")
        if _first_lines(old) == _first_lines(shipped.read(_SHIPPED)):
            return old
        return self._refused("is not a file of devstack-venv's")

    def _refused(self, what: str) -> Problem:
        cure = "Move it away, or choose another place with --venv-path"
        return Problem(what, self._path, cure, ExitStatus.NEEDS_PERSON)


def _first_lines(text: bytes) -> list[bytes]:
    return text.split(b"\n", _LINES_OF_OURS)[:_LINES_OF_OURS]
