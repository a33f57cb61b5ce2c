"""Rows with a lead at the left; what does not fit on a line goes on below, beside the lead."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widgets import Static

from wizard.model.foreign_text import harmless

LEAST = 20  # columns for a text, however narrow it gets


@dataclass(frozen=True, slots=True)
class Hung:
    """A row: the lead, the text, and a note that is less important."""

    lead: str
    text: str
    note: str = ""
    lead_style: str = ""
    text_style: str = ""


class Hanging(Static):
    """Folds its rows to the width there is."""

    DEFAULT_CSS = """
    Hanging { height: auto; width: 1fr; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- as Textual calls it
        super().__init__(id=id, markup=False)
        self._rows: tuple[Hung, ...] = ()

    def show(self, rows: Sequence[Hung]) -> None:
        """Show other rows."""
        self._rows = tuple(rows)
        self.fold()

    def on_resize(self) -> None:
        """Fold anew."""
        self.fold()

    def fold(self) -> None:
        """Lay the rows out."""
        width = self.size.width or self.app.size.width
        lines = [line for row in self._rows for line in _folded(row, width)]
        self.update(Content("\n").join(lines))


def _folded(row: Hung, width: int) -> Iterator[Content]:
    text, note = harmless(row.text), harmless(row.note)
    whole = f"{text}  {note}" if note else text
    room = max(LEAST, width - len(row.lead))
    for number, line in enumerate(textwrap.wrap(whole, room, break_on_hyphens=False) or [""]):
        lead = " " * len(row.lead) if number else row.lead
        begin = line if not note or note not in line else line.partition(note)[0]
        yield Content.assemble(
            (lead, row.lead_style), (begin, row.text_style), (line[len(begin) :], "$text-muted")
        )
