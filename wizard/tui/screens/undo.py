"""Undo of a run: what it would put back, and what it did."""

import os
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from wizard.engine import detached
from wizard.engine.journal import journal
from wizard.engine.journal.undo import plan_undo
from wizard.model.events import Event, Finding, Reversed, ReversedState, RunFinished
from wizard.model.foreign_text import harmless
from wizard.model.problem import Problem
from wizard.tui.threads import tell
from wizard.tui.widgets.relabel import relabel
from wizard.tui.widgets.too_small import TooSmall

INTRODUCTION = (
    "This puts back what the build changed, latest first. What somebody changed since stays."
)


class UndoScreen(ModalScreen[bool]):
    """Shows the plan first; the undo itself is a process of its own, as a build is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c,ctrl+q", "close", "Close", priority=True),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]
    DEFAULT_CSS = """
    UndoScreen {
        align: center middle;
        & .dialog { height: 80%; min-height: 13; }
        & #acts { height: 1fr; scrollbar-size-vertical: 1; }
        & #acts > Static { height: auto; }
    }
    """

    def __init__(self, folder: Path, options: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._folder = folder
        self._options = options
        self._at_work = False
        self._undone = False
        self._lines: list[Content] = []

    def compose(self) -> ComposeResult:
        """The acts, and two buttons."""
        yield TooSmall()
        with Vertical(classes="dialog"):
            yield Static(f"Undo run {self._folder.name}", classes="title", markup=False)
            with VerticalScroll(id="acts"):
                yield Static(id="said", markup=False)
            with Horizontal(classes="row"):
                yield Button("Undo", id="undo", variant="primary", compact=True)
                yield Button("Leave it", id="close", compact=True)

    def on_mount(self) -> None:
        """Show what would be done."""
        entries = journal.read(self._folder)
        if isinstance(entries, Problem):
            self._say(f"✗ {entries}", "$text-error")
            acts = 0
        else:
            planned = plan_undo(entries)
            acts = len(planned)
            self._say(INTRODUCTION if acts else "Nothing of this run is left to undo.", "")
            self._lines.append(Content(""))
            for reversal in planned:
                self._say(f"· {reversal.what}", "" if reversal.seq else "$text-muted")
        self.query_one("#undo", Button).display = bool(acts)
        self.query(Button).filter("#undo" if acts else "#close").first().focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do it, or not."""
        if event.button.id == "undo" and not self._at_work:
            self._at_work = True
            event.button.display = False
            relabel(self.query_one("#close", Button), "Undoing")
            self._lines.clear()
            self.undo()
        elif event.button.id == "close":
            self.action_close()

    def action_close(self) -> None:
        """Close, unless it is at work."""
        if not self._at_work:
            self.dismiss(self._undone)

    @work(thread=True, description="")
    def undo(self) -> None:
        """Follow the process that undoes."""
        home = self._folder.parent.parent
        for event in detached.undo(self._options, self._folder.name, os.environ, home):
            tell(self, self._show, event)
        tell(self, self._end)

    def _show(self, event: Event | Problem) -> None:
        match event:
            case Problem():
                self._say(f"✗ {event}", "$text-error")
            case Finding(_, what, cure):
                self._say(f"✗ {what}", "$text-error")
                self._say(f"  {cure}", "")
            case Reversed(what, outcome):
                done = outcome is ReversedState.DONE
                self._say(f"{'✓' if done else '·'} {what}", "" if done else "$text-muted")
            case RunFinished(_, _, summary):
                self._undone = True
                self._say(summary, "bold")
            case _:
                pass

    def _end(self) -> None:
        self._at_work = False
        button = self.query_one("#close", Button)
        relabel(button, "Close")
        button.focus()

    def _say(self, line: str, style: str) -> None:
        if line.strip():
            self._lines.append(Content.styled(harmless(line), style))
        self.query_one("#said", Static).update(Content("\n").join(self._lines))
        if self._at_work:
            self.query_one("#acts").scroll_end(animate=False)
