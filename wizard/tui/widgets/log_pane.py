"""The log with its heading, its search and the keys to read it."""

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from wizard.model.course import Course
from wizard.tui import headline
from wizard.tui.evidence import landmarks
from wizard.tui.widgets.build_log import BuildLog
from wizard.tui.widgets.lines import Lines

PLACEHOLDER = "Search the log: Enter finds the one above, Esc ends"


class LogPane(Vertical):
    """Knows the lines that findings are about, and goes from one to the next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "Pause"),
        Binding("ctrl+f", "search", "Search"),
        Binding("slash", "search", "Search", show=False),
        Binding("f", "filter", "Filter"),
        Binding("n", "next(1)", "Next finding"),
        Binding("N", "next(-1)", "Finding before", show=False),
    ]
    DEFAULT_CSS = """
    LogPane {
        height: 1fr;
        & #log-heading { padding: 0 1; }
        & #search { display: none; height: 1; padding: 0 1; }
        & #search.-shown { display: block; }
    }
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._has_landmarks = False
        self._course = Course()

    def compose(self) -> ComposeResult:
        """One below the other."""
        yield Lines(id="log-heading")
        yield Input(id="search", placeholder=PLACEHOLDER, compact=True)
        yield BuildLog(self._path)

    @property
    def view(self) -> BuildLog:
        """The log itself."""
        return self.query_one(BuildLog)

    @property
    def _entry(self) -> Input:
        return self.query_one("#search", Input)

    @property
    def is_only_followed(self) -> bool:
        """Whether nobody reads or searches."""
        return self.view.following and self.view.has_focus

    def draw(self, course: Course) -> None:
        """Draw the heading, and mark the lines that findings are about."""
        self._course = course
        if len(course.findings) + (course.failed is not None) != len(self.view.marked):
            self.view.marked = set(landmarks(course, self.view.file))
            self.view.refresh()
        heading = headline.log(self.view, course, self.size.width - 2)
        self.query_one("#log-heading", Lines).show([heading])
        has_landmarks = bool(self.view.marked or self.view.search.pattern)
        if has_landmarks != self._has_landmarks:
            self._has_landmarks = has_landmarks
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The next finding is offered where there is one."""
        del parameters
        return action != "next" or self._has_landmarks

    def action_pause(self) -> None:
        """Stop the log where it is, or follow its end again."""
        self.view.toggle_pause()
        self.draw(self._course)

    def action_filter(self) -> None:
        """Show everything, what is grave, or only errors."""
        self.view.next_filter()
        self.draw(self._course)

    def action_next(self, direction: int) -> None:
        """Go to the next match while one searches, else to the next finding."""
        view = self.view
        if view.search.pattern is not None:
            view.search_on(direction)
            return
        marks = sorted(view.marked)
        here = view.search.at if view.search.at is not None else -1
        later = [mark for mark in marks if (mark > here if direction > 0 else mark < here)]
        view.go_to((later or marks)[0 if direction > 0 else -1])

    def action_search(self) -> None:
        """Ask what to look for."""
        self._entry.add_class("-shown")
        self._entry.focus()

    @on(Input.Submitted)
    def find(self, event: Input.Submitted) -> None:
        """Go to the match above the one that is shown; nothing to look for ends the search."""
        event.stop()
        if not event.value:
            self.end_search()
        elif event.value == self.view.search.text:
            self.view.search_on(-1)
        else:
            self.view.search_for(event.value)

    def end_search(self) -> bool:
        """Search no more; False where nobody did."""
        if not self._entry.has_class("-shown"):
            return False
        self._entry.remove_class("-shown")
        self.view.search_for("")
        self.view.focus()
        return True
