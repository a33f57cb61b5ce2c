"""What would be done about a finding, to be shown before anybody says yes."""

from dataclasses import dataclass, replace
from pathlib import Path

from wizard.arguments import Arguments, Mode
from wizard.engine import curing, session
from wizard.engine.curing import OF_THE_BUILD, Prepared
from wizard.engine.planning.planning import Planned
from wizard.engine.planning.survey import Caller
from wizard.model.diagnosis.doer import Doer, doer, why_person
from wizard.model.diagnosis.finding import Finding
from wizard.model.events import Planned as Forecast
from wizard.model.events import PlannedState, Titled
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.recipe import Tools
from wizard.model.step import Pending, Step

Problems = tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a cure, with its commands and diffs."""

    step: Titled
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class Offer:
    """What is done first, and the options that start the engine with it."""

    parts: tuple[Part, ...]
    options: tuple[str, ...]  # for detached.start, after those of the run that failed


def can_be_offered(finding: Finding) -> bool:
    """Say at once, without asking the host, whether a button makes sense."""
    return doer(finding) is not Doer.PERSON


def options(folder: Path, finding: Finding) -> tuple[str, ...]:
    """Return what starts a build that cures a finding of the run in ``folder`` first."""
    return ("--cure", f"{folder.name}:{finding.id}")


def offer(folder: Path, finding: Finding, given: Arguments, who: Caller) -> Offer | Problems:
    """Ask the host what the cure would be now. Takes about as long as ``--plan``.

    ``given`` is what the run that failed was started with; without an answers file in it, the
    answers that the run kept count.
    """
    if not can_be_offered(finding):
        return (Problem(why_person(finding), cure=finding.cure, status=ExitStatus.NEEDS_PERSON),)
    cure = options(folder, finding)
    prepared = curing.prepared(replace(given, mode=Mode.PLAN, cure=cure[1]), who)
    if isinstance(prepared, tuple):
        return prepared
    planned = prepared.plan(Tools("uv", ""))
    return planned if isinstance(planned, tuple) else Offer(_parts(prepared, planned), cure)


def _parts(prepared: Prepared, planned: Planned) -> tuple[Part, ...]:
    wanted = prepared.prescription.wanted if prepared.prescription else ()
    doing = {OF_THE_BUILD[one] for one in wanted if one in OF_THE_BUILD}
    shown = (step for step in planned.plan.steps if step.id in planned.cures | doing)
    parts = (_part(step, prepared) for step in shown)
    return tuple(part for part in parts if part.forecast.state is not PlannedState.SATISFIED)


def _part(step: Step, prepared: Prepared) -> Part:
    host = prepared.survey.host
    state = step.state(host)
    previews = step.preview(host) if isinstance(state, Pending) else ()
    return Part(Titled(step.id, step.title), session.forecast(step, state, previews))
