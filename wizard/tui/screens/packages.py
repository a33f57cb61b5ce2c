"""What the two package screens have in common: the table, its keys, and taking changes back."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from wizard.model.problem import Problem
from wizard.tui import words
from wizard.tui.outcome import Given
from wizard.tui.package_edit import Change, Line, PackageEdit
from wizard.tui.screens.dialogs import CANCEL, Entry
from wizard.tui.step import Step
from wizard.tui.widgets.cells import Cell, Column
from wizard.tui.widgets.filter_input import FilterInput
from wizard.tui.widgets.table import Row, Table

USED, UNUSED = "✓", "·"
SIGNS = {Change.ADDED: "+", Change.REMOVED: "-", Change.EDITED: "~", Change.NONE: " "}
TONES = {Change.ADDED: "good", Change.REMOVED: "bad", Change.EDITED: "warn", Change.NONE: ""}


@dataclass(frozen=True, slots=True)
class Wording:
    """What a package is called on its screen."""

    one: str
    add: str
    placeholder: str


class PackagesScreen(Step):
    """A table over a ``PackageEdit``; every change makes a new one, and the old ones are kept."""

    COLUMNS: ClassVar[Sequence[Column]]
    WORDING: ClassVar[Wording]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/"),
        Binding("space", "turn", "Use", key_display="Space"),
        Binding("a", "add", "Add"),
        Binding("e,enter", "edit", "Edit", show=False),
        Binding("d,delete", "remove", "Remove", show=False),
        Binding("u", "take_back", "Undo", show=False),
        Binding("r", "reset", "Reset", show=False),
        Binding("c", "only_changes", "Changes", show=False),
    ]

    def __init__(self, given: Given) -> None:
        super().__init__(given)
        self.edit = self.first_edit()
        self._before: list[PackageEdit] = []
        self._only_changes = False

    # What a subclass says

    @abstractmethod
    def first_edit(self) -> PackageEdit:
        """Return the list and what was said of it so far."""

    @abstractmethod
    def cells(self, line: Line) -> Iterable[Cell]:
        """Return what follows the mark and the sign in a row."""

    @abstractmethod
    def explain_line(self, line: Line) -> None:
        """Fill the pane for a row."""

    @abstractmethod
    def warn_without(self, line: Line) -> str:
        """Return what suffers when this is not used, "" for nothing."""

    @abstractmethod
    def judge(self, text: str) -> Problem | str | None:
        """Say quickly whether a text can be a package."""

    @abstractmethod
    def inquire(self, text: str) -> Problem | str | None:
        """Ask the index, in a thread."""

    @abstractmethod
    def offers(self, text: str) -> Sequence[str]:
        """Return what may have been meant by a text that the index does not know, in a thread."""

    def counts(self) -> Iterable[str]:
        """Yield further numbers for the headline."""
        return ()

    # The screen

    def content(self) -> ComposeResult:
        """The filter in one line, the table below."""
        with Horizontal(id="filter-row"):
            yield Static("/ Filter", id="filter-label", markup=False)
            yield FilterInput(id="filter", compact=True, placeholder="type a part of a name")
        yield Table(self.COLUMNS, id="packages")
        yield Static(
            "Space use  a add  e edit  d remove  u undo  r reset  c changes only",
            id="keys",
            markup=False,
        )

    def on_mount(self) -> None:
        """Show the list; versions come later."""
        self.query_one(Table).focus()
        self.show()

    def show(self) -> None:
        """Show what the filter lets through."""
        wanted = self.query_one(FilterInput).value.strip().lower()
        lines = self.edit.lines
        shown = [line for line in lines if self._is_wanted(line, wanted)]
        empty = "nothing fits the filter" if wanted else "nothing was changed"
        self.query_one(Table).show([self._row(line) for line in shown], empty=empty)
        self._count(lines, len(shown))

    def _count(self, lines: Sequence[Line], shown: int) -> None:
        used = sum(line.used for line in lines)
        changes = [line.change for line in lines]
        numbers = [f"{changes.count(kind)} {kind}" for kind in Change if kind is not Change.NONE]
        some = f"{shown} of {len(lines)} shown" if shown < len(lines) else ""
        changed = (text for text in numbers if not text.startswith("0 "))
        self.summarise(some, f"{used} used", *self.counts(), *changed)

    def _is_wanted(self, line: Line, wanted: str) -> bool:
        if self._only_changes and line.change is Change.NONE:
            return False
        return wanted in line.text.lower()

    def _row(self, line: Line) -> Row:
        mark = Cell(f"{USED if line.used else UNUSED} {SIGNS[line.change]}", TONES[line.change])
        tone = "" if line.used else "dim"
        cells = (Cell(cell.text, cell.tone or tone) for cell in self.cells(line))
        return Row(line.key, (mark, *cells))

    @property
    def present(self) -> Line | None:
        """The package under the cursor."""
        row = self.query_one(Table).present
        return self.edit.line(row.key) if row else None

    def on_input_changed(self) -> None:
        """Filter while one types."""
        self.show()

    def on_table_moved(self, event: Table.Moved) -> None:
        """Explain the package under the cursor."""
        line = self.edit.line(event.row.key) if event.row else None
        if line is not None:
            self.explain_line(line)

    def on_table_chosen(self) -> None:
        """Enter edits."""
        self.action_edit()

    def change(self, edit: PackageEdit, said: str = "") -> None:
        """Go on with another list; the present one can be had back."""
        if edit.said == self.edit.said:
            return
        self._before.append(self.edit)
        self.edit = edit
        self.notice(said or None)
        self.show()
        line = self.present
        if line is not None:
            self.explain_line(line)

    def action_filter(self) -> None:
        """Type a part of a name."""
        self.query_one(FilterInput).focus()

    def action_turn(self) -> None:
        """Use the present one, or not."""
        line = self.present
        if line is not None:
            self.change(self.edit.toggled(line.key), self._farewell(line) if line.used else "")

    def action_remove(self) -> None:
        """Do not use the present one."""
        line = self.present
        if line is not None and line.used:
            self.change(self.edit.without(line.key), self._farewell(line))

    def _farewell(self, line: Line) -> str:
        warning = self.warn_without(line)
        return (
            f"! {warning} (u takes it back)" if warning else f"{line.text} is off; u takes it back"
        )

    def action_take_back(self) -> None:
        """Take the last change back."""
        if not self._before:
            self.notice("There is no change to take back.")
            return
        self.edit = self._before.pop()
        self.notice(f"Taken back; {words.counted(len(self._before), 'change')} left.")
        self.show()

    def action_reset(self) -> None:
        """Return to the list as shipped."""
        self.change(self.edit.reset(), "As shipped again; u brings your changes back.")

    def action_only_changes(self) -> None:
        """Show only changes, or all."""
        self._only_changes = not self._only_changes
        self.notice("Only changes are shown; c shows all." if self._only_changes else None)
        self.show()

    @work(description="")
    async def action_add(self) -> None:
        """Ask for another one."""
        text = await self._asked(self.WORDING.add, "")
        if text != CANCEL:
            self._put(text)

    @work(description="")
    async def action_edit(self) -> None:
        """Ask for another text for the present one."""
        line = self.present
        if line is None:
            return
        text = await self._asked(f"Edit {line.text}", line.text)
        if text not in (CANCEL, line.text):
            self._put(text, line.key)

    async def _asked(self, title: str, text: str) -> str:
        entry = Entry(
            title,
            text,
            verb="Use it",
            judge=self.judge,
            inquire=self.inquire,
            offers=self.offers,
            placeholder=self.WORDING.placeholder,
            insist="Use it anyway",
        )
        return await self.app.push_screen_wait(entry)

    def _put(self, text: str, instead_of: str = "") -> None:
        self.query_one(FilterInput).value = ""
        self.change(self.edit.having(text, instead_of), f"{text} is used; u takes it back")
        self.query_one(Table).go_to(self.edit.key_of(text))
