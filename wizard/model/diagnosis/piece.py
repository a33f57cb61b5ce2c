"""Some lines of a log at once, and what stands above one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from wizard.model.diagnosis import log_line

_BEFORE = 400  # lines looked through for the command that a line belongs to


@dataclass(frozen=True)
class Piece:
    """Some lines of a log, fed at once."""

    lines: Sequence[bytes]
    progress: int  # commands of the trace before them

    @cached_property
    def commands(self) -> Sequence[int]:
        """How many commands of the trace come before each line, and before the end."""
        return list(accumulate(map(log_line.is_trace, self.lines), initial=self.progress))


@dataclass(frozen=True, slots=True)
class Before:
    """The lines above one: not copied, for hardly anybody asks."""

    piece: Piece
    end: int

    @property
    def lines(self) -> Sequence[bytes]:
        """All lines of the piece."""
        return self.piece.lines

    def commands(self) -> int:
        """Return how many commands the trace shows up to there."""
        return self.piece.commands[self.end]

    def is_record(self) -> bool:
        """Whether the line itself is a service's record: somebody asked for it afterwards."""
        return log_line.is_record(self.lines[self.end])

    def command(self) -> str:
        """Return the last command that a trace, or our own log, shows there; "" where none is."""
        for index in range(self.end - 1, max(-1, self.end - _BEFORE), -1):
            line = self.lines[index]
            if line[:1] == b"$" or log_line.is_trace(line):
                said = log_line.command(log_line.cleaned(line))
                if said and log_line.is_work(said):
                    return said
        return ""
