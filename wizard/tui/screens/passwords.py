"""DevStack's four passwords: kept, generated, or typed."""

import re
from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from wizard.model.local_conf.managed_block import PASSWORDS
from wizard.model.secret import Secret
from wizard.tui.screens.dialogs import Dialog
from wizard.tui.widgets.choice import Choice
from wizard.tui.widgets.too_small import TooSmall

KEPT, GENERATED, TYPED = "kept", "generated", "typed"
_SAFE = re.compile(r"[A-Za-z0-9._-]{1,128}")

Decided = Mapping[str, Secret | None]
"""By name: a new password, None for one to generate; those that stay are not in it."""


class PasswordsScreen(Dialog[Decided | None]):
    """Returns what changes, None when nothing does."""

    def __init__(self, origins: Mapping[str, str]) -> None:
        super().__init__()
        self._origins = origins

    def compose(self) -> ComposeResult:
        """A line for each password."""
        yield TooSmall()
        with Vertical(classes="dialog"):
            yield Static("DevStack's passwords", classes="title", markup=False)
            for name in PASSWORDS:
                generated = self._origins.get(name, GENERATED) == GENERATED
                options = (GENERATED, TYPED) if generated else (KEPT, GENERATED, TYPED)
                with Horizontal(classes="password"):
                    label = name.removesuffix("_PASSWORD").lower()
                    yield Static(label, classes="label", markup=False)
                    yield Choice(options, options[0], id=f"{name}-how")
                    yield Input(password=True, compact=True, id=name, placeholder="type it")
            yield Static(id="said", classes="said", markup=False)
            with Horizontal(classes="row"):
                yield Button("Use these", id="take", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Fields show only where something is to be typed."""
        for name in PASSWORDS:
            self.query_one(f"#{name}").display = False
        self._say("One that you type is kept in a file that only you may read.")

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """Show or hide the field beside the choice."""
        field = self.query_one(f"#{str(event.choice.id).removesuffix('-how')}")
        field.display = event.value == TYPED
        if field.display:
            field.focus()

    def on_input_changed(self) -> None:
        """Judge while one types."""
        self._say(self._wrong() or "")

    def on_input_submitted(self) -> None:
        """Enter goes on."""
        self.focus_next()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take them, or leave all as it was."""
        if event.button.id != "take":
            self.end(None)
        elif wrong := self._wrong():
            self._say(wrong)
        else:
            self.end({name: self._new(name) for name in PASSWORDS if self._how(name) != KEPT})

    def action_decline(self) -> None:
        """Leave all as it was."""
        self.end(None)

    def _new(self, name: str) -> Secret | None:
        return Secret(self._typed(name)) if self._how(name) == TYPED else None

    def _wrong(self) -> str:
        for name in PASSWORDS:
            if self._how(name) == TYPED and not _SAFE.fullmatch(self._typed(name)):
                why = "letters, digits, . _ and - only: DevStack puts it into URLs"
                return f"✗ {name}: {why if self._typed(name) else 'nothing is typed'}"
        return ""

    def _how(self, name: str) -> str:
        return self.query_one(f"#{name}-how", Choice).value

    def _typed(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value

    def _say(self, text: str) -> None:
        line = self.query_one("#said", Static)
        line.set_class(text.startswith("✗"), "-bad")
        line.update(Content(text))
