"""What a distribution that nobody here knows is like, and what DevStack would call it."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from wizard.model.foreign_text import harmless
from wizard.model.settings.answers import HostAnswers, Like
from wizard.tui.screens.dialogs import Dialog
from wizard.tui.widgets.choice import Choice
from wizard.tui.widgets.too_small import TooSmall

USUAL = {Like.DEBIAN: "bookworm", Like.RHEL: "rhel9", Like.SUSE: "opensuse-15"}
WORDS = (
    "Which package lists and which package manager fit, and the name that DevStack's stack.sh "
    "would have for it, as in its SUPPORTED_DISTROS."
)


class LikeScreen(Dialog[HostAnswers | None]):
    """Returns what was said, None when nothing was."""

    def __init__(self, said: HostAnswers, why: str) -> None:
        super().__init__()
        self._said, self._why = said, why

    def compose(self) -> ComposeResult:
        """A choice and a name."""
        like = self._said.like or Like.DEBIAN
        yield TooSmall()
        with Vertical(classes="dialog"):
            yield Static("This distribution", classes="title", markup=False)
            yield Static(Content(harmless(f"{self._why}\n\n{WORDS}")), markup=False)
            yield Static("\nIt is like", markup=False)
            yield Choice([str(one) for one in Like], str(like), id="like")
            yield Static("DevStack would call it", markup=False)
            yield Input(self._said.devstack_name or USUAL[like], id="name", compact=True)
            with Horizontal(classes="row"):
                yield Button("Take it", id="take", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """Offer the name that is usual there."""
        self.query_one(Input).value = USUAL[Like(event.value)]

    def on_input_submitted(self) -> None:
        """Enter takes it."""
        self._take()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take it, or leave it as it was."""
        if event.button.id == "take":
            self._take()
        else:
            self.end(None)

    def action_decline(self) -> None:
        """Leave it as it was."""
        self.end(None)

    def _take(self) -> None:
        name = self.query_one(Input).value.strip()
        self.end(HostAnswers(Like(self.query_one(Choice).value), name or None))
