"""Asks what is to become of a build when its screen is left."""

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

Choice = Literal["detach", "stop", "stay"]
DETACH: Choice = "detach"
STOP: Choice = "stop"
STAY: Choice = "stay"

WORDS = (
    (
        "Detach leaves it running; devstack-venv --attach comes back to it. So does closing the "
        "terminal."
    ),
    (
        "Stop ends it in order: a package manager comes to its end first, everything else ends within "
        "seconds. What is done stays done, and the next build goes on from there."
    ),
)
AGAIN = (
    "The build has been told to stop, and waits for a package manager to come to its end.",
    "Stop now does not wait: the package manager goes on alone, and the next build finds it.",
)


class Leaving(ModalScreen[Choice]):
    """Three ways, a button and a letter for each."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "dismiss('detach')", "Detach"),
        Binding("s", "dismiss('stop')", "Stop"),
        Binding("escape,ctrl+c,ctrl+q", "dismiss('stay')", "Stay", priority=True),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]
    DEFAULT_CSS = """
    Leaving {
        align: center middle;
        & #leaving {
            width: 64; max-width: 95%; height: auto; padding: 1 2;
            border: round $border; background: $surface;
        }
        & Static { height: auto; margin: 0 0 1 0; }
        & .title { text-style: bold; }
        & .row { height: 1; align-horizontal: right; }
        & Button { margin: 0 0 0 1; min-width: 8; width: auto; }
    }
    """

    def __init__(self, *, stopping: bool) -> None:
        super().__init__()
        self._stopping = stopping

    def compose(self) -> ComposeResult:
        """Say what each way means."""
        with Vertical(id="leaving"):
            yield Static("The build is still running", classes="title", markup=False)
            for words in AGAIN if self._stopping else WORDS:
                yield Static(words, markup=False)
            with Horizontal(classes="row"):
                yield Button("Stay", id=STAY, variant="primary", compact=True)
                yield Button("Detach", id=DETACH, compact=True)
                yield Button("Stop now" if self._stopping else "Stop", id=STOP, compact=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer with the button."""
        ways: dict[str | None, Choice] = {STAY: STAY, DETACH: DETACH, STOP: STOP}
        self.dismiss(ways[event.button.id])
