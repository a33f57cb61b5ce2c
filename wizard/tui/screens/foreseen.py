"""What would be done, before it is: each step with its commands and diffs, then the button."""

from collections.abc import Iterator, Sequence

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from wizard.engine.curing_offer import Part as Foreseen
from wizard.model.foreign_text import harmless
from wizard.model.problem import Problem
from wizard.tui.screens.dialogs import Dialog
from wizard.tui.second_look import Look
from wizard.tui.session import Problems
from wizard.tui.step import notice_text
from wizard.tui.threads import tell
from wizard.tui.widgets.too_small import TooSmall

ASKING = "Asking every step what it would do ..."
NOTHING = "No step has anything to do about it: what to do by hand stands behind this."
_STYLES = {"+": "$text-success", "-": "$text-error", "@": "$text-muted"}


class ForeseenScreen(Dialog[bool]):
    """Returns whether it is to be done."""

    def __init__(self, title: str, verb: str, look: Look) -> None:
        super().__init__()
        self._title, self._verb, self._look = title, verb, look

    def compose(self) -> ComposeResult:
        """The steps, and two buttons."""
        yield TooSmall()
        with Vertical(classes="dialog -tall"):
            yield Static(harmless(self._title), classes="title", markup=False)
            with VerticalScroll(id="text"):
                yield Static(ASKING, id="steps", markup=False)
            with Horizontal(classes="row"):
                verb = Content(harmless(self._verb))
                yield Button(verb, id="do", variant="primary", compact=True, disabled=True)
                yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Ask."""
        self._ask()

    @work(thread=True, description="")
    def _ask(self) -> None:
        tell(self, self._show, self._look())

    def _show(self, found: tuple[Foreseen, ...] | Problems) -> None:
        problem = next((one for one in found if isinstance(one, Problem)), None)
        steps = [one for one in found if isinstance(one, Foreseen)]
        said = notice_text(problem) if problem else Content("\n").join(_lines(steps))
        self.query_one("#steps", Static).update(said if problem or steps else Content(NOTHING))
        self.query_one("#do", Button).disabled = not steps
        self.query_one("#do" if steps else "#cancel", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do it, or not."""
        self.end(event.button.id == "do")

    def action_decline(self) -> None:
        """Do nothing."""
        self.end(answer=False)


def _lines(steps: Sequence[Foreseen]) -> Iterator[Content]:
    for one in steps:
        forecast = one.forecast
        why = (f"  {harmless(forecast.why)}", "$text-muted")
        yield Content.assemble((f"• {harmless(one.step.title)}", "bold"), why)
        for command in forecast.commands:
            yield Content.styled(f"    $ {harmless(command)}", "$text-accent")
        for line in "\n".join(forecast.diffs).splitlines():
            yield Content.styled(f"    {harmless(line)}", _STYLES.get(line[:1], ""))
