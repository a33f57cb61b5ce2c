"""Screen 2: whether there is a virtual environment, where, from what."""

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, TypeVar

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from wizard.model import venv_path
from wizard.model.problem import Problem
from wizard.model.settings import answer_rules
from wizard.model.settings.answer_values import absolute_path
from wizard.model.settings.answers import Answers, Installer, VenvAnswers
from wizard.model.settings.settings import Setting
from wizard.tui import consequences
from wizard.tui.help import VENV, Help
from wizard.tui.outcome import Given
from wizard.tui.step import Step
from wizard.tui.threads import tell
from wizard.tui.widgets.choice import Choice
from wizard.tui.widgets.hanging import Hanging, Hung

T = TypeVar("T")
YES, NO = "yes", "no"
LABELS = {
    "use": "Use one",
    "path": "Folder",
    "python": "Python",
    "site": "System packages",
    "installer": "Installer",
    "constraints": "Constraints",
}


class VenvScreen(Step):
    """A form; what follows from it is shown below while it is filled in."""

    NUMBER: ClassVar[int] = 1
    HEADING: ClassVar[str] = "Virtual environment"
    ABOUT: ClassVar[Help] = VENV

    def __init__(self, given: Given) -> None:
        super().__init__(given)
        chosen = self.survey.settings.python.value
        self._own_python = "" if chosen else self.survey.python.path

    @property
    def answers(self) -> Answers:
        """What the form says; what is as the host suggests stays unsaid."""
        settings, before = self.survey.settings, self.given.answers.venv
        use, site = self._choice("use") == YES, self._choice("site") == YES
        installer = Installer(self._choice("installer"))
        said = VenvAnswers(
            use=_said(settings.use_venv, use, before.use),
            path=_said(settings.path, self._text("path"), before.path),
            python=self._said_python(before),
            system_site_packages=_said(
                settings.system_site_packages, site, before.system_site_packages
            ),
            installer=_said(settings.installer, installer, before.installer),
            constraints=self._said_constraints(before),
        )
        return replace(self.given.answers, venv=said)

    def content(self) -> ComposeResult:
        """Six fields and what follows from them."""
        settings = self.survey.settings
        python = settings.python.value or self._own_python
        with VerticalScroll(id="form", can_focus=False):
            yield from _field("use", Choice((YES, NO), _yes(settings.use_venv.value), id="use"))
            yield from _field("path", Input(settings.path.value, id="path", compact=True))
            own = "the distribution's own"
            field = Input(python, id="python", compact=True, placeholder=own)
            yield from _field("python", field)
            site = _yes(settings.system_site_packages.value)
            yield from _field("site", Choice((NO, YES), site, id="site"))
            installers = tuple(map(str, Installer))
            chosen = str(settings.installer.value)
            yield from _field("installer", Choice(installers, chosen, id="installer"))
            said = settings.constraints.value
            none = "none: a file, or a URL"
            field = Input(said, id="constraints", compact=True, placeholder=none)
            yield from _field("constraints", field)
            yield Static("What follows", id="follows-heading", markup=False)
            yield Hanging(id="follows")

    def on_mount(self) -> None:
        """Begin where most people look."""
        self.query_one("#path").focus()
        self._judge()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Explain the field."""
        name = str(event.widget.id)
        if name in LABELS:
            self.explain(LABELS[name], *consequences.EXPLAINED[name])

    def on_input_submitted(self) -> None:
        """Enter goes to the next field."""
        self.focus_next()

    def on_input_changed(self) -> None:
        """Judge while it is typed."""
        self._judge()

    def on_choice_changed(self) -> None:
        """Judge at once."""
        self._judge()

    def obstacle(self) -> Problem | None:
        """Return what is wrong with the form."""
        return next(self._problems(), None)

    def _problems(self) -> Iterator[Problem]:
        if self._choice("use") == NO:
            return
        directory = self.survey.settings.directory.value
        taken = tuple(filter(None, (self.survey.caller.home, directory)))
        for found in (
            venv_path.check(self._text("path"), taken),
            absolute_path(self._text("python") or "/"),
            answer_rules.constraints(self._text("constraints")),
        ):
            if isinstance(found, Problem):
                yield found

    def _judge(self) -> None:
        """Show at once what is wrong, and ask the host for the rest."""
        if not self.is_mounted:
            return
        unused = self._choice("use") == NO
        for name in ("path", "python", "site", "installer", "constraints"):
            self.query_one(f"#{name}").disabled = unused
        problem = self.obstacle()
        self.notice(problem)
        if problem is None:
            self._follow(self.answers)

    @work(thread=True, exclusive=True, group="follow", description="")
    def _follow(self, answers: Answers) -> None:
        found = self.session.look(answers)
        follows = consequences.of(found)
        tell(self, self._show, answers, follows)

    def _show(self, answers: Answers, follows: tuple[consequences.Consequence, ...]) -> None:
        if not self.is_attached or self.obstacle() is not None or answers != self.answers:
            return
        hung = [Hung(f"{mark} ", text, "", tone) for mark, tone, text in follows]
        self.query_one("#follows", Hanging).show(hung)

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _choice(self, name: str) -> str:
        return self.query_one(f"#{name}", Choice).value

    def _said_python(self, before: VenvAnswers) -> str | None:
        said = self._text("python")
        if said in (self._own_python, ""):
            return None
        return before.python if before.python == said else os.path.normpath(said)

    def _said_constraints(self, before: VenvAnswers) -> str | None:
        said = self._text("constraints")
        if before.constraints is None and said == self.survey.settings.constraints.value:
            return None
        return said


def _field(name: str, control: Widget) -> ComposeResult:
    with Horizontal(classes="field"):
        yield Static(LABELS[name], classes="label", markup=False)
        yield control


def _yes(value: object) -> str:
    return YES if value else NO


def _said(setting: Setting[T], value: T, before: T | None) -> T | None:
    """Leave unsaid what nobody said and the host or the default has so already."""
    return None if before is None and value == setting.value else value
