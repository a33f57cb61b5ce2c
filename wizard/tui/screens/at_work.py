"""Lets a small run do its work, a clone for one, and shows what it says meanwhile."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from wizard.model.foreign_text import harmless
from wizard.model.problem import Problem
from wizard.tui.screens.dialogs import Dialog
from wizard.tui.threads import tell
from wizard.tui.widgets.too_small import TooSmall

SHOWN = 8  # lines


class Work(Protocol):
    """What may take a while: ``run`` is called in a thread of its own."""

    def run(self, home: Path, on_lines: Callable[[tuple[str, ...]], None], /) -> Problem | None:
        """Do it."""
        ...

    def stop(self) -> None:
        """Stop it."""
        ...


class AtWorkScreen(Dialog[Problem | None]):
    """Ends by itself when the work is done; Esc stops it."""

    def __init__(self, title: str, work_: Work, home: Path) -> None:
        super().__init__()
        self._title, self._work = title, work_
        self._home = home
        self._lines: deque[str] = deque(maxlen=SHOWN)

    def compose(self) -> ComposeResult:
        """A title, the last lines, a way to stop."""
        yield TooSmall()
        with Vertical(classes="dialog"):
            yield Static(harmless(self._title), classes="title", markup=False)
            yield Static("Starting ...", id="lines", markup=False)
            with Horizontal(classes="row"):
                yield Button("Stop", id="stop", compact=True)

    def on_mount(self) -> None:
        """Begin."""
        self._run()

    def on_button_pressed(self) -> None:
        """Stop."""
        self.action_decline()

    def action_decline(self) -> None:
        """Tell it to stop; the screen ends when it has."""
        self._work.stop()
        self.query_one("#stop", Button).disabled = True

    @work(thread=True, description="")
    def _run(self) -> None:
        problem = self._work.run(self._home, self._heard)
        tell(self, self.end, problem)

    def _heard(self, lines: tuple[str, ...]) -> None:
        self._lines.extend(lines)
        tell(self, self._show)

    def _show(self) -> None:
        text = "\n".join(harmless(line)[:64] for line in self._lines)
        self.query_one("#lines", Static).update(Content(text))
