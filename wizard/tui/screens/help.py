"""F1: what a screen decides, what it changes on the machine, how to undo that, and the keys."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from wizard.model.foreign_text import harmless
from wizard.tui.help import Help, as_called
from wizard.tui.screens.dialogs import Dialog
from wizard.tui.widgets.hanging import Hanging, Hung
from wizard.tui.widgets.too_small import TooSmall


class HelpScreen(Dialog[None]):
    """Lies over the screen it explains."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,q", "decline", "Close", show=False, priority=True),
    ]

    def __init__(self, heading: str, about: Help) -> None:
        super().__init__()
        self._heading = heading
        self._about = about

    def compose(self) -> ComposeResult:
        """One text to scroll, one button."""
        yield TooSmall()
        with Vertical(classes="dialog -tall"):
            yield Static(harmless(f"Help: {self._heading}"), classes="title", markup=False)
            with VerticalScroll(id="text"):
                yield Static(self._text(), markup=False)
                yield Hanging(id="help-keys")
            yield Button("Close (Esc)", id="close", compact=True)

    def on_mount(self) -> None:
        """Arrow keys scroll at once."""
        keys = (*self._about.keys, *self._about.everywhere)
        self.query_one(Hanging).show([Hung(f"{key:<14} ", does) for key, does in keys])
        self.query_one("#text").focus()

    def action_decline(self) -> None:
        """Close."""
        self.end(None)

    def on_button_pressed(self) -> None:
        """Close."""
        self.end(None)

    def _text(self) -> Content:
        parts: list[Content] = []
        for title, text in (
            ("What it decides", self._about.decides),
            ("What it changes on the machine", self._about.changes),
            ("How to undo it", self._about.undo),
        ):
            parts += [Content.styled(title, "bold"), Content(as_called(text)), Content("")]
        parts.append(Content.styled("Keys", "bold"))
        return Content("\n").join(parts)
