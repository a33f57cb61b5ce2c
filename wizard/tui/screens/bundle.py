"""Makes a support bundle of a run, and says where it is."""

import os
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from wizard.engine import detached
from wizard.model.events import Event, Finding, RunFinished
from wizard.model.foreign_text import harmless
from wizard.model.problem import Problem
from wizard.tui.screens.dialogs import Dialog
from wizard.tui.step import notice_text
from wizard.tui.threads import tell
from wizard.tui.widgets.too_small import TooSmall

PACKING = "Packing the log, the events, the plan and the checks ..."


class BundleScreen(Dialog[None]):
    """A process of its own packs it, as --bundle does."""

    def __init__(self, folder: Path, options: tuple[str, ...]) -> None:
        super().__init__()
        self._folder, self._options = folder, options

    def compose(self) -> ComposeResult:
        """What is done, then what was done."""
        yield TooSmall()
        with Vertical(classes="dialog"):
            yield Static("Support bundle", classes="title", markup=False)
            yield Static(PACKING, id="words", markup=False)
            with Horizontal(classes="row"):
                yield Button("Close", id="close", compact=True)

    def on_mount(self) -> None:
        """Pack it."""
        self._pack()

    @work(thread=True, description="")
    def _pack(self) -> None:
        answers = self._folder / "answers.toml"
        options = (*self._options, *(("--answers", str(answers)) if answers.exists() else ()))
        home = self._folder.parent.parent
        for said in detached.bundle(options, self._folder.name, os.environ, home):
            tell(self, self._show, said)

    def _show(self, said: Event | Problem) -> None:
        words = self.query_one("#words", Static)
        match said:
            case Problem():
                words.update(notice_text(said))
            case Finding(_, what, cure):
                words.update(notice_text(Problem(what, cure=cure)))
            case RunFinished(0, _, summary):
                words.update(Content(harmless(summary)))
            case _:
                pass

    def on_button_pressed(self) -> None:
        """Close."""
        self.end(None)

    def action_decline(self) -> None:
        """Close; what is being packed is packed."""
        self.end(None)
