"""Which DevStack: the one that was found, one in another folder, a fresh clone, or none."""

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, OptionList, Static

from wizard.engine.planning.survey import STACK, reader
from wizard.facts.releases import DEVELOPMENT, URL, releases
from wizard.model.foreign_text import harmless
from wizard.model.problem import Problem
from wizard.model.settings.answer_values import absolute_path
from wizard.tui.screens.dialogs import Dialog
from wizard.tui.session import Session
from wizard.tui.threads import tell
from wizard.tui.widgets.choice import Choice
from wizard.tui.widgets.relabel import relabel
from wizard.tui.widgets.too_small import TooSmall

NAMED, CLONED, NONE = "in this folder", "clone it there", "go on without"
WITHOUT = (
    "The virtual environment stands alone, and local.conf is written in the current folder. "
    "DevStack can be cloned later and finds both."
)


class DevstackScreen(Dialog[str | None]):
    """Returns the folder of the checkout, "" for none, None when nothing was decided."""

    URL = URL

    def __init__(self, session: Session, directory: str) -> None:
        super().__init__()
        self._session = session
        self._directory = directory or _usual(session)
        self._found = bool(directory)

    def compose(self) -> ComposeResult:
        """What to do, where, and for a clone which release."""
        yield TooSmall()
        with Vertical(classes="dialog"):
            yield Static("DevStack", classes="title", markup=False)
            yield Choice((NAMED, CLONED, NONE), NAMED if self._found else CLONED, id="what")
            yield Input(self._directory, id="directory", compact=True)
            yield Static(id="said", classes="said", markup=False)
            yield OptionList(id="releases", markup=False)
            with Horizontal(classes="row"):
                yield Button("Take it", id="take", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Show what goes with the choice."""
        self._show(self.query_one(Choice).value)

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """Show what goes with the choice."""
        self._show(event.value)

    def _show(self, what: str) -> None:
        self.query_one(Input).display = what != NONE
        self.query_one(OptionList).display = what == CLONED
        verbs = {NAMED: "Take this folder", CLONED: "Clone it now", NONE: "Go on without"}
        relabel(self.query_one("#take", Button), verbs[what])
        if what == CLONED:
            self._say("Asking which releases there are ...")
            self._list_releases()
        else:
            self._say(WITHOUT if what == NONE else "The folder that stack.sh is in.")

    @work(thread=True, exclusive=True, group="releases", description="")
    def _list_releases(self) -> None:
        found = releases(reader(self._session.caller, None, self._user), self.URL)
        tell(self, self._listed, found)

    @property
    def _user(self) -> str:
        caller = self._session.caller
        chosen = self._session.first.devstack.user
        return chosen or (STACK if caller.is_root else caller.name)

    def _listed(self, found: tuple[str, ...] | Problem) -> None:
        if not self.is_attached or self.query_one(Choice).value != CLONED:
            return
        options = self.query_one(OptionList)
        options.clear_options()
        if isinstance(found, Problem):
            self._say(found)
            options.add_option(DEVELOPMENT)
        else:
            self._say("master is under development; the others are released.")
            options.add_options(found)
        options.highlighted = 0

    def on_input_submitted(self) -> None:
        """Enter takes it."""
        self._take()

    def on_option_list_option_selected(self) -> None:
        """Enter on a release takes it."""
        self._take()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take it, or leave it as it was."""
        if event.button.id == "take":
            self._take()
        else:
            self.end(None)

    def action_decline(self) -> None:
        """Leave it as it was."""
        self.end(None)

    def _take(self) -> None:
        what = self.query_one(Choice).value
        directory = absolute_path(self.query_one(Input).value.strip())
        if what == NONE:
            self.end("")
        elif isinstance(directory, Problem):
            self._say(directory)
        elif what == CLONED:
            self._clone(directory)
        else:
            self.end(directory)

    @work(description="")
    async def _clone(self, directory: str) -> None:
        from wizard.engine.cloning import Clone  # noqa: PLC0415 -- only for a clone
        from wizard.tui.screens.at_work import AtWorkScreen  # noqa: PLC0415

        session = self._session
        clone = Clone(
            session.caller, session.arguments.root, self._user, directory, self._release, self.URL
        )
        title = f"Cloning DevStack, {self._release}, into {directory}"
        problem = await self.app.push_screen_wait(AtWorkScreen(title, clone, session.home))
        if problem is None:
            self.end(directory)
        else:
            self._say(problem)

    @property
    def _release(self) -> str:
        options = self.query_one(OptionList)
        at = options.highlighted
        return DEVELOPMENT if at is None else str(options.get_option_at_index(at).prompt)

    def _say(self, what: Problem | str) -> None:
        line = self.query_one("#said", Static)
        line.set_class(isinstance(what, Problem), "-bad")
        self.query_one("#releases").set_class(isinstance(what, Problem), "-short")
        if isinstance(what, Problem):
            where = f"{what.where}: " if what.where else ""
            line.update(Content(f"✗ {harmless(where + what.what)}\n{harmless(what.cure)}".rstrip()))
        else:
            line.update(Content(what))


def _usual(session: Session) -> str:
    """Where a checkout would usually be: beside root there is DevStack's own place."""
    return "/opt/stack/devstack" if session.caller.is_root else f"{session.caller.home}/devstack"
