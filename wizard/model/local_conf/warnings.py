"""What DevStack reads in a local.conf otherwise than the writer may think: nothing to refuse."""

import re
from collections.abc import Iterator
from itertools import pairwise

from wizard.model.bash.hazards import assigned, spaced_assignments
from wizard.model.local_conf.defects import user_lines
from wizard.model.local_conf.editor import Block, Remark, find_block, shell_text
from wizard.model.local_conf.managed_block import ManagedBlock
from wizard.model.local_conf.meta_sections import (
    Section,
    is_header,
    is_localrc,
    line_at,
    sections,
)

_MISFIT = re.compile(
    rb"^[^\w\n#\[]{0,8}\[\[[^\w\n]{0,4}local[^\w\n]{1,6}localrc\b.*$", re.MULTILINE | re.IGNORECASE
)
_SPOKEN = re.compile(rb"^[ \t]*[^ \t\n#].*$", re.MULTILINE)
_NAMES = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def warnings(text: bytes, block: ManagedBlock) -> tuple[Remark, ...]:
    """Return the warnings about a readable text that is to hold this block, in file order."""
    found = [
        *_lost_lines(text),
        *_misfits(text),
        *_tests_as_headers(sections(text)),
        *_skipped_sections(sections(text)),
        *_carriage_returns(text),
        *_overridden(text, block),
        *_spaced(text),
        *_strangers_in_block(text, block),
    ]
    return tuple(sorted(found, key=lambda remark: remark.line))


def _lost_lines(text: bytes) -> Iterator[Remark]:
    first = next(iter(sections(text)), None)
    above = first.start - len(first.header) - 1 if first else len(text)
    if spoken := _SPOKEN.search(text, 0, above):
        what = "DevStack ignores what stands above the first section header"
        yield Remark(line_at(text, spoken.start()), what, "Move it below [[local|localrc]]")


def _misfits(text: bytes) -> Iterator[Remark]:
    for found in _MISFIT.finditer(text):
        if not (is_header(found[0]) and is_localrc(found[0])):
            what = "DevStack does not take this line for [[local|localrc]]"
            yield Remark(line_at(text, found.start()), what, "Write [[local|localrc]], no more")


def _tests_as_headers(parts: tuple[Section, ...]) -> Iterator[Remark]:
    for above, part in pairwise(parts):
        is_test = not re.split(rb"[ \t]", part.header, maxsplit=1)[0].endswith(b"]]")
        if above.is_localrc and is_test and not part.is_localrc and not _MISFIT.match(part.header):
            what = "DevStack takes this line for a section header and ends localrc above it"
            yield Remark(part.line, what, "Indent it by a space")


def _skipped_sections(parts: tuple[Section, ...]) -> Iterator[Remark]:
    for part in parts:
        if part.is_localrc and not part.seen_in_2014:
            what = "DevStack up to 2016 skips the second of two localrc sections in a row"
            yield Remark(part.line, what, "Make them one section")


def _carriage_returns(text: bytes) -> Iterator[Remark]:
    shell = shell_text(text)
    if count := shell.count(b"\r\n"):
        line = user_lines(text)[shell.count(b"\n", 0, shell.index(b"\r\n"))]
        what = f"values end in a carriage return from here on ({count} lines)"
        yield Remark(line, what, "Give it Unix line ends: sed -i 's/\\r$//' local.conf")


def _overridden(text: bytes, block: ManagedBlock) -> Iterator[Remark]:
    where = user_lines(text)
    last = {name: line for line, name in assigned(shell_text(text), block.names)}
    for name, line in last.items():
        yield Remark(where[line - 1], f"{name} is set here; our block below has the last word")


def _spaced(text: bytes) -> Iterator[Remark]:
    where = user_lines(text)
    for line, name in spaced_assignments(shell_text(text)):
        what = f"`{name} =` runs a command named {name} and sets nothing"
        yield Remark(where[line - 1], what, f"Write {name}=value without spaces")


def _strangers_in_block(text: bytes, new: ManagedBlock) -> Iterator[Remark]:
    """Warn of lines that somebody put between our markers: they go with the old block."""
    block = find_block(text)
    if not isinstance(block, Block):
        return
    ours = frozenset(_NAMES.findall(new.body.decode("latin-1")))
    written = {name for _, name in assigned(new.body, ours)}
    names = frozenset(_NAMES.findall(block.body.decode("latin-1"))) - written
    for line, name in assigned(block.body, names):
        at = line_at(text, block.start) + line + block.notes.count(b"\n")
        yield Remark(at, f"{name} inside our block goes with it", "Move it above the block")
