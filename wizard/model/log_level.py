"""How grave a line of a build's log is, by what apt, dnf, pip, uv and compilers write."""

import re
from enum import IntEnum


class Level(IntEnum):
    """Graver is greater."""

    ROUTINE = 0  # one of hundreds alike
    PLAIN = 1
    GOOD = 2  # something came to its end
    COMMAND = 3  # what the engine runs
    WARNING = 4
    ERROR = 5


_ERROR = re.compile(
    r"^E: |^\s*[\u00d7✗] |^Traceback |^dpkg: error|^make: \*\*\*|(?:^|[\s:\[(])"
    r"(?:errors?|fatal error|fatal|failed|failure|exception|killed|[A-Za-z]+(?:Error|Exception))"
    r"(?=[:!\])]|$)|\b(?:error|fatal) occurred|No such file or directory|command not found",
    re.IGNORECASE,
)
_WARNING = re.compile(r"^W: |(?:^|[\s:\[(])(?:[a-z]*warning|warn|deprecat\w+)\b", re.IGNORECASE)
_GOOD = re.compile(r"^\s*(?:Successfully|Installed \d+|Resolved \d+|Prepared \d+|Audited \d+) ")
_ROUTINE = re.compile(
    r"^(?:Get:|Hit:|Ign:|\(Reading|Selecting previously|Preparing to unpack|Unpacking |Setting up "
    r"|Processing triggers|Fetched |Reading |Building dependency|Requirement already|\s+\+ "
    r"|\s*(?:copying|creating|adding|writing|running|reading) )"
)
# a cheap first look: most lines hold none of these
_TELLING = re.compile(
    r"^[EW]: |error|fail|fatal|killed|exception|warn|deprecat|[\u00d7✗]|\*\*\*|traceback"
    r"|no such file|not found",
    re.IGNORECASE,
)


def level(line: str) -> Level:
    """Return the level of one line."""
    if line.startswith("$ "):
        return Level.COMMAND
    if _TELLING.search(line):
        if _ERROR.search(line):
            return Level.ERROR
        if _WARNING.search(line):
            return Level.WARNING
    if _GOOD.match(line):
        return Level.GOOD
    return Level.ROUTINE if _ROUTINE.match(line) else Level.PLAIN
