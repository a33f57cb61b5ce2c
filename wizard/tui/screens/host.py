"""Screen 1: the host, the DevStack on it, and what has to be so before a build."""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Button

from wizard.engine.planning.survey import Survey
from wizard.model.check import Code
from wizard.model.problem import Problem
from wizard.model.settings.answers import Answers
from wizard.tui import words
from wizard.tui.help import HOST, Help
from wizard.tui.judged import MARKS, Judged, misunderstood
from wizard.tui.outcome import Found, Given
from wizard.tui.step import Step as StepScreen
from wizard.tui.threads import tell
from wizard.tui.widgets.cells import Column
from wizard.tui.widgets.hanging import Hanging, Hung
from wizard.tui.widgets.table import Table

OS_RELEASE = "/etc/os-release"
COLUMNS = (Column("", 6), Column("", 26), Column("", 24, 1))


class HostScreen(StepScreen):
    """Looks at the host when it opens, and again on F5."""

    NUMBER: ClassVar[int] = 0
    HEADING: ClassVar[str] = "Host"
    ABOUT: ClassVar[Help] = HOST
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "look", "Look again", priority=True),
        Binding("f2", "devstack", "DevStack", priority=True),
        Binding("d", "cure", "Do it", show=False),
        Binding("f3", "like", "Distribution", show=False, priority=True),
    ]

    def __init__(self, given: Given) -> None:
        super().__init__(given)
        self._answers = given.answers
        self._judged: dict[str, Judged] = {}

    @property
    def answers(self) -> Answers:
        """The checkout that was chosen."""
        return self._answers

    def content(self) -> ComposeResult:
        """What was found, and the table of preconditions."""
        yield Hanging(id="facts")
        yield Table(COLUMNS, id="checks", empty="Looking at this host ...")

    def buttons(self) -> Iterable[Widget]:
        """What there is to do here; the first two show where they lead somewhere."""
        yield Button("Show and do it (d)", id="cure", compact=True)
        yield Button("Say what it is like (F3)", id="like", compact=True)
        yield Button("DevStack (F2)", id="devstack", compact=True)
        yield Button("Look again (F5)", id="look", compact=True)

    def on_mount(self) -> None:
        """Look."""
        self.query_one(Table).focus()
        self._show_facts(self.found)
        self._offer(None)
        self.explain("Looking at this host ...")
        self.action_look()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Look again, or choose a DevStack."""
        match event.button.id:
            case "look":
                self.action_look()
            case "devstack":
                self.action_devstack()
            case "cure":
                self.action_cure()
            case "like":
                self.action_like()
            case _:
                super().on_button_pressed(event)

    def obstacle(self) -> Problem | None:
        """Nothing goes on without a host that is understood."""
        if isinstance(self.found, tuple):
            return self.found[0]
        return None

    def action_look(self) -> None:
        """Ask the host everything again."""
        self.summarise("looking ...")
        self._look()

    @work(description="")
    async def action_devstack(self) -> None:
        """Choose the checkout."""
        from wizard.tui.screens.devstack import DevstackScreen  # noqa: PLC0415 -- when asked for

        directory = self.found.settings.directory.value if isinstance(self.found, Survey) else ""
        chosen = await self.app.push_screen_wait(DevstackScreen(self.session, directory))
        if chosen is not None:
            kept = replace(self._answers.devstack, directory=chosen)
            self._answers = replace(self._answers, devstack=kept)
            self.notice(None)
            self.action_look()

    @work(thread=True, exclusive=True, group="look", description="")
    def _look(self) -> None:
        answers = self._answers
        found = self.session.look(answers)
        tell(self, self._looked, answers, found)
        if not isinstance(found, Survey):
            return
        from wizard.engine import host_curing  # noqa: PLC0415 -- the facts show first
        from wizard.engine.planning import planning  # noqa: PLC0415

        for precondition in planning.preconditions(found):
            result = precondition.run(found.host)
            cure = () if result.code is Code.SUCCESS else host_curing.cure(found, precondition)
            judged = Judged(precondition.id, precondition.title, result, cure)
            tell(self, self._judge, answers, judged)
        tell(self, self._over, answers)

    def _looked(self, answers: Answers, found: Found) -> None:
        if answers != self._answers:
            return
        self.found = found
        self._judged = {}
        self._show_facts(found)
        if isinstance(found, tuple):
            judged = (misunderstood(n, problem) for n, problem in enumerate(found))
            self._judged = {one.id: one for one in judged}
            self._show_checks()
        elif found is not None:
            self.notice(found.warnings[0].what if found.warnings else None)

    def _judge(self, answers: Answers, judged: Judged) -> None:
        if answers == self._answers:
            self._judged[judged.id] = judged
            self._show_checks()

    def _over(self, answers: Answers) -> None:
        if answers == self._answers:
            self._count()

    def _show_checks(self) -> None:
        worst_first = sorted(self._judged.values(), key=lambda judged: -judged.result.code)
        self.query_one(Table).show([judged.row for judged in worst_first])
        self._count(more="..." if isinstance(self.found, Survey) else "")

    def _count(self, more: str = "") -> None:
        codes = [judged.result.code for judged in self._judged.values()]
        parts = [f"{codes.count(code)} {MARKS[code][0][2:]}" for code in sorted(Code)]
        self.summarise(*(part for part in parts if not part.startswith("0 ")), more)

    def _show_facts(self, found: Found) -> None:
        rows = words.facts(found) if isinstance(found, Survey) else words.no_facts(found)
        hung = [Hung(f"{name:<10}", said, note, "$text-muted") for name, said, note in rows]
        self.query_one("#facts", Hanging).show(hung)

    def on_table_moved(self, event: Table.Moved) -> None:
        """Explain the check under the cursor."""
        judged = self._judged.get(event.row.key) if event.row else None
        self._offer(judged)
        if judged is None:
            return
        result = judged.result
        cure = "Cure: " + words.to_type(result.cure) if result.cure else ""
        evidence = "\n".join(f"    {line}" for line in result.evidence)
        self.explain(judged.title, words.sentence(result.details), cure, evidence)

    def on_table_chosen(self, event: Table.Chosen) -> None:
        """Show the cure of what stops the build, else go on."""
        judged = self._judged.get(event.row.key) if event.row else None
        if judged is not None and judged.cure and judged.result.code is Code.FAILURE:
            self.action_cure()
        else:
            self.action_next()

    def _offer(self, judged: Judged | None) -> None:
        """Show the buttons that lead somewhere."""
        self.query_one("#cure").display = judged is not None and bool(judged.cure)
        self.query_one("#like").display = self._unknown is not None

    @property
    def _unknown(self) -> Problem | None:
        """What is said of a distribution that nobody knows."""
        problems = self.found if isinstance(self.found, tuple) else ()
        return next((one for one in problems if one.where == OS_RELEASE), None)

    @work(description="")
    async def action_cure(self) -> None:
        """Show what would make the precondition hold; do it when told, and look again."""
        row = self.query_one(Table).present
        judged = self._judged.get(row.key) if row else None
        if judged is None or not judged.cure or not isinstance(self.found, Survey):
            return
        from wizard.tui.host_cure import show_and_do  # noqa: PLC0415 -- when asked for

        problem = await show_and_do(self.app, self.session.home, self.found, judged.cure)
        if problem is None:
            self.action_look()
        else:
            self.notice(problem)

    @work(description="")
    async def action_like(self) -> None:
        """Ask what an unknown distribution is like."""
        if self._unknown is None:
            return
        from wizard.tui.screens.like import LikeScreen  # noqa: PLC0415 -- when asked for

        asked = LikeScreen(self._answers.host, self._unknown.what)
        said = await self.app.push_screen_wait(asked)
        if said is not None:
            self._answers = replace(self._answers, host=said)
            self.notice(None)
            self.action_look()
