"""Screen 7: a build while it runs. It only follows the run folder; the build needs no screen."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input

from wizard.engine import detached, durations
from wizard.engine.follow import Follower
from wizard.model.course import Course
from wizard.tui import headline
from wizard.tui.evidence import landmarks
from wizard.tui.run_help import BUILD
from wizard.tui.screens.dialogs import Question
from wizard.tui.widgets.build_log import BuildLog
from wizard.tui.widgets.check_list import CheckList
from wizard.tui.widgets.lines import Lines
from wizard.tui.widgets.progress_line import ProgressLine
from wizard.tui.widgets.step_list import StepList
from wizard.tui.widgets.too_small import TooSmall

RATE = 20  # looks at the run folder in a second
CLOCKS = 0.25  # seconds between two looks at the clock
BUDGET = 0.03  # seconds that one look may take: the keys wait for it
PAUSE = 1.5  # seconds for which the last state is seen
FEW_ROWS = 20  # a terminal this low has room for the log or for the lists
SHARE = 2 / 5  # of the rows, at most, are for steps and checks
ROWS_AROUND = 5  # title, headings, bar, heading of the log, footer

DETACH, STOP, STOP_NOW, STAY = "Detach", "Stop it", "Stop now", "Stay"
WORDS = """\
Detach leaves it running: devstack-venv --attach comes back to it. The same holds when the \
terminal closes.

Stop it ends it in order: a package manager comes to its end first, all else ends within seconds. \
What is done stays done, and the next build goes on from there."""
AGAIN = """\
It was told to stop, and waits for a package manager to come to its end.

