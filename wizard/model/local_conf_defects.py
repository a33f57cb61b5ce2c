"""What keeps a block in local.conf from counting: defects that refuse it, and warnings."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

from wizard.model.local_conf import Block, Remark, find_block, shell_text, without_block
from wizard.model.managed_block import ManagedBlock
from wizard.model.meta_sections import (
    Section,
    file_line,
    is_header,
    is_localrc,
    line_at,
    localrc_sections,
    sections,
)
from wizard.model.shell_hazards import assigned, fixes, spaced_assignments, stops

MAX_BYTES = 4 * 1024 * 1024

Complete = Callable[[bytes], str]
"""Asks bash whether a text is a complete program: "" when it is, else bash's complaint."""

_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_HEADER_LIKE = re.compile(rb"^\[\[.*$", re.MULTILINE)
_HIDDEN_HEADER = re.compile(rb"^\xef\xbb\xbf\[\[.*$", re.MULTILINE)
_CONFLICT = re.compile(rb"^<<<<<<<(?: .*)?$(?=(?s:.)*^>>>>>>>(?: |$))", re.MULTILINE)
_PLACEHOLDER = re.compile(rb"^[ \t]*(?:export[ \t]+)?[A-Za-z_]\w*=(?P<what><[^<>\n]*>)")
_COMPLAINT_LINE = re.compile(r"(?:here-document at line|line) (\d+)")
_MISFIT = re.compile(rb"^[^\w\n#\[]{0,8}\[\[[^\w\n]{0,4}local[^\w\n]{1,6}localrc\b.*$", re.M | re.I)
_SPOKEN = re.compile(rb"^[ \t]*[^ \t\n#].*$", re.MULTILINE)


def defects(text: bytes, names: AbstractSet[str], complete: Complete) -> tuple[Remark, ...]:
    """Return why no block may go into this text: nothing when one that sets ``names`` may."""
    refused = tuple(_bytes_defects(text))
    if refused:
        return refused
    damaged = find_block(text)
    if isinstance(damaged, Remark):
        return (damaged,)
    return tuple(_shell_defects(text, names, complete))


