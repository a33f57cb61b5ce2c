"""Looks at the host once more after a run: what is in the way, what fails, what would be done."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wizard.engine import curing_offer, session
from wizard.engine.checking import ask_all
from wizard.engine.curing_offer import Part as Foreseen
from wizard.engine.planning import planning
from wizard.engine.planning.planning import Planned
from wizard.engine.planning.survey import Survey
from wizard.model.diagnosis.finding import Finding
from wizard.model.events import Event, Titled
from wizard.model.machine import Reader
from wizard.model.recipe import Tools
from wizard.model.step import Pending, Step
from wizard.tui.parts import GAP, Part
from wizard.tui.session import Problems, of_run

_ANY = Tools("uv", "")  # nothing is done here


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, and the plan that a build would have."""

    survey: Survey
    planned: Planned

    @property
    def obstacles(self) -> Problems:
        """What would stop a build now."""
        survey, planned = self.survey, self.planned
        return planning.judge(survey, planned, planning.states(survey, planned)).obstacles

    def ask(self) -> tuple[Event, ...]:
        """Ask every check; return what each says, as a run would."""
        said: list[Event] = []
        ask_all(self.planned.plan, self.survey.host, said.append)
        return tuple(said)


Look = Callable[[], tuple[Foreseen, ...] | Problems]
"""Says what would be done; it asks the host, so it may take a while."""


def look(folder: Path, root: str | None) -> Looked | Problems:
    """Look with the answers of a run."""
    own = of_run(folder, root)
    if isinstance(own, tuple):
        return own
    survey = own.look(own.first)
    if not isinstance(survey, Survey):
        return survey
    planned = planning.make(survey, _ANY)
    return planned if isinstance(planned, tuple) else Looked(survey, planned)


def offered(folder: Path, root: str | None, finding: Finding) -> tuple[Foreseen, ...] | Problems:
    """Return what would be done about a finding of a run."""
    own = of_run(folder, root)
    if isinstance(own, tuple):
        return own
    found = curing_offer.offer(folder, finding, own.arguments, own.caller)
    return found if isinstance(found, tuple) else found.parts


def mending(
    folder: Path, root: str | None, failing: Iterable[str]
) -> tuple[Foreseen, ...] | Problems:
    """Return what would be done about the checks that fail, by their ids."""
    looked = look(folder, root)
    if isinstance(looked, tuple):
        return looked
    fixes = looked.planned.plan.fixes
    steps = {step.id: step for check in failing for step in fixes.get(check, ())}
    return tuple(pending(steps.values(), looked.survey.host))


def pending(steps: Iterable[Step], host: Reader) -> Iterator[Foreseen]:
    """Yield each step that has something to do, with its commands and diffs."""
    for step in steps:
        state = step.state(host)
        if isinstance(state, Pending):
            forecast = session.forecast(step, state, step.preview(host))
            yield Foreseen(Titled(step.id, step.title), forecast)


def told(problems: Problems) -> Iterator[Part]:
    """Yield what another look found in the way of going on."""
    clock = time.strftime("at %H:%M:%S")
    if not problems:
        yield Part("Checked again", f"{clock}: nothing is in the way of going on.")
    for problem in problems:
        where = f"{problem.where}: " if problem.where else ""
        yield Part("Checked again", f"{clock}: ✗ {where}{problem.what}", "$text-error")
        if problem.cure:
            yield Part("What to do", problem.cure)
    yield GAP
