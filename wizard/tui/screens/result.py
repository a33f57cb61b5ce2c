"""Screen 8: how a run went, and how to go on."""

import time
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, Footer, Static

from wizard.model.course import Course
from wizard.model.events import Event, Stamped
from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.tui import second_look
from wizard.tui.after import After, Again, ChangeAnswers, Leave, ShowLog
from wizard.tui.cards import Card, cards
from wizard.tui.errands import Errand
from wizard.tui.parts import GAP, Part
from wizard.tui.report import report
from wizard.tui.run_help import RESULT
from wizard.tui.session import Problems
from wizard.tui.threads import tell
from wizard.tui.verdict import status_of, verdict
from wizard.tui.ways import Way, ways
from wizard.tui.widgets.button_rows import ButtonRows
from wizard.tui.widgets.told import Told
from wizard.tui.widgets.too_small import TooSmall

SETTLING = 1.0  # seconds in which a key may still be meant for the screen before
ROOMY = 32  # rows from which on the log's lines are shown, too


class ResultScreen(Screen[After | Path]):
    """Says what is where, or what went wrong and why we think so; a button for each way on."""

    AUTO_FOCUS: ClassVar[str | None] = "Button"  # the first is the one to press
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", priority=True),
        *(
            Binding(key, f"choose('{name}')", show=False)
            for key, name in (
                *(("d", "cure"), ("b", "retry"), ("a", "change"), ("c", "look")),
                *(("l", "log"), ("u", "undo"), ("p", "bundle"), ("s", "stack")),
            )
        ),
        Binding("n", "next", "Next finding"),
        Binding("escape", "leave", "Leave"),
        Binding("ctrl+q,ctrl+c", "leave", "Leave", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "scroll(-1)", "Read", key_display="↑↓"),
        Binding("down", "scroll(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
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
        & #ways { padding: 1 1 0 1; }
        & Button { margin: 0 1 0 0; min-width: 8; width: auto; }
    }
    """

    came_by_itself = False  # whoever is at the keys may not have seen it come

    def __init__(
        self, folder: Path, course: Course, *, root: str | None = None, can_change: bool = True
    ) -> None:
        super().__init__()
        self.folder, self.course = folder, course
        self._root, self._can_change = root, can_change
        self._report = report(folder, course, root)
        self._cards = cards(course)
        self._settled = True
        self._at = 0  # of the cards
        self._again: tuple[Part, ...] = ()  # what another look has found

    @property
    def card(self) -> Card | None:
        """The finding that is shown, if any explains how it went."""
        return self._cards[self._at] if self._cards and self.course.failed else None

    def compose(self) -> ComposeResult:
        """A verdict, what it rests on, and the ways on."""
        yield TooSmall()
        yield Static(id="verdict", markup=False)
        with VerticalScroll(id="report", can_focus=False):
            yield Told()
        with ButtonRows(id="ways"):
            yield from map(_button, self.ways)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Let no key go a way that was pressed for the screen before."""
        if self.came_by_itself:
            self._settled = False
            self.query_one(ButtonRows).disabled = True
            self.set_timer(SETTLING, self._settle)

    def _settle(self) -> None:
        self._settled = True
        row = self.query_one(ButtonRows)
        row.disabled = False
        row.query(Button).first().focus()
        self.refresh_bindings()

    def on_resize(self) -> None:
        """Say how it went; more of it where there is room."""
        self.show()

    @property
    def ways(self) -> tuple[Way, ...]:
        """What may come next."""
        return ways(self.course, self.card, can_change=self._can_change)

    def show(self) -> None:
        """Say how it went, as far as it is known now."""
        judged = verdict(self.course)
        head = self.query_one("#verdict", Static)
        head.update(Content(f"{harmless(judged.words)}{self._which}"))
        head.set_classes(f"-{judged.tone}")
        told = self._report.parts(self.card, roomy=self.size.height >= ROOMY)
        self.query_one(Told).tell((*self._again, *told))
        self.query_one("#report").scroll_home(animate=False)

    @property
    def _which(self) -> str:
        card = self.card
        return f"   finding {card.number} of {card.of}" if card and card.of > 1 else ""

    # the ways

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Go that way."""
        self.action_choose(str(event.button.id))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key does what there is a button for, as soon as it is meant for this screen."""
        if action in ("choose", "leave") and not self._settled:
            return False
        if action == "next":
            return self.card is not None and len(self._cards) > 1
        return action != "choose" or str(parameters[0]) in {way.name for way in self.ways}

    def action_choose(self, name: str) -> None:
        """Go a way, by its name."""
        good = verdict(self.course).is_good
        ends: dict[str, After] = {
            "change": ChangeAnswers(self.folder),
            "log": ShowLog(),
            "leave": Leave(ExitStatus.DONE if good else status_of(self.course)),
        }
        if name in ends:
            self.dismiss(ends[name])
        elif name == "look":
            self._look_again()
        else:
            self._errand(name)

    @work(description="")
    async def _errand(self, name: str) -> None:
        """Do what asks or shows something first; it may lead on to another run."""
        errand = Errand(self.app, self.folder, self._root, self.course, self.card)
        after = await errand.run(name)
        led_to = await errand.begin(after) if isinstance(after, Again) else after
        if led_to is not None:
            self.dismiss(led_to)

    # another look

    def _look_again(self) -> None:
        self._again = (Part("Check again", "Asking the host ..."), GAP)
        self.show()
        self._look()

    @work(thread=True, exclusive=True, description="")
    def _look(self) -> None:
        looked = second_look.look(self.folder, self._root)
        if isinstance(looked, tuple):
            tell(self, self._looked, looked)
        elif self.course.failed or self.course.finished is None:
            tell(self, self._looked, looked.obstacles)
        else:
            tell(self, self._asked, looked.ask())

    def _looked(self, problems: Problems) -> None:
        self._again = tuple(second_look.told(problems))
        self.show()

    def _asked(self, said: tuple[Event, ...]) -> None:
        for event in said:
            self.course.add(Stamped(0, time.time(), event))
        self._again = (Part("Checked again", time.strftime("at %H:%M:%S")), GAP)
        self.show()
        self.run_worker(self._offer())

    async def _offer(self) -> None:
        """Offer other ways, where other ways lead on now."""
        row = self.query_one(ButtonRows)
        async with row.batch():
            await row.remove_children()
            await row.mount(*map(_button, self.ways))
        row.query(Button).first().focus()

    # reading

    def action_next(self) -> None:
        """Show the next finding, after the last one the first."""
        self._at = (self._at + 1) % len(self._cards)
        self.show()
        self.run_worker(self._offer())

    def action_leave(self) -> None:
        """Leave the program."""
        self.action_choose("leave")

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.query_one("#report").scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """Read on by a page."""
        self.query_one("#report").scroll_relative(y=by * self.size.height // 2, animate=False)

    def action_help(self) -> None:
        """Explain the screen."""
        from wizard.tui.screens.help import HelpScreen  # noqa: PLC0415 -- when asked for

        self.app.push_screen(HelpScreen("Result", RESULT))


def _button(way: Way) -> Button:
    """Return the button of a way."""
    return Button(Content(harmless(way.label)), id=way.name, compact=True)
