"""What keeps a block in local.conf from counting: text that DevStack or bash would misread."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

from wizard.model.bash.hazards import fixes, stops
from wizard.model.local_conf.editor import Remark, around_block, find_block, shell_text
from wizard.model.local_conf.meta_sections import file_lines, is_header, line_at, sections

MAX_BYTES = 4 * 1024 * 1024

Complete = Callable[[bytes], str]
"""Asks bash whether a text is a complete program: "" when it is, else bash's complaint."""

_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_HEADER_LIKE = re.compile(rb"^\[\[.*$", re.MULTILINE)
_HIDDEN_HEADER = re.compile(rb"^\xef\xbb\xbf\[\[.*$", re.MULTILINE)
_CONFLICT = re.compile(rb"^<<<<<<<(?: .*)?$", re.MULTILINE)
_CONFLICT_END = re.compile(rb"^>>>>>>>(?: .*)?$", re.MULTILINE)
_PLACEHOLDER = re.compile(rb"[ \t]*(?:export[ \t]+)?[A-Za-z_]\w*=(?P<what><[^<>\n]*>)")
_LINE_NUMBER = re.compile(r"(?:here-document at line|line) (\d+)")
_NUMBERING = re.compile(r"(?: at )?line \d+(?:: )?")  # which counts the lines of localrc alone
_CUT = re.compile("here-document|unexpected EOF|unexpected end of file")

_SAVE = "Save it as plain UTF-8 text"
_CONVERT = "Give it Unix line ends: sed -i 's/\\r$//' local.conf"


def unreadable(text: bytes, complete: Complete) -> tuple[Remark, ...]:
    """Return why DevStack would not read this text to its end: nothing when it does."""
    refused = tuple(_bytes_defects(text))
    if refused:
        return refused
    block = find_block(text)
    if isinstance(block, Remark):
        return (block,)
    if block is not None and (complaint := complete(shell_text(text[: block.start]))):
        return (_incomplete(text[: block.start], complaint),)
    if complaint := complete(shell_text(text)):
        return (_incomplete(text, complaint),)
    return ()


def obstructed(text: bytes, names: AbstractSet[str]) -> tuple[Remark, ...]:
    """Return what would keep a block that sets ``names`` from running or from counting.

    The text must be readable.
    """
    # the blank line above our block ends what a last backslash would go on with
    shell, where = shell_text(text) + b"\n", user_lines(text)
    stopped = tuple(
        Remark(
            where[line - 1],
            f"{why}: what stands below it in localrc, our block too, may never run",
            "Take it out of local.conf, or put it into parentheses",
        )
        for line, why in stops(shell)
    )
    fixed = tuple(
        Remark(where[line - 1], why, "Make it a plain NAME=value, or take it out")
        for line, why in fixes(shell, names)
    )
    return stopped + fixed


def user_lines(text: bytes) -> tuple[int, ...]:
    """Return, for each line of the user's shell text, which line of the file it is."""
    above, below = around_block(text)
    last = above.count(b"\n") + 1
    added = text.count(b"\n") - (above + below).count(b"\n")
    lines = file_lines(above + below)
    return tuple(line + added if below and line >= last else line for line in lines)


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
        yield from _hidden_headers(text)
        yield from _odd_headers(text)
        yield from _conflicts(text)


def _hidden_headers(text: bytes) -> Iterator[Remark]:
    if text.startswith(_BOM):
        yield Remark(1, "a byte order mark hides the first line from DevStack", _SAVE)
    for found in _HIDDEN_HEADER.finditer(text, 1):
        yield Remark(line_at(text, found.start()), "a byte order mark hides this header", _SAVE)


def _odd_headers(text: bytes) -> Iterator[Remark]:
    for found in _HEADER_LIKE.finditer(text):
        line = found[0]
        if b"\r" in line and is_header(line):
            what = "a section header with a Windows line end: DevStack does not know the section"
            yield Remark(line_at(text, found.start()), what, _CONVERT)
        elif not line.isascii() and not _is_utf8(line) and is_header(line):
            what = "a section header that is not UTF-8: DevStack may run its section as shell"
            yield Remark(line_at(text, found.start()), what, _SAVE)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _conflicts(text: bytes) -> Iterator[Remark]:
    begin = _CONFLICT.search(text)
    if begin and _CONFLICT_END.search(text, begin.end()):
        cure = "Settle the merge and take the marker lines out"
        yield Remark(line_at(text, begin.start()), "an unsettled merge conflict", cure)


def _incomplete(text: bytes, complaint: str) -> Remark:
    """Say in which line bash gave up, and the likely reason."""
    # the blank line above our block ends what a last backslash would go on with
    shell, where = shell_text(text) + b"\n", user_lines(text)
    said = _LINE_NUMBER.findall(complaint)
    number = min(int(said[-1]), len(where)) if said else 0
    at = where[number - 1] if number else 0
    line = shell.split(b"\n", number)[number - 1] if number else b""
    if placeholder := _PLACEHOLDER.match(line):
        name = placeholder["what"].decode(errors="replace")
        what = f"the placeholder {name} is not filled in: DevStack silently stops reading there"
        return Remark(at, what, "Put the value in its place")
    reason = _NUMBERING.sub("", complaint)
    cut_at = next((section.line for section in sections(text) if section.line > at), 0)
    if cut_at and _CUT.search(complaint):
        what = (
            f"what begins here is cut at line {cut_at}, which DevStack takes for a section header"
        )
        return Remark(at, f"{what} ({reason})", "Indent that line, or close what is open above it")
    what = f"bash cannot read localrc from here on, and DevStack does not tell: {reason}"
    return Remark(at, what, "Correct it; bash -n checks a script without running it")