Stop now waits no longer: the package manager goes on alone, and the next build finds it."""


@dataclass(frozen=True, slots=True)
class Over:
    """The run is over, and this is how it went."""

    course: Course


@dataclass(frozen=True, slots=True)
class Detached:
    """The user went; the run goes on."""


Ending = Over | Detached


class BuildScreen(Screen[Ending]):
    """Shows a run from its first event on, live until its last."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "result", "Result"),
        Binding("f1", "help", "Help", priority=True),
        Binding("space", "pause", "Pause"),
        Binding("ctrl+f", "search", "Search"),
        Binding("slash", "search", "Search", show=False),
        Binding("n", "next(1)", "Next finding"),
        Binding("N", "next(-1)", "Finding before", show=False),
        Binding("f", "filter", "Filter"),
        Binding("z", "zoom", "Log only", show=False),
        Binding("ctrl+d", "detach", "Detach"),
        Binding("ctrl+c", "stop", "Stop", priority=True),
        Binding("escape", "leave", "Leave", show=False),
        Binding("ctrl+q", "leave", "Leave", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    BuildScreen {
        layout: vertical;
        & #title { height: 1; background: $panel; padding: 0 1; }
        & #panels { height: auto; padding: 0 1; }
        & #steps-panel { width: 3fr; height: auto; margin: 0 2 0 0; }
        & #checks-panel { width: 2fr; height: auto; }
        & .panel-heading { height: 1; }
        & ProgressLine { padding: 0 1; }
        & #notice { padding: 0 1; }
        & #log-heading { padding: 0 1; }
        & #search { display: none; height: 1; margin: 0 1; }
        & #search.-shown { display: block; }
        & BuildLog { padding: 0 0 0 1; }
        &.-zoomed #panels { display: none; }
    }
    BuildScreen.-tall {
        & #panels { padding: 1 1; }
        & #log-heading { margin: 1 0 0 0; }
    }
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.course = Course(durations.expected(folder))
        self._follower = Follower(folder)
        self._was_live = False
        self._stopping = 0
        self._drawn = 0.0

    def compose(self) -> ComposeResult:
        """Put the parts together."""
        yield TooSmall()
        yield Lines(id="title")
        with Horizontal(id="panels"):
            with Vertical(id="steps-panel"):
                yield Lines(id="steps-heading")
                yield StepList()
            with Vertical(id="checks-panel"):
                yield Lines(id="checks-heading")
                yield CheckList()
        yield ProgressLine()
        yield Lines(id="notice")
        yield Lines(id="log-heading")
        placeholder = "Search the log: Enter finds the one above, Esc ends"
        yield Input(id="search", placeholder=placeholder, compact=True)
        yield BuildLog(self.folder / "build.log")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Catch up, then look now and then."""
        self.log_view.focus()
        self.look()
        self.set_interval(1 / RATE, self.look)

    def on_unmount(self) -> None:
        """Look no more."""
        self._follower.close()

    @property
    def log_view(self) -> BuildLog:
        """The log."""
        return self.query_one(BuildLog)

    # following

    def look(self) -> None:
        """Take in what has happened, and draw it."""
        deadline = time.monotonic() + BUDGET
        was_over, has_news = self.course.over, False
        while found := self._follower.news():
            has_news = True
            for stamped in found:
                self.course.add(stamped)
            if time.monotonic() > deadline:
                break
        if self._follower.broken_off and not was_over:
            self.course.break_off()
        if self.course.over and not was_over:
            self._came_to_its_end()
        elif not has_news and not self.course.over:
            self._was_live = True
        if has_news or time.monotonic() - self._drawn > CLOCKS:
            self.draw()

    def _came_to_its_end(self) -> None:
        self.refresh_bindings()
        log = self.log_view
        log.look()
        log.marked = set(landmarks(self.course, log.file))
        if self._was_live and log.following:
            self.set_timer(PAUSE, self._go_on)

    def _go_on(self) -> None:
        """Go on to the result by itself, unless somebody has begun to read."""
        if self.is_current and self.log_view.following and self.focused is self.log_view:
            self.action_result()

    # drawing

    def on_resize(self) -> None:
        """Share the rows anew."""
        self.draw()

    def draw(self) -> None:
        """Draw everything that changes with time."""
        self._drawn, now, course = time.monotonic(), time.time(), self.course
        rows = self._rows_for_lists
        width = self.size.width - 2
        show = self._show
        show("#title", headline.title(course, now, width, stopping=self._stopping > 0))
        show("#steps-heading", headline.steps(course))
        show("#checks-heading", headline.checks(course))
        self.query_one(StepList).draw(course, now, rows)
        self.query_one(CheckList).draw(course, rows)
        self.query_one(ProgressLine).draw(course, now)
        notice = headline.notice(course, width)
        self.query_one("#notice", Lines).show([notice] if notice else [])
        self._draw_log_heading()

    def _draw_log_heading(self) -> None:
        self._show("#log-heading", headline.log(self.log_view, self.course, self.size.width - 2))

    def _show(self, selector: str, line: Content) -> None:
        self.query_one(selector, Lines).show([line])

    @property
    def _rows_for_lists(self) -> int:
        return max(3, int((self.size.height - ROWS_AROUND + 1) * SHARE) + 3)

    # keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Some keys have a meaning only while it runs, or only afterwards."""
        del parameters
        if action == "result":
            return self.course.over
        if action in ("detach", "stop"):
            return not self.course.over
        return True

    def action_pause(self) -> None:
        """Stop the log where it is, or follow its end again."""
        self.log_view.toggle_pause()
        self._draw_log_heading()

    def action_filter(self) -> None:
        """Show everything, what is grave, or only errors."""
        self.log_view.next_filter()
        self._draw_log_heading()

    def action_zoom(self) -> None:
        """Leave the whole screen to the log, or not."""
        self.toggle_class("-zoomed")

    def action_next(self, direction: int) -> None:
        """Go to the next match while one searches, else to the next finding."""
        log = self.log_view
        if log.search.pattern is not None:
            log.search_on(direction)
        elif marks := sorted(log.marked | set(landmarks(self.course, log.file))):
            log.marked = set(marks)
            here = log.search.at if log.search.at is not None else -1
            later = [mark for mark in marks if (mark > here if direction > 0 else mark < here)]
            log.go_to((later or marks)[0 if direction > 0 else -1])
        else:
            self.notify("No finding so far. f shows warnings and errors only.", markup=False)
        self._draw_log_heading()

    def action_search(self) -> None:
        """Ask what to look for."""
        entry = self.query_one("#search", Input)
        entry.add_class("-shown")
        entry.focus()

    @on(Input.Submitted)
    def find(self, event: Input.Submitted) -> None:
        """Go to the match before the one that is shown."""
        log = self.log_view
        if log.search.pattern is None or log.search.text != event.value:
            log.search_for(event.value)
        else:
            log.search_on(-1)
        if not event.value:
            self._end_search()
        self._draw_log_heading()

    def _end_search(self) -> None:
        entry = self.query_one("#search", Input)
        entry.remove_class("-shown")
        self.log_view.search_for("")
        self.log_view.focus()

    def action_help(self) -> None:
        """Explain the screen."""
        from wizard.tui.screens.help import HelpScreen  # noqa: PLC0415 -- when asked for

        self.app.push_screen(HelpScreen("Build", BUILD))

    def action_result(self) -> None:
        """Go on to how it went."""
        if self.course.over and self.is_current:
            self.dismiss(Over(self.course))

    def action_detach(self) -> None:
        """Go, and let it run."""
        if not self.course.over:
            self.dismiss(Detached())

    def action_leave(self) -> None:
        """Close what is open; else ask whether it is to go on, while it runs."""
        if self.query_one("#search").has_class("-shown") or self.log_view.search.pattern:
            self._end_search()
        elif self.course.over:
            self.action_result()
        else:
            self.ask()

    def action_stop(self) -> None:
        """Ask before anything is stopped."""
        self.ask()

    @work(description="")
    async def ask(self) -> None:
        """Ask: stop it, leave it running, or stay."""
        stop = STOP_NOW if self._stopping else STOP
        text = AGAIN if self._stopping else WORDS
        question = Question("The build is still running", text, (DETACH, stop, STAY))
        choice = await self.app.push_screen_wait(question)
        if choice == stop:
            self._stopping += detached.stop(self.folder)
        elif choice == DETACH:
            self.action_detach()
