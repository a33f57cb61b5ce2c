"""Steps and checks beside each other."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from wizard.model.course import Course
from wizard.tui import headline
from wizard.tui.widgets.check_list import CheckList
from wizard.tui.widgets.lines import Lines
from wizard.tui.widgets.step_list import StepList


class RunPanels(Horizontal):
    """As high as the longer of both."""

    DEFAULT_CSS = """
    RunPanels {
        height: auto;
        padding: 0 1;
        & #steps-panel { width: 3fr; height: auto; margin: 0 2 0 0; }
        & #checks-panel { width: 2fr; height: auto; }
    }
    """

    def compose(self) -> ComposeResult:
        """Two lists with a heading each."""
        with Vertical(id="steps-panel"):
            yield Lines(id="steps-heading")
            yield StepList()
        with Vertical(id="checks-panel"):
            yield Lines(id="checks-heading")
            yield CheckList()

    def draw(self, course: Course, now: float, rows: int) -> None:
        """Draw how things stand, in so many rows below the headings."""
        self.query_one("#steps-heading", Lines).show([headline.steps(course)])
        self.query_one("#checks-heading", Lines).show([headline.checks(course)])
        self.query_one(StepList).draw(course, now, rows)
        self.query_one(CheckList).draw(course, rows)
