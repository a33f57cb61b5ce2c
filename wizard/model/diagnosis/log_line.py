"""A line of somebody's log: what was said, without what terminals and loggers put around it."""

import re
from dataclasses import dataclass

from wizard.model.foreign_text import harmless

LONGEST = 1 << 14  # bytes looked at of one line

# what DevStack's and CI's loggers, journalctl, pip --log and syslog begin a line with
_STAMP = re.compile(
    r"^\s*(?:"
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[.,]?\d*(?:Z|[+-]\d\d:?\d\d)?"
    r"(?: \| [\w.-]+(?= \|))?(?: \||,)?"
    r"|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \S+ [\w@.()-]+(?:\[\d+\])?:"
    r") ?"
)
# what a compiler or Python warns of and goes on
_WARNING = re.compile(r"\S+:\d+(?::\d+)?: (?:\w*W|w)arning: ")
# a line of a journal, of syslog or of Apache's error log
_RECORD = re.compile(
    rb"\s*(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \S+ [\w@.()-]+(?:\[\d+\])?:"
    rb"|\[[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d[.\d]* \d{4}\] \[)"
)
# bash -x (DevStack's names file, function and line, after a space or in grey), our log, a prompt
_COMMAND = re.compile(
    r"^(?:\++(?: (?:\S+:\S*:\d+\s*:\s+)?|\S+:\S*:\d+\s+(?::\s+)?)|\$ "
    r"|(?:\([\w.-]+\) ?)?(?:[\w.-]+@[\w.-]+:\S*|\[[\w.-]+@[\w.-]+ \S+\])[$#] )(?P<said>\S.*)"
)
_PROMPT = re.compile(
    rb"\$ \S|(?:\([\w.-]+\) ?)?(?:[\w.-]+@[\w.-]+:\S*|\[[\w.-]+@[\w.-]+ \S+\])[$#] "
)
# what a trace is full of and nobody wants to hear of
_IDLE = re.compile(
    r"(?:local|return|result=|die|exit|err_trap|exit_trap|err|echo|set|test|time_\w+|kill|trap"
    r"|shift|unset|export|cat|date|true|false|read|for|case|if|while)\b|\[|\w+=|:$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log by its number, from 1."""

    number: int
    text: str


def cleaned(line: bytes) -> str:
    """Return what a line says, harmless for a terminal."""
    text = harmless(line[:LONGEST].decode(errors="replace"))
    return (
        _STAMP.sub("", text, count=1)
        if text[:1] in "0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        else text
    )


def command(text: str) -> str:
    """Return the command that a clean line shows, "" when it is not about one."""
    found = _COMMAND.match(text)
    return found["said"] if found else ""


def is_trace(line: bytes) -> bool:
    """Whether a raw line looks like one of a trace of bash."""
    return line[:1] == b"+" or b"| +" in line[:64]


def is_warning(text: str) -> bool:
    """Whether a clean line tells of a place in a source after which all went on."""
    return bool(_WARNING.match(text))


def is_prompt(line: bytes) -> bool:
    """Whether a raw line shows what somebody typed."""
    return bool(_PROMPT.match(line))


def is_record(line: bytes) -> bool:
    """Whether a raw line is one that a service wrote, with its time."""
    return bool(_RECORD.match(line) or _RECORD.match(line.partition(b"| ")[2]))


def is_work(said: str) -> bool:
    """Whether a command of a trace does something that may fail by itself."""
    return not _IDLE.match(said)
