"""Screen 8: how a build went, and how to go on."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Button, Footer, Static
from textual.widgets.button import ButtonVariant

from wizard.model.course import Course
from wizard.tui import report
from wizard.tui.after import After, ChangeAnswers, Leave, Retry, ShowLog, Undone
from wizard.tui.run_help import RESULT
from wizard.tui.screens.undo import UndoScreen
from wizard.tui.widgets.log_file import LogFile
from wizard.tui.widgets.too_small import TooSmall


class Report(Static):
    """Folds what is said into the columns that there are."""

    def __init__(self, parts: Sequence[report.Part]) -> None:
        super().__init__(markup=False)
        self._parts = parts

    def on_resize(self, event: Resize) -> None:
        """Fold it anew."""
        self.update(report.laid_out(self._parts, event.size.width))


class ResultScreen(Screen[After]):
    """Says what is where, or what went wrong and why we think so; a button for each way on."""

    AUTO_FOCUS: ClassVar[str | None] = "Button"  # the first is the one to press
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", priority=True),
        Binding("l", "choose('log')", "Log"),
        Binding("b", "choose('retry')", "Build again"),
        Binding("a", "choose('change')", "Change answers"),
        Binding("u", "choose('undo')", "Undo"),
        Binding("escape", "leave", "Leave"),
        Binding("ctrl+q,ctrl+c", "leave", "Leave", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
    ]
    DEFAULT_CSS = """
    ResultScreen {
        layout: vertical;
        & #verdict { height: 1; padding: 0 1; background: $panel; text-style: bold; }
        & #verdict.-good { color: $text-success; }
        & #verdict.-warn { color: $text-warning; }
        & #verdict.-bad { color: $text-error; }
        & #report { height: 1fr; padding: 1 1 0 1; scrollbar-size-vertical: 1; }
        & #report > Static { width: 1fr; height: auto; }
        & #buttons { height: 3; padding: 1 1; }
        & Button { margin: 0 1 0 0; min-width: 8; width: auto; }
    }
    """

    def __init__(
        self,
        folder: Path,
        course: Course,
        *,
        options: tuple[str, ...] = (),
        can_change: bool = True,
    ) -> None:
        super().__init__()
        self._options = options
        self.folder = folder
        self.course = course
        self.verdict = report.verdict(course)
        self._can_change = can_change
        log = LogFile(folder / "build.log")
        while log.grow():
            pass
        self._parts = report.parts(folder, course, log)
        log.close()

    def compose(self) -> ComposeResult:
        """A verdict, what it rests on, and the ways on."""
        yield TooSmall()
        yield Static(
            self.verdict.words, id="verdict", classes=f"-{self.verdict.tone}", markup=False
        )
        with VerticalScroll(id="report", can_focus=False):
            yield Report(self._parts)
        with Horizontal(id="buttons"):
            for number, (name, words) in enumerate(self._ways()):
                first: ButtonVariant = "default" if number else "primary"
                yield Button(words, id=name, variant=first, compact=True)
        yield Footer(show_command_palette=False)

    def _ways(self) -> Iterator[tuple[str, str]]:
        """Yield what may come next, the most likely first."""
        if self.verdict.is_good:
            yield "leave", "Leave"
        else:
            yield "retry", self._retry_words
            if self._can_change:
                yield "change", "Change answers"
        yield "log", "Show the log"
        yield "undo", "Undo"
        if not self.verdict.is_good:
            yield "leave", "Leave"

    @property
    def _retry_words(self) -> str:
        failed = self.course.failed
        return f"Go on from {failed.title}" if failed else "Build again"

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Go that way."""
        self.action_choose(str(event.button.id))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key does what there is a button for."""
        ways = dict(self._ways())
        return action != "choose" or str(parameters[0]) in ways

    def action_choose(self, name: str) -> None:
        """Go a way, by its name."""
        if name == "undo":
            self.app.push_screen(UndoScreen(self.folder, self._options), self._undone)
            return
        ways: dict[str, After] = {
            "retry": Retry(),
            "change": ChangeAnswers(),
            "log": ShowLog(),
            "leave": Leave(report.status_of(self.course)),
        }
        self.dismiss(ways[name])

    def _undone(self, done: bool | None) -> None:  # noqa: FBT001 -- Textual calls it
        if done:
            self.dismiss(Undone())

    def action_leave(self) -> None:
        """Leave the program."""
        self.action_choose("leave")

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.query_one("#report").scroll_relative(y=by, animate=False)

    def action_help(self) -> None:
        """Explain the screen."""
        from wizard.tui.screens.help import HelpScreen  # noqa: PLC0415 -- when asked for

        self.app.push_screen(HelpScreen("Result", RESULT))
