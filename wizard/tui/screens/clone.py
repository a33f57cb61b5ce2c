"""Clones DevStack and shows what git says meanwhile."""

from collections import deque
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from wizard.engine.cloning import Clone
from wizard.model.foreign_text import harmless
from wizard.model.problem import Problem
from wizard.tui.screens.dialogs import Dialog
from wizard.tui.threads import tell
from wizard.tui.widgets.too_small import TooSmall

SHOWN = 8  # lines


class CloneScreen(Dialog[Problem | None]):
    """Ends by itself when the clone is there; Esc stops it."""

    def __init__(self, clone: Clone, home: Path) -> None:
        super().__init__()
        self._clone = clone
        self._home = home
        self._lines: deque[str] = deque(maxlen=SHOWN)

    def compose(self) -> ComposeResult:
        """A title, the last lines, a way to stop."""
        yield TooSmall()
        with Vertical(classes="dialog"):
            title = f"Cloning DevStack, {self._clone.release}, into {self._clone.directory}"
            yield Static(harmless(title), classes="title", markup=False)
            yield Static("Starting git ...", id="lines", markup=False)
            with Horizontal(classes="row"):
                yield Button("Stop cloning", id="stop", compact=True)

    def on_mount(self) -> None:
        """Begin."""
        self._run()

    def on_button_pressed(self) -> None:
        """Stop."""
        self.action_decline()

    def action_decline(self) -> None:
        """Tell git to stop; the screen ends when it has."""
        self._clone.stop()
        self.query_one("#stop", Button).disabled = True

    @work(thread=True, description="")
    def _run(self) -> None:
        problem = self._clone.run(self._home, self._heard)
        tell(self, self.end, problem)

    def _heard(self, lines: tuple[str, ...]) -> None:
        self._lines.extend(lines)
        tell(self, self._show)

    def _show(self) -> None:
        text = "\n".join(harmless(line)[:64] for line in self._lines)
        self.query_one("#lines", Static).update(Content(text))
