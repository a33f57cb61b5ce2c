"""local.conf as DevStack cuts it into sections: bytes in, offsets and bytes out.

A header is a line that begins with ``[[``, has a ``|`` after at least one more byte, and ``]]``
somewhere behind that; only its first blank-separated word counts, without any square brackets.
"""

import re
from dataclasses import dataclass

_CANDIDATE = re.compile(rb"^\[\[.*$", re.MULTILINE)
_BRACKETS = b"[]"


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its header and the offsets of its body, which ends where the next begins."""

    header: bytes
    line: int  # of the header, counted from 1
    start: int
    end: int
    is_localrc: bool
    seen_in_2014: bool  # DevStack up to 2016 takes every other one of sections in a row


def is_header(line: bytes) -> bool:
    """Whether DevStack takes a line for a section header."""
    bar = line.find(b"|", 3)
    return line.startswith(b"[[") and bar != -1 and line.rfind(b"]]") > bar


def is_localrc(header: bytes) -> bool:
    """Whether a header opens ``[[local|localrc]]``, by its first word alone."""
    first = re.split(rb"[ \t]", header, maxsplit=1)[0].translate(None, _BRACKETS)
    return first.split(b"|")[:2] == [b"local", b"localrc"]


def line_at(text: bytes, offset: int) -> int:
    """Return the number of the line that holds this offset, counted from 1."""
    return text.count(b"\n", 0, offset) + 1


def sections(text: bytes) -> tuple[Section, ...]:
    """Return all sections in file order; what stands above the first header is in none."""
    heads = [found for found in _CANDIDATE.finditer(text) if is_header(found[0])]
    ends = [head.start() for head in heads[1:]] + [len(text)]
    made: list[Section] = []
    line, counted = 1, 0
    for head, end in zip(heads, ends, strict=False):
        line += text.count(b"\n", counted, head.start())
        counted = head.start()
        ours = is_localrc(head[0])
        seen = ours and not (made and made[-1].seen_in_2014)
        start = min(head.end() + 1, len(text))
        made.append(Section(head[0], line, start, end, ours, seen))
    return tuple(made)


def localrc_sections(text: bytes) -> tuple[Section, ...]:
    """Return the ``[[local|localrc]]`` sections only."""
    return tuple(section for section in sections(text) if section.is_localrc)


def localrc(text: bytes) -> bytes:
    """Return the shell text that DevStack takes out of the file: all localrc bodies, in order."""
    joined = b"".join(text[part.start : part.end] for part in localrc_sections(text))
    return joined + b"\n" if joined and not joined.endswith(b"\n") else joined


def file_lines(text: bytes) -> tuple[int, ...]:
    """Return, for each line of the localrc text, which line of the file it is."""
    found: list[int] = []
    for part in localrc_sections(text):
        count = text.count(b"\n", part.start, part.end)
        count += part.end > part.start and not text.endswith(b"\n", part.start, part.end)
        found.extend(range(part.line + 1, part.line + 1 + count))
    return tuple(found)
