"""What the six screens have in common: the frame, the keys, and how one leaves."""

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Footer, Static

from wizard.engine.planning.survey import Survey
from wizard.model.foreign_text import harmless
from wizard.model.problem import Problem
from wizard.model.settings.answers import Answers
from wizard.tui.help import Help
from wizard.tui.outcome import Found, Given, Left, Outcome
from wizard.tui.threads import tell
from wizard.tui.widgets.explanation import Explained, Explanation
from wizard.tui.widgets.stepper import STEPS, Rail, Stepper
from wizard.tui.widgets.too_small import TooSmall

REVIEW = len(STEPS) - 1


class Step(Screen[Outcome]):
    """One screen of the six. Subclasses say what is on it and which answers it makes."""

    NUMBER: ClassVar[int]
    HEADING: ClassVar[str]
    ABOUT: ClassVar[Help]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", priority=True),
        Binding("escape", "back", "Back"),
        Binding("ctrl+n", "next", "Next", priority=True),
        Binding("ctrl+r", "review", "Review", show=False, priority=True),
        Binding("ctrl+q", "leave", "Quit", priority=True),
        Binding("ctrl+c", "leave", "Quit", show=False),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing before the first screen."""
        del parameters
        return action != "back" or bool(self.NUMBER) or self.given.errand

    def __init__(self, given: Given) -> None:
        super().__init__()
        self.given = given
        self.session = given.session
        self.found: Found = given.found
        self._leaving = False

    # What a subclass says

    @property
    def answers(self) -> Answers:
        """The answers with what this screen says now."""
        return self.given.answers

    def content(self) -> ComposeResult:
        """Yield what stands between the heading and the explanation."""
        yield from ()

    def buttons(self) -> Iterable[Widget]:
        """Yield further buttons, left of the one that goes on."""
        return ()

    def obstacle(self) -> Problem | None:
        """Return what must be mended on this screen before one can go on."""
        return None

    @property
    def survey(self) -> Survey:
        """What was found; screens after the first have it."""
        if not isinstance(self.found, Survey):
            raise TypeError(f"{self.HEADING} needs a survey")
        return self.found

    # The frame

    def compose(self) -> ComposeResult:
        """Put the parts together; the style sheet decides which of them show."""
        yield TooSmall()
        yield Stepper(self.NUMBER)
        with Horizontal(id="body"):
            yield Rail(self.NUMBER)
            with Vertical(id="page"):
                with Horizontal(id="headline"):
                    yield Static(self.HEADING, id="heading", markup=False)
                    yield Static(id="summary", markup=False)
                with Horizontal(id="middle"):
                    with Vertical(id="content"):
                        yield from self.content()
                    yield Explanation()
                yield Static(id="notice", markup=False)
                with Horizontal(id="buttons"):
                    yield from self.buttons()
                    yield Static(id="gap", markup=False)
                    if self.NUMBER or self.given.errand:
                        yield Button("Back", id="back", compact=True)
                    yield Button(self.next_words, id="next", variant="primary", compact=True)
        yield Footer(show_command_palette=False, compact=True)

    @property
    def next_words(self) -> str:
        """What the button that goes on says."""
        if self.given.errand:
            return "To the review"
        return f"Next: {STEPS[self.NUMBER + 1]}"

    def summarise(self, *parts: Content | str) -> None:
        """Say at the right of the heading how things stand."""
        text = Content("   ").join(
            Content(part) if isinstance(part, str) else part for part in parts if part
        )
        self.query_one("#summary", Static).update(text)

    def explain(self, heading: str, *paragraphs: str) -> None:
        """Fill the pane that explains."""
        self.query_one(Explanation).explain(Explained(heading, tuple(filter(None, paragraphs))))

    def notice(self, what: Problem | str | None) -> None:
        """Say something above the buttons; None takes it away."""
        line = self.query_one("#notice", Static)
        line.set_class(what is not None, "-shown")
        line.set_class(isinstance(what, Problem), "-bad")
        line.update(notice_text(what))

    # How one leaves

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Go on or back; other buttons are the subclass's."""
        if event.button.id == "next":
            self.action_next()
        elif event.button.id == "back":
            self.action_back()

    @property
    def destination(self) -> int:
        """The screen that comes next."""
        return REVIEW if self.given.errand else self.NUMBER + 1

    def action_next(self) -> None:
        """Go on when the host agrees to the answers."""
        self.depart(self.destination)

    def action_back(self) -> None:
        """Go back; what was answered here stays answered."""
        if self.NUMBER or self.given.errand:
            self.depart(REVIEW if self.given.errand else self.NUMBER - 1)

    def action_review(self) -> None:
        """Go straight to the review."""
        if self.NUMBER != REVIEW:
            self.depart(REVIEW)

    async def action_help(self) -> None:
        """Explain the screen."""
        from wizard.tui.screens.help import HelpScreen  # noqa: PLC0415 -- when asked for

        await self.app.push_screen(HelpScreen(self.HEADING, self.ABOUT))

    def action_leave(self) -> None:
        """Quit; the answers are kept, so nothing is asked unless something would be lost."""
        self.leave_with("")

    @work(description="")
    async def leave_with(self, running: str) -> None:
        """Ask where something runs or cannot be kept, then quit."""
        problem = self.obstacle() or self.session.keep(self.answers)
        lost = running or (f"{problem.what}. That cannot be kept." if problem else "")
        if lost:
            from wizard.tui.screens.dialogs import Question  # noqa: PLC0415

            question = Question("Quit", lost, ("Quit anyway", "Stay"))
            if await self.app.push_screen_wait(question) != "Quit anyway":
                return
        self.app.exit()

    def depart(self, to: int, *, errand: bool = False) -> None:
        """Leave for another screen, unless something here or on the host is against it."""
        problem = self.obstacle()
        if problem is not None and to < self.NUMBER:
            self.end(Left(self.given.answers, self.found, to))
        elif problem is not None:
            self.notice(problem)
        elif not self._leaving:
            self._leaving = True
            self._look_and_go(to, errand=errand)

    @work(thread=True, group="leave", description="")
    def _look_and_go(self, to: int, *, errand: bool) -> None:
        """Ask the host what it makes of the answers, off the screen's own thread."""
        answers = self.answers
        same = answers == self.given.answers and isinstance(self.found, Survey)
        found = self.found if same else self.session.look(answers)
        tell(self, self._go, Left(answers, found, to, errand))

    def _go(self, left: Left) -> None:
        self._leaving = False
        if isinstance(left.found, tuple) and left.to > 0:
            self.notice(left.found[0])
        else:
            self.end(left)

    def end(self, outcome: Outcome) -> None:
        """Close this screen; nothing waits for that here, or Textual would wait for itself."""
        _ = self.dismiss(outcome)


def notice_text(what: Problem | str | None) -> Content:
    """Return a problem with its cure, or a remark, as text and nothing but text."""
    if what is None:
        return Content("")
    if isinstance(what, str):
        return Content(harmless(what))
    where = f"{what.where}: " if what.where else ""
    cure = f"\n  {harmless(what.cure)}" if what.cure else ""
    return Content(f"✗ {harmless(where + what.what)}{cure}")
