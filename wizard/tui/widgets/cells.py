"""Text in a given number of columns: foreign text made harmless, cut where it is too long."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from wizard.model.foreign_text import harmless

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and how it is meant: "" or one of good, warn, bad, dim, strong."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``share`` of what is left over makes it wider; 0 keeps it at ``width``.

    Where there is too little room, columns with the highest ``rank`` go first.
    """

    title: str
    width: int
    share: int = 0
    rank: int = 0
    cut_middle: bool = False


def fitted(text: str, width: int, *, middle: bool = False) -> str:
    """Return the text in exactly ``width`` columns."""
    clean = harmless(text).replace("\t", "    ")
    if cell_len(clean) <= width:
        return set_cell_size(clean, width)
    return cut_middle(clean, width) if middle else _cut_end(clean, width)


def cut_middle(text: str, width: int) -> str:
    """Return a path or the like with its ends, which tell most."""
    if cell_len(text) <= width:
        return text
    if not width:
        return ""
    head = max(0, (width - 1) // 2)
    tail = max(0, width - 1 - head)
    return (
        set_cell_size(text, head) + ELLIPSIS + (set_cell_size(text[-tail:], tail) if tail else "")
    )


def _cut_end(text: str, width: int) -> str:
    return set_cell_size(text, max(0, width - 1)) + ELLIPSIS if width else ""


def widths(columns: Sequence[Column], room: int, gap: int = 2) -> tuple[int, ...]:
    """Share out the room; 0 for a column that does not fit."""
    shown = list(range(len(columns)))
    while len(shown) > 1 and _needed(columns, shown, gap) > room:
        shown.remove(max(shown, key=lambda index: (columns[index].rank, index)))
    spare = max(0, room - _needed(columns, shown, gap))
    shares = sum(columns[index].share for index in shown)
    found = [0] * len(columns)
    for index in shown:
        more = spare * columns[index].share // shares if shares else 0
        found[index] = columns[index].width + more
    return tuple(found)


def _needed(columns: Sequence[Column], shown: Sequence[int], gap: int) -> int:
    return sum(columns[index].width for index in shown) + gap * (len(shown) - 1)
