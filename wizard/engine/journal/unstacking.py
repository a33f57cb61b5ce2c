"""What goes before an undo: services are stopped before the venv that they run in goes.

Whoever undoes a run that ran stack.sh wants it to be as if it had not been, so DevStack's own
unstack.sh is run; a service whose Python is taken away fails later, in ways hard to understand.
What else stack.sh made (databases, /etc, sources) may hold somebody's work: it stays, and its
clean.sh is named. Services of a stack.sh that somebody else ran are theirs to stop.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wizard.engine.files.refusals import needs_person
from wizard.engine.journal.journal import Entry
from wizard.engine.journal.notes import STACK, by_hand
from wizard.engine.journal.records import Noted, Phase, Record, TreeMade
from wizard.facts.venv_processes import named, running_in
from wizard.model.machine import Command, Reader
from wizard.model.problem import Problem

LOG = "unstack.log"
_PATIENCE = 1800.0  # seconds


@dataclass(frozen=True, slots=True)
class Unstacking:
    """Knows which checkout a run has stacked, if any, and what runs in its venv."""

    host: Reader
    venv: str
    entries: tuple[Entry, ...]

    @property
    def checkout(self) -> str:
        """Where stack.sh was run; "" where the run did not."""
        notes = [one for one in _pending(self.entries) if isinstance(one, Noted)]
        stacked = [one.data for one in notes if one.kind == STACK]
        return str(stacked[-1].get("directory", "")) if stacked else ""

    def stop(self, folder: Path) -> Problem | str:
        """Stop what runs in a venv that is to go; return what was done, or why nothing may be."""
        makes_it = any(isinstance(one, TreeMade) for one in _pending(self.entries))
        if not (makes_it or self.checkout) or not running_in(self.host, self.venv):
            return ""
        if self.checkout:
            _keep(folder / LOG, self._unstack())
        if left := running_in(self.host, self.venv):
            what = f"is in use, so nothing was undone: {named(left)} runs in it"
            cure = by_hand(self.checkout or "DEVSTACK", "unstack.sh")
            return needs_person(what, self.venv, f"Stop it first: {cure}")
        return f"stopped what stack.sh had started, with {self.checkout}/unstack.sh"

    def _unstack(self) -> bytes:
        env = {"TERM": "dumb"}
        command = Command(("./unstack.sh",), env=env, cwd=self.checkout, timeout=_PATIENCE)
        ended = self.host.run(command)
        return ended.stdout + ended.stderr


def _pending(entries: Iterable[Entry]) -> list[Record]:
    over = (Phase.DID_NOT, Phase.UNDONE)
    return [entry.record for entry in entries if entry.phase not in over]


def _keep(path: Path, said: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(said)
