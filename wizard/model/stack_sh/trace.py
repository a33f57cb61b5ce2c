"""Lines of a stack.sh's output: DevStack stamps some, and bash traces its commands among them."""

import re
import shlex
from dataclasses import dataclass

_STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \| ?")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its stamp."""

    text: str
    is_stamped: bool

    @property
    def is_trace(self) -> bool:
        """Whether bash says here which command it starts."""
        return self.text.startswith("+")


def read(line: str) -> Line:
    """Take a line apart."""
    stamp = _STAMP.match(line)
    return Line(line[stamp.end() :] if stamp else line, is_stamped=stamp is not None)


def words(arguments: str) -> str:
    """Return what echo would make of arguments as they are written in bash."""
    try:
        return " ".join(shlex.split(arguments))
    except ValueError:  # a quote without its other half
        return arguments.strip("\"' ")
