"""A requirements file as lines of meaning: continuations joined, comments apart, options named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

OPTIONS = {
    "-r": "-r",
    "--requirement": "-r",
    "-c": "-c",
    "--constraint": "-c",
    "-e": "-e",
    "--editable": "-e",
}

_COMMENT = re.compile(r"(?:^|\s+)#(.*)$")
_OPTION = re.compile(r"(--[a-z-]+|-[a-z])(?:\s+|\s*=\s*)?(.*)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of meaning: its number, option (``-r``, ``-c``, ``-e``, "" for none) and text.

    An option that is not understood stays in ``text`` with its dash.
    """

    number: int
    option: str
    text: str
    comment: str


def lines(text: str) -> Iterator[Line]:
    """Yield every line that means something."""
    for number, line in _joined(text):
        found = _COMMENT.search(line)
        body = (line[: found.start()] if found else line).strip()
        if body:
            option, rest = _split(body)
            yield Line(number, option, rest, found[1].strip() if found else "")


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines with the number of their first; a comment line ends a continuation."""
    first, pending = 0, ""
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        first = first or number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            pending += line[:-1]
        else:
            yield first, pending + (f" {line}" if line.startswith("#") else line)
            first, pending = 0, ""
    if pending:
        yield first, pending


def _split(body: str) -> tuple[str, str]:
    found = _OPTION.match(body)
    option = OPTIONS.get(found[1]) if found else None
    return (option, found[2].strip()) if found and option else ("", body)
