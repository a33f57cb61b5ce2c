"""Questions that lie over a screen: a choice of verbs, or a line of text."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from wizard.model.foreign_text import harmless
from wizard.model.problem import Problem
from wizard.tui.threads import tell
from wizard.tui.widgets.relabel import relabel
from wizard.tui.widgets.too_small import TooSmall

CANCEL = ""
OFFERS = 3
T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """Lies over a screen until it has an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+q,ctrl+c", "decline", "Cancel", priority=True),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    @abstractmethod
    def action_decline(self) -> None:
        """Close without a change."""

    def end(self, answer: T) -> None:
        """Close with an answer; nothing waits for that here, or Textual would wait for itself."""
        _ = self.dismiss(answer)


class Question(Dialog[str]):
    """Some sentences and a button for each way on; Esc is the last one."""

    def __init__(self, title: str, text: str, choices: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._choices = tuple(choices)

    def compose(self) -> ComposeResult:
        """The question, and its answers in one row."""
        yield TooSmall()
        with Vertical(classes="dialog"):
            yield Static(harmless(self._title), classes="title", markup=False)
            with VerticalScroll(id="text", can_focus=False):
                lines = [Content(harmless(line)) for line in self._text.split("\n")]
                yield Static(Content("\n").join(lines), markup=False)
            with Horizontal(classes="row"):
                for number, words in enumerate(self._choices):
                    button = Button(Content(harmless(words)), id=f"choice-{number}", compact=True)
                    button.variant = "default" if number else "primary"
                    yield button

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer with the words of the button."""
        number = int(str(event.button.id).rpartition("-")[2])
        self.end(self._choices[number])

    def action_decline(self) -> None:
        """Take the last choice, which changes nothing."""
        self.end(self._choices[-1])


Judge = Callable[[str], Problem | str | None]
"""Says what is wrong with a text, or something good about it; None for nothing to say."""
Offers = Callable[[str], Sequence[str]]


class Entry(Dialog[str]):
    """One line of text, judged while it is typed, and asked about before it is taken.

    ``judge`` must be quick; ``inquire`` may take its time: it runs in a thread. A text that the
    inquiry rejects can still be taken by its own button: an index may be old, or out of reach.
    """

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        verb: str = "Take it",
        judge: Judge,
        inquire: Judge | None = None,
        offers: Offers | None = None,
        placeholder: str = "",
        insist: str = "",
    ) -> None:
        super().__init__()
        self._title, self._text, self._verb = title, harmless(text), verb
        self._judge, self._inquire, self._offers = judge, inquire, offers
        self._placeholder, self._insist = placeholder, insist
        self._offered: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """A field, what is said of it, and the buttons."""
        yield TooSmall()
        with Vertical(classes="dialog"):
            yield Static(harmless(self._title), classes="title", markup=False)
            yield Input(self._text, placeholder=self._placeholder, compact=True)
            yield Static(id="said", classes="said", markup=False)
            with Horizontal(classes="row", id="offers"):
                for number in range(OFFERS):
                    yield Button("", id=f"offer-{number}", compact=True)
            with Horizontal(classes="row"):
                if self._insist:
                    yield Button(self._insist, id="insist", compact=True, disabled=True)
                yield Button(self._verb, id="take", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def action_decline(self) -> None:
        """Take nothing."""
        self.end(CANCEL)

    def on_mount(self) -> None:
        """Judge what is there already."""
        self._offer(())
        self._say(self._judge(self._text) if self._text else None)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Judge while it is typed."""
        self._offer(())
        self._say(self._judge(event.value.strip()) if event.value.strip() else None)

    def on_input_submitted(self) -> None:
        """Enter takes it."""
        self._take()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take, take anyway, take what is offered, or cancel."""
        name = str(event.button.id)
        if name == "take":
            self._take()
        elif name == "insist":
            self.end(self._value)
        elif name.startswith("offer-"):
            self.query_one(Input).value = self._offered[int(name.rpartition("-")[2])]
            self.query_one(Input).focus()
        else:
            self.end(CANCEL)

    @property
    def _value(self) -> str:
        return self.query_one(Input).value.strip()

    def _take(self) -> None:
        value = self._value
        verdict = self._judge(value) if value else Problem("there is nothing in the field")
        if isinstance(verdict, Problem) or self._inquire is None:
            self._say(verdict)
            if not isinstance(verdict, Problem):
                self.end(value)
            return
        self._say("Asking ...")
        self._ask(value)

    @work(thread=True, exclusive=True, description="")
    def _ask(self, value: str) -> None:
        verdict = self._inquire(value) if self._inquire else None
        offers = tuple(self._offers(value)) if self._offers and isinstance(verdict, Problem) else ()
        tell(self, self._answered, value, verdict, offers)

    def _answered(self, value: str, verdict: Problem | str | None, offers: tuple[str, ...]) -> None:
        if not self.is_attached or value != self._value:
            return
        if not isinstance(verdict, Problem):
            self.end(value)
            return
        self._say(verdict)
        self._offer(offers)
        if self._insist:
            self.query_one("#insist", Button).disabled = False

    def _offer(self, offers: Sequence[str]) -> None:
        self._offered = tuple(offers)[:OFFERS]
        self.query_one("#offers").display = bool(self._offered)
        if self._insist:
            self.query_one("#insist", Button).disabled = True
        for number in range(OFFERS):
            button = self.query_one(f"#offer-{number}", Button)
            button.display = number < len(self._offered)
            if button.display:
                relabel(button, f"Take {self._offered[number]}")

    def _say(self, what: Problem | str | None) -> None:
        line = self.query_one("#said", Static)
        line.set_class(isinstance(what, Problem), "-bad")
        if isinstance(what, Problem):
            cure = f"\n{harmless(what.cure)}" if what.cure else ""
            line.update(Content(f"✗ {harmless(what.what)}{cure}"))
        else:
            line.update(Content(harmless(what or "")))
