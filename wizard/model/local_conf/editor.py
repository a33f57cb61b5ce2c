"""Our block in local.conf: found, put in, replaced, taken out; every other byte stays.

The block goes to the end of the last ``[[local|localrc]]`` section, after a blank line, which
disarms a backslash at the end of the line above it. What else had to be added (a section header, a
line end) is noted inside the block, so that taking it out gives back the bytes there were.
"""

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from wizard.model.local_conf.meta_sections import is_header, line_at, localrc, localrc_sections

HEADER = b"[[local|localrc]]\n"
BEGIN = b"# BEGIN devstack-venv (replaced as a whole on every run: put your own lines above it)\n"
END = b"# END devstack-venv\n"
NOTED_HEADER = b"# The section header above came with this block and goes with it.\n"
NOTED_LINE_END = b"# The line above had no line end: it goes back to that with this block.\n"

_MARKER = re.compile(rb"^[ \t]*#[ \t]*(?:BEGIN|END)[ \t]+devstack-venv\b.*\n?", re.MULTILINE)
_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a line of local.conf (0: about the file), and what to do about it."""

    line: int
    what: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Where our block is, from the first byte of its BEGIN line to the one after its END line."""

    start: int
    end: int
    body: bytes  # between the markers, without the notes
    notes: bytes


def find_block(text: bytes) -> Block | Remark | None:
    """Return the block, None when there is none, or what is wrong with its markers."""
    marks = list(_MARKER.finditer(text))
    if not marks:
        return None
    if [mark[0] for mark in marks] not in ([BEGIN, END], [BEGIN, END[:-1]]):
        return _damaged(line_at(text, marks[0].start()))
    begin, end = marks
    if not any(s.start <= begin.start() and end.end() <= s.end for s in localrc_sections(text)):
        return _damaged(line_at(text, begin.start()))
    inside = text[begin.end() : end.start()]
    notes = b"".join(note for note in (NOTED_HEADER, NOTED_LINE_END) if note in inside)
    body = inside.replace(NOTED_HEADER, b"").replace(NOTED_LINE_END, b"")
    return Block(begin.start(), end.end(), body, notes)


def _damaged(line: int) -> Remark:
    return Remark(
        line,
        "the lines that mark devstack-venv's block are damaged: one BEGIN and one END line are "
        "expected, unchanged, in this order, inside one [[local|localrc]] section",
        "Delete the block with both its lines; it is written anew",
    )


def without_block(text: bytes) -> bytes:
    """Return the text as it was before the block came; a damaged block stays."""
    above, below = around_block(text)
    return above + below


def around_block(text: bytes) -> tuple[bytes, bytes]:
    """Return what the block leaves behind above and below it; without one, all is above."""
    block = find_block(text)
    if not isinstance(block, Block):
        return text, b""
    above, below = text[: block.start], text[block.end :]
    if _blank_above(above):
        above = above[:-1]
    if NOTED_HEADER in block.notes and above.endswith(HEADER) and _section_is_over(below):
        above = above[: -len(HEADER)]
    if NOTED_LINE_END in block.notes and not below:
        above = above.removesuffix(b"\n")
    return above, below


def with_block(text: bytes, body: bytes) -> bytes:
    """Return the text with a block of this body, in place of the one it may hold already."""
    block = find_block(text)
    if isinstance(block, Block) and _is_last_word(text, block):
        return b"".join(
            (text[: block.start], BEGIN, block.notes, body, END, text[block.end :]),
        )
    text = without_block(text)
    at, lead, notes = _place(text)
    return b"".join((text[:at], lead, b"\n", BEGIN, notes, body, END, text[at:]))


def shell_text(text: bytes) -> bytes:
    """Return what DevStack would run if our block were not there."""
    return localrc(without_block(text))


def _place(text: bytes) -> tuple[int, bytes, bytes]:
    """Say where a new block goes, what goes before its blank line, and what to note in it."""
    parts = localrc_sections(text)
    end = parts[-1].end if parts else len(text)
    line_end = b"" if text.endswith(b"\n", 0, end) or not end else b"\n"
    noted = NOTED_LINE_END if line_end else b""
    if not parts or not parts[-1].seen_in_2014:
        # right below the section before it: a blank line would be one more line of that one
        return end, line_end + HEADER, NOTED_HEADER + noted
    # before the blank lines that end the section, so that they still stand before the next one
    body = text[parts[-1].start : end]
    spoken = len(body.rstrip(b"\n"))
    spare = len(body) - spoken
    return end - spare + bool(spoken and spare), line_end, noted


def _is_last_word(text: bytes, block: Block) -> bool:
    """Whether the block is where it belongs: nothing but blank lines between it and the end."""
    last = localrc_sections(text)[-1]
    return (
        last.seen_in_2014
        and not text[block.end : last.end].strip(b"\n")
        and _blank_above(text[: block.start])
    )


def _blank_above(before: bytes) -> bool:
    return before.endswith(b"\n\n")


def _section_is_over(after: bytes) -> bool:
    rest = after.lstrip(b"\n")
    return not rest or is_header(rest.split(b"\n", 1)[0])


def unified_diff(path: str, old: bytes, new: bytes, mask: Callable[[str], str]) -> str:
    """Return what changes, as ``diff -u`` has it, secrets masked in the whole texts.

    A line alone does not tell that it goes on with a password that began above it.
    """
    texts = [text.decode(errors="backslashreplace") for text in (old, new)]
    before, after = map(_LINE.findall, texts)
    changed = difflib.unified_diff(before, after, path, path)
    shown = _as_in(changed, *(_LINE.findall(mask(text)) for text in texts))
    return "".join(line if line.endswith("\n") else _unended(line) for line in shown)


def _as_in(changed: Iterator[str], before: list[str], after: list[str]) -> Iterator[str]:
    """Return a diff with its lines as they are in other texts of as many lines."""
    yield from islice(changed, 2)  # the names
    old = new = 0
    for line in changed:
        if hunk := _HUNK.match(line):
            old, new = (int(number) - 1 for number in hunk.groups())
            yield line
        elif line.startswith("-"):
            yield f"-{before[old]}"
            old += 1
        else:
            yield f"{line[0]}{after[new]}"
            old, new = old + line.startswith(" "), new + 1


def _unended(line: str) -> str:
    return f"{line}\n\\ No newline at end of file\n"
