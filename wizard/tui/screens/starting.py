"""Starts another run; where it does not begin, says why."""

from dataclasses import replace
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from wizard.tui import again, words
from wizard.tui.after import Again
from wizard.tui.screens.dialogs import Dialog
from wizard.tui.session import Problems
from wizard.tui.step import notice_text
from wizard.tui.threads import tell
from wizard.tui.widgets.too_small import TooSmall

WORDS = "The engine looks at the host, then begins ..."


class StartingScreen(Dialog[Path | None]):
    """Returns the folder of the run that began, None where none did."""

    def __init__(self, folder: Path, after: Again, root: str | None) -> None:
        super().__init__()
        self._folder, self._after, self._root = folder, after, root
        self._at_work = True

    def compose(self) -> ComposeResult:
        """What goes on, and a way back that shows when nothing does."""
        yield TooSmall()
        with Vertical(classes="dialog"):
            yield Static("Starting", classes="title", markup=False)
            with VerticalScroll(id="text", can_focus=False):
                yield Static(WORDS, id="words", markup=False)
            with Horizontal(classes="row"):
                yield Button("Back", id="back", compact=True)

    def on_mount(self) -> None:
        """Begin."""
        self.query_one("#back", Button).display = False
        self._start()

    @work(thread=True, description="")
    def _start(self) -> None:
        tell(self, self._started, again.start(self._folder, self._after, self._root))

    def _started(self, started: Path | Problems) -> None:
        self._at_work = False
        if isinstance(started, Path):
            self.end(started)
            return
        self.query_one(".title", Static).update("It did not begin")
        problem = replace(started[0], cure=words.to_type(started[0].cure))
        self.query_one("#words", Static).update(notice_text(problem))
        back = self.query_one("#back", Button)
        back.display = True
        back.focus()

    def on_button_pressed(self) -> None:
        """Go back."""
        self.action_decline()

    def action_decline(self) -> None:
        """Go back, once it is known that nothing began."""
        if not self._at_work:
            self.end(None)
