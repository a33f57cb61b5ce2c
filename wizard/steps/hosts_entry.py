"""Adds the host's own name to /etc/hosts."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.model.diff import unified
from wizard.model.machine import Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite

PATH = "/etc/hosts"


@dataclass(frozen=True, slots=True)
class HostsEntry:
    """A line at the end; what is there stays as it is."""

    name: str
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "hosts-entry"
    title: ClassVar[str] = "name in /etc/hosts"

    def state(self, host: Reader) -> State:
        """Look for the name as a whole word."""
        lines = (line.partition("#")[0] for line in _text(host).splitlines())
        known = {word for line in lines for word in line.split()[1:]}
        if self.name in known:
            return Satisfied(f"{self.name} is in {PATH}")
        return Pending(f"{self.name} to be added to {PATH}")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the line."""
        text = _text(host)
        return (WouldWrite(PATH, unified(PATH, text, self._with(text))),)

    def apply(self, host: Machine) -> Outcome:
        """Write it."""
        old = host.read(PATH) if host.exists(PATH) else None
        new = self._with(_text(host)).encode(errors="surrogateescape")
        problem: Problem | None = host.write_file(PATH, new, expected=old, owner=Identity.ROOT)
        return problem or Done("added")

    def _with(self, text: str) -> str:
        gap = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{gap}127.0.0.1 {self.name}\n"


def _text(host: Reader) -> str:
    try:
        return host.read(PATH).decode(errors="surrogateescape")
    except OSError:
        return ""
