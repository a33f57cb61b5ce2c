"""A table that draws only what is seen: 3,000 rows cost no more than 30."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wizard.tui.widgets.cells import Cell, Column, fitted, widths

GAP = 2
POINTER = "▸ "


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; ``key`` names it to the screen."""

    key: str
    cells: tuple[Cell, ...]


class Table(ScrollView, can_focus=True):
    """Rows under a heading, one of them the present one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "move(-1000000)", "First", show=False),
        Binding("end,G", "move(1000000)", "Last", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--heading",
        "table--cursor",
        "table--idle-cursor",
        "table--good",
        "table--warn",
        "table--bad",
        "table--dim",
        "table--strong",
    }
    DEFAULT_CSS = """
    Table {
        height: 1fr;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        & .table--heading { color: $text-muted; text-style: bold; }
        & .table--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
        & .table--idle-cursor { text-style: bold; }
        & .table--good { color: $text-success; }
        & .table--warn { color: $text-warning; }
        & .table--bad { color: $text-error; }
        & .table--dim { color: $text-muted; }
        & .table--strong { text-style: bold; }
    }
    """
    cursor: reactive[int] = reactive(0)

    class Moved(Message):
        """Another row is the present one (None: there is none)."""

        def __init__(self, table: "Table", row: Row | None) -> None:
            super().__init__()
            self.table = table
            self.row = row

        @property
        def control(self) -> "Table":
            """The table, for @on selectors."""
            return self.table

    class Chosen(Moved):
        """Enter, or a click on the present row."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        id: str | None = None,  # noqa: A002 -- as Textual calls it
        empty: str = "",
    ) -> None:
        super().__init__(id=id)
        self.columns = tuple(columns)
        self.rows: tuple[Row, ...] = ()
        self.empty = empty

    @property
    def present(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    @property
    def heading(self) -> int:
        """How many lines the heading takes."""
        return 1 if any(column.title for column in self.columns) else 0

    def show(self, rows: Sequence[Row], *, empty: str | None = None) -> None:
        """Show other rows; the cursor stays on its row (by key), or at the very top."""
        before = self.present
        self.rows = tuple(rows)
        self.empty = self.empty if empty is None else empty
        self._measure()
        keys = {row.key: index for index, row in enumerate(self.rows)}
        last = max(0, len(self.rows) - 1)
        wanted = keys.get(before.key, min(self.cursor, last)) if before and self.cursor else 0
        self.set_reactive(Table.cursor, wanted)
        self._follow()
        self.refresh()
        self.post_message(self.Moved(self, self.present))

    def go_to(self, key: str) -> None:
        """Put the cursor on the row of this key."""
        self.cursor = next((i for i, row in enumerate(self.rows) if row.key == key), self.cursor)

    def validate_cursor(self, wanted: int) -> int:
        """Keep it among the rows."""
        return max(0, min(wanted, len(self.rows) - 1))

    def watch_cursor(self) -> None:
        """Bring the row into view and say which it is."""
        self._follow()
        self.refresh()
        self.post_message(self.Moved(self, self.present))

    def _measure(self) -> None:
        width = self.scrollable_content_region.width
        self.virtual_size = Size(width, len(self.rows) + self.heading)

    def _follow(self) -> None:
        line = self.cursor + self.heading
        top = 0 if self.cursor == 0 else line - self.heading
        region = Region(0, top, 1, line - top + 1)
        self.scroll_to_region(region, animate=False, force=True)

    def action_move(self, by: int) -> None:
        """Go up or down."""
        self.cursor += by

    def action_page(self, by: int) -> None:
        """Go up or down by what is seen."""
        self.cursor += by * max(1, self.size.height - self.heading - 1)

    def action_choose(self) -> None:
        """Choose the present row."""
        if self.present is not None:
            self.post_message(self.Chosen(self, self.present))

    def on_click(self, event: events.Click) -> None:
        """Go to the row that was clicked; choose it when it is the present one already."""
        index = event.y + self.scroll_offset.y - self.heading
        if event.y < self.heading or not 0 <= index < len(self.rows):
            return
        if index == self.cursor and event.chain > 1:
            self.action_choose()
        self.cursor = index

    def on_resize(self) -> None:
        """Columns share the width anew."""
        self._measure()
        self._follow()

    def on_focus(self) -> None:
        """The cursor looks different now."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor looks different now."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is seen; the heading stays at the top."""
        room = self.scrollable_content_region.width - len(POINTER) - 1
        shares = widths(self.columns, room, GAP)
        if y < self.heading:
            titles = tuple(Cell(column.title) for column in self.columns)
            return self._strip(
                "  ", titles, shares, self.get_component_rich_style("table--heading")
            )
        index = y + self.scroll_offset.y - (0 if y < self.heading else self.heading)
        if not self.rows and index == 0 and self.empty:
            style = self.get_component_rich_style("table--dim")
            return self._line([Segment("  " + fitted(self.empty, room), style)])
        if not 0 <= index < len(self.rows):
            return self._line([])
        cells = self.rows[index].cells
        if index != self.cursor:
            return self._strip("  ", cells, shares, self.rich_style)
        name = "table--cursor" if self.has_focus else "table--idle-cursor"
        style = self.rich_style + self.get_component_rich_style(name)
        return self._strip(POINTER, cells, shares, style, toned=not self.has_focus)

    def _strip(
        self,
        lead: str,
        cells: Sequence[Cell],
        shares: Sequence[int],
        style: Style,
        *,
        toned: bool = True,
    ) -> Strip:
        segments = [Segment(lead, style)]
        for cell, column, width in zip(cells, self.columns, shares, strict=False):
            if not width:
                continue
            cell_style = style + self._tone(cell.tone) if toned and cell.tone else style
            segments.append(Segment(fitted(cell.text, width, middle=column.cut_middle), cell_style))
            segments.append(Segment(" " * GAP, style))
        return self._line(segments[:-1], style)

    def _tone(self, tone: str) -> Style:
        return self.get_component_rich_style(f"table--{tone}")

    def _line(self, segments: list[Segment], style: Style | None = None) -> Strip:
        width = self.scrollable_content_region.width
        return Strip(segments).adjust_cell_length(width, style or self.rich_style)
