"""The live log: a window into a file that may have millions of lines."""

import time
from bisect import bisect_left
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wizard.model.log_level import Level, level
from wizard.tui.widgets.log_file import LogFile, Matches
from wizard.tui.widgets.log_search import Search

RATE = 20  # looks at the file in a second
BUDGET = 0.01  # seconds that one look may take: the keys wait for it
GULP = 1000  # lines searched before the clock is asked again
SHIFT = 16  # columns that one key press goes sideways
MARK = "▌"  # before a line that a finding is about

FILTERS: tuple[tuple[str, Level], ...] = (
    ("all lines", Level.ROUTINE),
    ("warnings and errors", Level.WARNING),
    ("errors", Level.ERROR),
)


class BuildLog(ScrollView, can_focus=True):
    """Shows what is seen, and nothing else is in memory; follows the end until one scrolls up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "begin", "Begin", show=False),
        Binding("end,G", "follow", "Follow the end", show=False),
        Binding("left", "shift(-1)", "Left", show=False),
        Binding("right", "shift(1)", "Right", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"log--{level.name.lower()}" for level in Level),
        *("log--number", "log--mark", "log--match", "log--found"),
    }
    DEFAULT_CSS = """
    BuildLog {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & .log--routine { color: $text-muted; }
        & .log--plain { color: $foreground; }
        & .log--good { color: $text-success; }
        & .log--command { color: $text-accent; text-style: bold; }
        & .log--warning { color: $text-warning; }
        & .log--error { color: $text-error; text-style: bold; }
        & .log--number { color: $text-muted; }
        & .log--mark { color: $error; }
        & .log--match { background: $warning-muted; color: $text-warning; }
        & .log--found { background: $warning; color: $background; text-style: bold; }
    }
    """
    filters: ClassVar[tuple[str, ...]] = tuple(name for name, _ in FILTERS)
    following: reactive[bool] = reactive(default=True)
    left: reactive[int] = reactive(0)

    def __init__(self, path: Path, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.file = LogFile(path)
        self.numbered = False
        self.marked: set[int] = set()  # lines that findings are about
        self.search = Search(self.file)
        self._filter = 0
        self._rows: Matches | None = None  # None: every line

    def on_mount(self) -> None:
        """Look at the file now and then."""
        self.set_interval(1 / RATE, self.look)
        self.look()

    def on_unmount(self) -> None:
        """The file is not needed any more."""
        self.file.close()

    def look(self) -> None:
        """Take in what is new, for as long as nobody notices."""
        deadline = time.monotonic() + BUDGET
        before = self.row_count
        while self.file.grow() and time.monotonic() < deadline:
            pass
        for matches in filter(None, (self._rows, self.search.matches)):
            while matches.extend(GULP) and time.monotonic() < deadline:
                pass
        self._settle_search()
        if self.row_count != before or self.virtual_size.height != before:
            self._grown()

    @property
    def row_count(self) -> int:
        """How many lines there are to see."""
        return len(self.file) if self._rows is None else len(self._rows.numbers)

    @property
    def filter_name(self) -> str:
        """What is seen."""
        return FILTERS[self._filter][0]

    def action_move(self, by: int) -> None:
        """Go up or down; up stops following."""
        self.following = self.following and by > 0
        self.scroll_to(y=self.scroll_y + by, animate=False, force=True)

    def action_page(self, by: int) -> None:
        """Go up or down by what is seen."""
        self.action_move(by * max(1, self.size.height - 1))

    def action_begin(self) -> None:
        """Go to the first line."""
        self.following = False
        self.scroll_to(y=0, animate=False, force=True)

    def action_follow(self) -> None:
        """Go to the last line, and stay there as more come."""
        self.following = True

    def action_shift(self, by: int) -> None:
        """Go sideways, for long lines."""
        self.left = max(0, self.left + by * SHIFT)

    def toggle_pause(self) -> None:
        """Stop where one is, or go on with the end."""
        self.following = not self.following

    def next_filter(self) -> None:
        """Show only what is grave, or everything again."""
        top = self._line_at(self.scroll_offset.y)
        self._filter = (self._filter + 1) % len(FILTERS)
        least = FILTERS[self._filter][1]
        self._rows = Matches(self.file, lambda line: level(line) >= least) if least else None
        self.look()
        self._grown()
        if not self.following and top is not None:
            self.scroll_to(y=self._row_of(top), animate=False, force=True)

    def search_for(self, text: str) -> None:
        """Look for a text backwards from what is seen; "" ends the search."""
        self.search.begin(text)
        self.look()
        self.refresh()

    def search_on(self, direction: int) -> None:
        """Go to the next match, or to the one before."""
        self.search.wanted = direction
        self._settle_search()

    def go_to(self, line: int) -> None:
        """Show a line, with what stands around it."""
        while len(self.file) <= line and self.file.grow():
            pass
        if self._rows is not None and line not in self._rows.numbers:
            self._filter, self._rows = 0, None
        self.following = False
        self.search.at = line
        self._grown()
        self.scroll_to(
            y=self._row_of(line) - self.size.height // 2, animate=False, force=True, immediate=True
        )
        self.refresh()

    def watch_following(self, following: bool) -> None:  # noqa: FBT001 -- Textual calls it
        """Go to the end as soon as it is to be followed."""
        if following:
            self._to_end()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Whoever scrolls up wants to read; at the end again, it is followed."""
        super().watch_scroll_y(old_value, new_value)
        if new_value < min(old_value, self.max_scroll_y):
            self.following = False
        elif new_value >= self.max_scroll_y and new_value > old_value:
            self.following = True

    def on_resize(self) -> None:
        """What was at the end stays there."""
        self.numbered = self.size.width >= 100  # noqa: PLR2004 -- columns: there is room for them
        self._grown()

    def _grown(self) -> None:
        following = self.following
        self.virtual_size = Size(self.size.width, self.row_count)
        if following:
            self.following = True
            self._to_end()
        self.refresh()

    def _to_end(self) -> None:
        self.scroll_to(y=self.max_scroll_y, animate=False, force=True, immediate=True)

    def _settle_search(self) -> None:
        """Go to the match that was asked for, once it is known."""
        bottom = self._line_at(self.scroll_offset.y + self.size.height - 1)
        line = self.search.settle(len(self.file) if bottom is None else bottom + 1)
        if line is not None:
            self.go_to(line)

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is seen."""
        width = self.size.width
        number = self._line_at(y + self.scroll_offset.y)
        if number is None:
            return Strip.blank(width, self.rich_style)
        gutter = self._gutter(number)
        text = Strip(self._painted(number))
        room = width - gutter.cell_length
        text = text.crop(self.left, self.left + room)
        return Strip.join([gutter, text]).adjust_cell_length(width, self.rich_style)

    def _line_at(self, row: int) -> int | None:
        if not 0 <= row < self.row_count:
            return None
        return row if self._rows is None else self._rows.numbers[row]

    def _row_of(self, line: int) -> int:
        return line if self._rows is None else bisect_left(self._rows.numbers, line)

    def _gutter(self, number: int) -> Strip:
        is_marked = number in self.marked or number == self.search.at
        segments = [Segment(MARK if is_marked else " ", self._style("mark"))]
        if self.numbered:
            digits = max(4, len(str(len(self.file))))
            segments.append(Segment(f"{number + 1:>{digits}} ", self._style("number")))
        return Strip(segments)

    def _painted(self, number: int) -> list[Segment]:
        """Return a line with its colour, and with what is searched for standing out."""
        text = self.file.line(number)
        style = self._style(level(text).name.lower())
        match_style = style + self._style("found" if number == self.search.at else "match")
        pieces = self.search.pieces(text)
        return [Segment(piece, match_style if is_match else style) for piece, is_match in pieces]

    def _style(self, name: str) -> Style:
        return self.rich_style + self.get_component_rich_style(f"log--{name}", partial=True)
