"""A run from its lock to its last event."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from wizard import __version__
from wizard.engine.acting_machine import ActingMachine, Run
from wizard.engine.build import Build
from wizard.engine.cancel import Cancel
from wizard.engine.curing_use import CureUse
from wizard.engine.diagnosing import Explanation
from wizard.engine.files.file_system import Direct
from wizard.engine.files.files_as_root import sweep_candidates
from wizard.engine.journal.journal import open_journal
from wizard.engine.live_findings import LiveFindings
from wizard.engine.lock.holder import this_process
from wizard.engine.lock.lock import acquire
from wizard.engine.planning.planning import Planned
from wizard.engine.planning.survey import Survey
from wizard.engine.remedies import Remedies
from wizard.engine.runs import run_folder, runs
from wizard.engine.runs.follow import sign
from wizard.engine.runs.run_folder import Listener, RunFolder
from wizard.engine.sequence import in_vain
from wizard.model import events
from wizard.model.events import PlannedState, RunFinished, RunStarted, Titled
from wizard.model.exit_status import MEANING, ExitStatus
from wizard.model.machine import Machine
from wizard.model.plan import Plan
from wizard.model.problem import Problem
from wizard.model.secret import Mask
from wizard.model.settings.answers_text import save
from wizard.model.settings.settings import said
from wizard.model.step import Pending, Preview, Satisfied, State, Step, WouldRun, parts

BUILD, FIX = "build", "fix"  # kinds of run


@dataclass(frozen=True, slots=True)
class Opened:
    """A run that may begin: locked, with a folder and a journal."""

    run: Run
    folder: RunFolder
    started: float


def state_home(survey: Survey) -> Path:
    """Return where the runs of this caller are kept."""
    root = survey.host.launcher.root
    caller = survey.caller
    return run_folder.state_home(caller.environ, are_root=caller.is_root, root=root)


@contextmanager
def opened(
    survey: Survey, planned: Planned, cancel: Cancel, listener: Listener, kind: str = BUILD
) -> Iterator[Opened | Problem]:
    """Lock what the run changes and open its folder; a Problem where that cannot be."""
    sweep_candidates()
    with ExitStack() as stack:
        try:
            folder = _run_folder(survey, planned, kind)
        except OSError as error:
            where = str(error.filename or state_home(survey))
            cure = "Set DEVSTACK_VENV_STATE to a folder that can be written"
            yield Problem(f"cannot keep a run here: {error.strerror}", where, cure, ExitStatus.HOST)
            return
        stack.callback(folder.close)
        lock = acquire(_targets(survey, planned), this_process(folder.name, str(folder.path)))
        if isinstance(lock, Problem):
            run_folder.discard(folder)
            yield lock
            return
        stack.callback(lock.release)
        Direct().sweep(survey.host.resolve(planned.local_conf), "")  # what a killed run left
        journal = open_journal(folder.path)
        if isinstance(journal, Problem):
            yield journal
            return
        stack.callback(journal.close)
        folder.listeners.append(listener)
        session = Opened(Run(folder, journal, cancel, lock.fds), folder, time.monotonic())
        try:
            yield session
        except Exception as bug:
            _mask(bug, folder.mask)
            folder.emit(_broken_by(bug, session))  # the last event, also then
            raise


def _run_folder(survey: Survey, planned: Planned, kind: str) -> RunFolder:
    """Make the folder of a run. Raises OSError, and then leaves none."""
    request = _request(survey, planned, kind)
    folder = run_folder.create(state_home(survey), request, Mask(planned.secrets))
    try:
        folder.keep("answers.toml", _answers(survey))
        sign(folder.path)
    except OSError:
        run_folder.discard(folder)
        raise
    return folder


def _mask(bug: BaseException, mask: Mask) -> None:
    """Take the secrets out of what a bug says: its words go to the terminal and into a file."""
    bug.args = tuple(mask(said) if isinstance(said, str) else said for said in bug.args)
    if bug.__context__ is not None:
        _mask(bug.__context__, mask)


def _broken_by(bug: Exception, session: Opened) -> RunFinished:
    seconds = round(time.monotonic() - session.started, 3)
    words = f"Ended by {MEANING[ExitStatus.BUG]}: {type(bug).__name__}: {bug}."
    return RunFinished(ExitStatus.BUG, seconds, words)


def locked(survey: Survey, planned: Planned) -> Problem | None:
    """Say who is at work on the same venv or local.conf: then nothing else can be judged."""
    lock = acquire(_targets(survey, planned), this_process("", ""))
    if isinstance(lock, Problem):
        return lock
    lock.release()
    return None


def _targets(survey: Survey, planned: Planned) -> tuple[str, ...]:
    return tuple(map(survey.host.resolve, (planned.recipe.path, planned.local_conf)))


def carry_out(
    survey: Survey,
    planned: Planned,
    states: Mapping[str, State],
    warnings: Iterable[Problem],
    session: Opened,
) -> ExitStatus:
    """Say what will be done, do it, check it, and say how it ended."""
    folder, plan = session.folder, planned.plan
    folder.emit(started(survey, planned, BUILD, folder))
    for step in plan.steps:
        for planned_part in forecasts(step, states[step.id]):
            folder.emit(planned_part)
    for warning in warnings:
        folder.emit(remark(warning))

    def machine_for(step: str) -> Machine:
        host = survey.host
        return ActingMachine(host.launcher, host.user_name, at=session.run, step=step)

    with LiveFindings(folder.emit, explanation(survey, planned.cures), in_vain(plan.steps)) as live:
        folder.listeners.append(live)
        remedies = Remedies(live, survey.distribution.family)
        build = Build(plan, machine_for, live.emit, session.run.cancel, remedies)
        status = build.run()
    seconds = round(time.monotonic() - session.started, 3)
    folder.emit(RunFinished(int(status), seconds, summary(status, seconds, build)))
    return status


def explanation(survey: Survey, cures: frozenset[str] = frozenset()) -> Explanation:
    """Return what turns findings into words: this host's packages, this DevStack's age."""
    series = survey.devstack.series if survey.devstack else ""
    venv = survey.settings.path.value
    cured = survey.arguments.cure.rpartition(":")[2]
    use = CureUse(survey.host, survey.distribution.family, cured, cures)
    return Explanation(survey.host, survey.distribution, series, venv, use, survey.index)


def started(
    survey: Survey, planned: Planned, kind: str, folder: RunFolder | None = None
) -> RunStarted:
    """Return the first event of a run."""
    devstack = survey.devstack
    series = f", {devstack.series}" if devstack and devstack.series else ""
    plan: Plan = planned.plan
    return RunStarted(
        run=folder.name if folder else "",
        kind=kind,
        version=__version__,
        host=f"{survey.distribution.title}, {survey.distribution.family.package_manager}",
        devstack=f"{devstack.directory} ({devstack.kind}{series})" if devstack else "",
        venv=planned.recipe.path,
        user=survey.host.user_name,
        folder=str(folder.path) if folder else "",
        steps=tuple(Titled(part.id, part.title) for step in plan.steps for part in parts(step)),
        checks=tuple(Titled(check.id, check.title) for check in plan.checks),
    )


def forecast(step: Step, state: State, previews: Sequence[Preview] = ()) -> events.Planned:
    """Return what a step says of itself before its turn."""
    if isinstance(state, Satisfied):
        return events.Planned(step.id, PlannedState.SATISFIED, state.why)
    if not isinstance(state, Pending):
        why = f"{state.where}: {state.what}" if state.where else state.what
        return events.Planned(step.id, PlannedState.BLOCKED, why, state.cure)
    commands = tuple(p.command for p in previews if isinstance(p, WouldRun))
    diffs = tuple(p.diff for p in previews if not isinstance(p, WouldRun))
    pending = PlannedState.PENDING
    return events.Planned(step.id, pending, state.why, commands=commands, diffs=diffs)


def forecasts(
    step: Step, state: State, previews: Sequence[Preview] = ()
) -> tuple[events.Planned, ...]:
    """Return what a step says of itself: its first part has it all, the others their reason."""
    whole = forecast(step, state, previews)
    first, *others = parts(step)
    rest = (replace(whole, step=one.id, why=one.why, commands=(), diffs=()) for one in others)
    return (replace(whole, step=first.id), *rest)


def remark(problem: Problem) -> events.Remark:
    """Return a warning as an event."""
    where = f"{problem.where}: " if problem.where else ""
    return events.Remark(where + problem.what, problem.cure)


def summary(status: ExitStatus, seconds: float, build: Build) -> str:
    """Return one sentence about how the run ended."""
    took = f"{seconds:.1f} s"
    if status is ExitStatus.DONE:
        return (
            f"Done in {took}." if build.changed else f"Nothing to do: all is so already ({took})."
        )
    reason = f": {build.problem.what.rstrip('.')}" if build.problem is not None else ""
    return f"Ended after {took}, {MEANING[status]}{reason}."


def _answers(survey: Survey) -> str:
    """Return the answers that lead to this run again; their passwords are references."""
    text = save(said(survey.settings))
    return text if isinstance(text, str) else ""


def _request(survey: Survey, planned: Planned, kind: str) -> dict[str, object]:
    return {
        "kind": kind,
        "version": __version__,
        "answers": runs.answers_file(survey.arguments, survey.caller),
        "venv": planned.recipe.path,
        "local_conf": planned.local_conf,
        "user": survey.host.user_name,
        "package_manager": survey.distribution.family.package_manager,
    }
