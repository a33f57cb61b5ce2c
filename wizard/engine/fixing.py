"""A run that mends: asks every check, applies the steps that mend what failed, and asks again."""

import time
from collections.abc import Mapping
from dataclasses import replace

from wizard.engine import session
from wizard.engine.acting_machine import ActingMachine
from wizard.engine.build import Build
from wizard.engine.checking import ask_all, failures
from wizard.engine.live_findings import LiveFindings
from wizard.engine.planning.planning import Planned
from wizard.engine.planning.survey import Survey
from wizard.engine.remedies import Remedies
from wizard.engine.sequence import in_a_row, in_vain
from wizard.engine.session import Opened
from wizard.model import events
from wizard.model.check import Code, Result, Verdict
from wizard.model.events import PlannedState, RunFinished
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Machine
from wizard.model.plan import Plan
from wizard.model.step import Pending, Step


def checks_only(whole: Planned) -> Planned:
    """Return what a run that only checks is about."""
    return replace(whole, plan=Plan((), whole.plan.checks))


def every_fix(whole: Planned) -> Planned:
    """Return a plan of all steps that mend something, each once, one after the other."""
    steps = {step.id: step for fixes in whole.plan.fixes.values() for step in fixes}
    return replace(whole, plan=Plan(in_a_row(tuple(steps.values())), whole.plan.checks))


def mend(survey: Survey, whole: Planned, opened: Opened) -> ExitStatus:
    """Say what fails, show what would mend it, do that, and say what fails then."""
    folder, fixes = opened.folder, every_fix(whole)
    folder.emit(session.started(survey, fixes, session.FIX, folder))
    verdicts = ask_all(whole.plan, survey.host, folder.emit)
    chosen = _forecast(survey, fixes.plan.steps, _mending(whole.plan, verdicts), opened)
    if chosen:
        status, words = _carry_out(
            survey, Plan(chosen, whole.plan.checks, fixes=whole.plan.fixes), opened
        )
    else:
        failed = failures(verdicts.values())
        status = ExitStatus.CHECK_FAILED if failed else ExitStatus.DONE
        words = f"{failed} of {len(verdicts)} checks fail, and no safe step is left to mend them."
        words = words if failed else "No check fails: nothing to mend."
    seconds = round(time.monotonic() - opened.started, 3)
    folder.emit(RunFinished(int(status), seconds, words))
    return status


def _mending(plan: Plan, verdicts: Mapping[str, Verdict]) -> frozenset[str]:
    """Return the ids of the steps that may mend what failed."""
    failed = [
        name
        for name, verdict in verdicts.items()
        if isinstance(verdict, Result) and verdict.code is Code.FAILURE
    ]
    return frozenset(step.id for name in failed for step in plan.fixes.get(name, ()))


def _forecast(
    survey: Survey, steps: tuple[Step, ...], mending: frozenset[str], opened: Opened
) -> tuple[Step, ...]:
    """Show every step with its diff; return those that have something to do."""
    chosen = []
    for step in steps:
        if step.id not in mending:
            passes = events.Planned(step.id, PlannedState.SATISFIED, "no check asks for it")
            opened.folder.emit(passes)
            continue
        state = step.state(survey.host)
        previews = step.preview(survey.host) if isinstance(state, Pending) else ()
        opened.folder.emit(session.forecast(step, state, previews))
        if isinstance(state, Pending):
            chosen.append(step)
    return in_a_row(tuple(chosen))


def _carry_out(survey: Survey, plan: Plan, opened: Opened) -> tuple[ExitStatus, str]:
    host = survey.host

    def machine_for(step: str) -> Machine:
        return ActingMachine(host.launcher, host.user_name, at=opened.run, step=step)

    with LiveFindings(opened.folder.emit, session.explanation(survey), in_vain(plan.steps)) as live:
        opened.folder.listeners.append(live)
        remedies = Remedies(live, survey.distribution.family)
        build = Build(plan, machine_for, live.emit, opened.run.cancel, remedies)
        status = build.run()
    seconds = time.monotonic() - opened.started
    if status is ExitStatus.CHECK_FAILED:
        return status, f"Mended in {seconds:.1f} s what is safe to mend; a check still fails."
    return status, session.summary(status, seconds, build)