def _bytes_defects(text: bytes) -> Iterator[Remark]:
    if len(text) > MAX_BYTES:
        yield Remark(0, f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB")
    elif text.startswith(_WIDE_BOMS):
        yield Remark(1, "the file is UTF-16, which neither DevStack nor bash reads", _SAVE)
    elif b"\0" in text:
        yield Remark(line_at(text, text.index(b"\0")), "a NUL byte", _SAVE)
    elif b"\r" in text and b"\n" not in text:
        yield Remark(1, "lines end in a carriage return alone: DevStack sees one line", _CONVERT)
    else:
        yield from _header_defects(text)
        yield from _conflicts(text)


_SAVE = "Save it as plain UTF-8 text"
_CONVERT = "Give it Unix line ends: sed -i 's/\\r$//' local.conf"


def _header_defects(text: bytes) -> Iterator[Remark]:
    if text.startswith(_BOM):
        yield Remark(1, "a byte order mark hides the first line from DevStack", _SAVE)
    for found in _HIDDEN_HEADER.finditer(text, 1):
        yield Remark(line_at(text, found.start()), "a byte order mark hides this header", _SAVE)
    for found in _HEADER_LIKE.finditer(text):
        line, at = found[0], found.start()
        if not is_header(line):
            continue
        if b"\r" in line:
            what = "a section header with a Windows line end: DevStack does not know the section"
            yield Remark(line_at(text, at), what, _CONVERT)
        elif not _is_utf8(line):
            what = "a section header that is not UTF-8: DevStack may run its section as shell"
            yield Remark(line_at(text, at), what, _SAVE)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _conflicts(text: bytes) -> Iterator[Remark]:
    found = _CONFLICT.search(text) if b"\n>>>>>>>" in text else None
    if found:
        cure = "Settle the merge and take the three marker lines out"
        yield Remark(line_at(text, found.start()), "an unsettled merge conflict", cure)


def _shell_defects(text: bytes, names: AbstractSet[str], complete: Complete) -> Iterator[Remark]:
    bare = without_block(text)
    block = find_block(text)
    if isinstance(block, Block):
        complaint = complete(shell_text(text[: block.start]))
        if complaint:
            yield _incomplete(text[: block.start], complaint)
            return
    complaint = complete(shell_text(bare))
    if complaint:
        yield _incomplete(bare, complaint)
        return
    shell = shell_text(bare)
    for line, why in stops(shell):
        what = f"{why}: what stands below in localrc, our block too, may never run"
        yield Remark(_where(text, bare, line), what, "Move it out of local.conf, or into ( )")
    for line, why in fixes(shell, names):
        yield Remark(_where(text, bare, line), why, "Make it a plain NAME=value, or remove it")


def _where(text: bytes, bare: bytes, line: int) -> int:
    """Return the line of the file for a line of the shell text without our block."""
    at = file_line(bare, line)
    block = find_block(text)
    if isinstance(block, Block) and line_at(text, block.start) <= at:
        at += len(text.splitlines()) - len(bare.splitlines())
    return at


def _incomplete(text: bytes, complaint: str) -> Remark:
    """Say in which line bash gave up, and the likely reason."""
    said = _COMPLAINT_LINE.search(complaint)
    shell = shell_text(text)
    number = min(int(said[1]), shell.count(b"\n")) if said else 0
    at = file_line(text, number)
    line = (shell.split(b"\n")[number - 1 : number] or [b""])[0]
    placeholder = _PLACEHOLDER.match(line) if number else None
    if placeholder:
        name = placeholder["what"].decode(errors="replace")
        what = f"the placeholder {name} is not filled in: DevStack silently stops reading there"
        return Remark(at, what, "Put the value in its place")
    follower = _cut_by(text, at)
    if follower and ("here-document" in complaint or "EOF" in complaint or "end of" in complaint):
        what = f"DevStack ends localrc at line {follower.line}, which it takes for a section header"
        return Remark(at, f"{what}, and what begins here is cut: {complaint}", "Indent that line")
    what = f"bash cannot read localrc, and DevStack silently stops there: {complaint}"
    return Remark(at, what, "Correct it: bash -n shows when it is right")


def _cut_by(text: bytes, line: int) -> Section | None:
    """Return the header that ends the section with this line."""
    following = (section for section in sections(text) if section.line > line)
    return next(following, None)


def warnings(text: bytes, block: ManagedBlock) -> tuple[Remark, ...]:
    """Return what DevStack reads otherwise than the writer of the file may think."""
    bare = without_block(text)
    shell = shell_text(text)
    found = [
        *_lost_lines(text),
        *_misfits(text),
        *_carriage_returns(text),
        *_own_lines_in_block(text, block),
    ]
    found += [
        Remark(_where(text, bare, line), f"{name} is set here; our block below has the last word")
        for line, name in assigned(shell, block.names)
    ]
    found += [
        Remark(
            _where(text, bare, line),
            f"`{name} =` runs a command named {name} and sets nothing",
            f"Write {name}=value without spaces",
        )
        for line, name in spaced_assignments(shell)
    ]
    return tuple(sorted(found, key=lambda remark: remark.line))


def _lost_lines(text: bytes) -> Iterator[Remark]:
    """Warn of text above the first header, and of sections that old DevStacks skip."""
    parts = sections(text)
    first = parts[0].start - len(parts[0].header) - 1 if parts else len(text)
    spoken = _SPOKEN.search(text, 0, max(first, 0))
    if spoken:
        what = "DevStack ignores what stands above the first section header"
        yield Remark(line_at(text, spoken.start()), what, "Move it below [[local|localrc]]")
    for part in parts:
        if part.is_localrc and not part.seen_in_2014:
            what = "DevStack up to 2016 skips the second of two localrc sections in a row"
            yield Remark(part.line, what, "Make them one section")


def _misfits(text: bytes) -> Iterator[Remark]:
    """Warn of lines that look like a header and are none, or are one and do not look it."""
    for found in _MISFIT.finditer(text):
        if not (is_header(found[0]) and is_localrc(found[0])):
            what = "DevStack does not take this line for [[local|localrc]]"
            yield Remark(
                line_at(text, found.start()), what, "Write [[local|localrc]], nothing else"
            )
    localrc_ends = {part.end for part in localrc_sections(text)}
    for part in sections(text):
        begins = part.start - len(part.header) - 1
        first = part.header.split(None, 1)[0]
        if begins in localrc_ends and not first.endswith(b"]]") and not _MISFIT.match(part.header):
            what = "DevStack takes this line for a section header and ends localrc above it"
            yield Remark(part.line, what, "Indent it by a space")


def _carriage_returns(text: bytes) -> Iterator[Remark]:
    shell = shell_text(text)
    count = shell.count(b"\r\n")
    if count:
        line = file_line(text, line_at(shell, shell.index(b"\r\n")))
        what = f"values end in a carriage return from here on ({count} lines)"
        yield Remark(line, what, _CONVERT)


def _own_lines_in_block(text: bytes, new: ManagedBlock) -> Iterator[Remark]:
    """Warn of lines that somebody put between our markers: they go with the old block."""
    block = find_block(text)
    if not isinstance(block, Block):
        return
    written = {line.text.partition("=")[0] for line in new.lines}
    for line, name in assigned(block.body, _every_name(block.body) - written):
        at = line_at(text, block.start) + line + block.notes.count(b"\n")
        yield Remark(at, f"{name} inside our block is replaced with it", "Move it above the block")


def _every_name(body: bytes) -> frozenset[str]:
    return frozenset(re.findall(r"[A-Za-z_]\w*", body.decode("latin-1"), re.ASCII))
