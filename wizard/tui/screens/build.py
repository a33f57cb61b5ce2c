"""Screen 7: a build while it runs. It only follows the run folder; the build needs no screen."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Footer

from wizard.model.course import Course
from wizard.tui import headline
from wizard.tui.live_course import LiveCourse
from wizard.tui.run_help import BUILD
from wizard.tui.widgets.lines import Lines
from wizard.tui.widgets.log_pane import LogPane
from wizard.tui.widgets.progress_line import ProgressLine
from wizard.tui.widgets.run_panels import RunPanels
from wizard.tui.widgets.too_small import TooSmall

RATE = 20  # looks at the run folder in a second
CLOCKS = 0.25  # seconds between two looks at the clock
PAUSE = 1.5  # seconds for which the last state is seen
SHARE = 2 / 5  # of the rows, at most, are for steps and checks
PLENTY = 12  # rows from which on there is room for every check


@dataclass(frozen=True, slots=True)
class Over:
    """The run is over, and this is how it went."""

    course: Course
    by_itself: bool = False  # nobody pressed a key for it


@dataclass(frozen=True, slots=True)
class Detached:
    """The user went; the run goes on."""


Ending = Over | Detached


class BuildScreen(Screen[Ending]):
    """Shows a run from its first event on, live until its last."""

    AUTO_FOCUS: ClassVar[str | None] = "BuildLog"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "result", "Result"),
        Binding("f1", "help", "Help", priority=True),
        Binding("z", "zoom", "Log only", show=False),
        Binding("ctrl+d", "detach", "Detach"),
        Binding("s", "stop", "Stop", key_display="^c"),
        Binding("ctrl+c", "stop", "Stop", show=False, priority=True),
        Binding("escape", "leave", "Leave", show=False),
        Binding("ctrl+q", "leave", "Leave", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    BuildScreen {
        layout: vertical;
        & #title { height: 1; background: $panel; padding: 0 1; }
        & ProgressLine { padding: 0 1; }
        & #notice { padding: 0 1; }
        &.-zoomed RunPanels { display: none; }
    }
    BuildScreen.-tall {
        & RunPanels { padding: 1 1; }
        & LogPane { margin: 1 0 0 0; }
    }
    """

    clock: Callable[[], float] = staticmethod(time.time)  # a recorded run has a time of its own

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self._live = LiveCourse(folder)
        self._stopping = 0
        self._drawn = 0.0

    def compose(self) -> ComposeResult:
        """Put the parts together."""
        yield TooSmall()
        yield Lines(id="title")
        yield RunPanels()
        yield ProgressLine()
        yield Lines(id="notice")
        yield LogPane(self.folder / "build.log")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Catch up, then look now and then."""
        self.look()
        self.set_interval(1 / RATE, self.look)

    def on_unmount(self) -> None:
        """Look no more."""
        self._live.close()

    @property
    def course(self) -> Course:
        """Where the run stands."""
        return self._live.course

    @property
    def log_pane(self) -> LogPane:
        """The log."""
        return self.query_one(LogPane)

    # following

    def look(self) -> None:
        """Take in what has happened, and draw it."""
        was_over = self.course.over
        has_news = self._live.look()
        if self.course.over and not was_over:
            self._came_to_its_end()
        if has_news or time.monotonic() - self._drawn > CLOCKS:
            self.draw()

    def _came_to_its_end(self) -> None:
        self.refresh_bindings()
        self.log_pane.view.look()
        if self._live.was_seen_running and self.log_pane.is_only_followed:
            self.set_timer(PAUSE, self._go_on)

    def _go_on(self) -> None:
        """Go on to the result by itself, unless somebody has begun to read."""
        if self.is_current and self.log_pane.is_only_followed:
            self.dismiss(Over(self.course, by_itself=True))

    # drawing

    def on_resize(self) -> None:
        """Share the rows anew."""
        self.draw()

    def draw(self) -> None:
        """Draw everything that changes with time, as soon as there is a place for it."""
        if not self.size.width:
            return
        self._drawn, now, course = time.monotonic(), self.clock(), self.course
        width = self.size.width - 2
        title = headline.title(course, now, width, stopping=self._stopping > 0)
        self.query_one("#title", Lines).show([title])
        self.query_one(RunPanels).draw(course, now, self._rows_for_lists)
        self.query_one(ProgressLine).draw(course, now)
        notice = headline.notice(course, width)
        self.query_one("#notice", Lines).show([notice] if notice else [])
        self.log_pane.draw(course)

    @property
    def _rows_for_lists(self) -> int:
        fair = int(self.size.height * SHARE) + 1
        wanted = max(len(self.course.steps), len(self.course.checks) if fair > PLENTY else 0)
        return max(3, min(fair, wanted))

    # keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Some keys have a meaning only while it runs, or only afterwards."""
        del parameters
        if action == "result":
            return self.course.over
        if action in ("detach", "stop"):
            return not self.course.over
        return True

    def action_zoom(self) -> None:
        """Leave the whole screen to the log, or not."""
        self.toggle_class("-zoomed")

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
        if self.log_pane.end_search():
            return
        if self.course.over:
            self.action_result()
        else:
            self.ask()

    def action_stop(self) -> None:
        """Ask before anything is stopped."""
        self.ask()

    @work(description="")
    async def ask(self) -> None:
        """Ask: stop it, leave it running, or stay."""
        from wizard.engine import detached  # noqa: PLC0415 -- not for the first paint
        from wizard.tui.screens.leaving import (  # noqa: PLC0415
            DETACH,
            STOP,
            STOP_NOW,
            leaving,
        )

        choice = await self.app.push_screen_wait(leaving(stopping=self._stopping > 0))
        if choice in (STOP, STOP_NOW):
            self._stopping += detached.stop(self.folder)
        elif choice == DETACH:
            self.action_detach()
