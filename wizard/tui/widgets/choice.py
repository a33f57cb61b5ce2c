"""A few words to choose from, all of them seen, on one line: ``(•) uv   ( ) pip``."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

CHOSEN, OPEN, GAP = "(•) ", "( ) ", "   "


class Choice(Widget, can_focus=True):
    """One of a few; left and right go through them, space takes the next one.

    Enter goes to the next field, as it does from a line of text: who only wants to go on must not
    change an answer by that.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Other", show=False),
        Binding("right", "move(1)", "Other", show=False),
        Binding("space", "turn", "Other", show=False),
        Binding("enter", "app.focus_next", "Next field", show=False),
    ]
    DEFAULT_CSS = """
    Choice {
        height: 1;
        width: 1fr;
        &:focus { text-style: reverse; }
    }
    """
    value: reactive[str] = reactive("")

    class Changed(Message):
        """Another one was chosen."""

        def __init__(self, choice: "Choice", value: str) -> None:
            super().__init__()
            self.choice = choice
            self.value = value

        @property
        def control(self) -> "Choice":
            """The widget, for @on selectors."""
            return self.choice

    def __init__(self, options: Sequence[str], value: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.options = tuple(options)
        self.set_reactive(Choice.value, value)

    def render(self) -> Content:
        """Show all, and which it is."""
        marks = ((CHOSEN if option == self.value else OPEN) + option for option in self.options)
        return Content(GAP.join(marks))

    def action_move(self, by: int) -> None:
        """Choose a neighbour."""
        index = self.options.index(self.value) + by
        self._choose(max(0, min(index, len(self.options) - 1)))

    def action_turn(self) -> None:
        """Choose the next one, the first after the last."""
        self._choose((self.options.index(self.value) + 1) % len(self.options))

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        left = 0
        for index, option in enumerate(self.options):
            left += len(CHOSEN) + len(option) + len(GAP)
            if event.x < left:
                self._choose(index)
                return

    def _choose(self, index: int) -> None:
        if self.options[index] != self.value:
            self.value = self.options[index]
            self.post_message(self.Changed(self, self.value))
