"""Gives local.conf Unix line ends: bash takes a carriage return for part of each value."""

import shlex
from dataclasses import dataclass
from typing import ClassVar

from wizard.model.machine import Identity, Machine, Reader
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun

_WINDOWS, _UNIX = b"\r\n", b"\n"


@dataclass(frozen=True, slots=True)
class UnixLineEnds:
    """Changes nothing but the line ends."""

    path: str
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "unix-line-ends"
    title: ClassVar[str] = "line ends"

    def state(self, host: Reader) -> State:
        """Count the lines that end in a carriage return."""
        number = self._text(host).count(_WINDOWS)
        return Pending(f"{number} Windows line ends") if number else Satisfied("as they should be")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the command that does the same: a diff would repeat every line, passwords too."""
        del host
        return (WouldRun(f"sed -i 's/\\r$//' {shlex.quote(self.path)}", Identity.STACK),)

    def apply(self, host: Machine) -> Outcome:
        """Write the file anew."""
        text = self._text(host)
        problem = host.write_file(self.path, text.replace(_WINDOWS, _UNIX), expected=text)
        return problem or Done(f"{text.count(_WINDOWS)} changed")

    def _text(self, host: Reader) -> bytes:
        """Return the file; local.conf's own step says what is wrong with one nobody can read."""
        try:
            return host.read(self.path)
        except OSError:
            return b""
