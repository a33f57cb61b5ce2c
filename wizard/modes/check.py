"""--check: the checks on the host as it is; with --fix, what is safe to mend is mended."""

from dataclasses import replace
from pathlib import Path

from wizard.arguments import Arguments
from wizard.engine import fixing, planning, session
from wizard.engine.cancel import Cancel
from wizard.engine.checking import ask_all, failures
from wizard.engine.planning import Planned
from wizard.engine.signals import heeded
from wizard.engine.survey import Survey, caller, survey
from wizard.engine.toolbox import staged
from wizard.model.check import Verdict
from wizard.model.events import RunFinished
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.modes.rendering import Renderer


def run(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Ask every check; with --fix see the steps through that mend what failed."""
    found = survey(given, caller())
    if not isinstance(found, Survey):
        return renderer.refuse(found)
    root = found.host.launcher.root
    with staged(Path(root, "tmp"), are_root=found.caller.is_root, root=root) as tools:
        planned = planning.make(found, tools)
        if isinstance(planned, tuple):
            return renderer.refuse(planned)
        renderer.emit(session.started(found, replace(planned, plan=fixing.bare(planned)), "check"))
        verdicts = ask_all(planned.plan.checks, found.host, renderer.emit)
        if given.fix and (fixes := fixing.wanted(planned.plan, verdicts)):
            return _fix(found, fixing.planned(planned, fixes), renderer)
    return _report(verdicts, renderer)


def _report(verdicts: dict[str, Verdict], renderer: Renderer) -> ExitStatus:
    failed, total = failures(verdicts.values()), len(verdicts)
    status = ExitStatus.CHECK_FAILED if failed else ExitStatus.DONE
    words = f"{failed} of {total} checks fail." if failed else "No check fails."
    renderer.emit(RunFinished(status, 0.0, words))
    return status


def _fix(found: Survey, planned: Planned, renderer: Renderer) -> ExitStatus:
    """Mend, in a run of its own that can be undone, and ask every check again."""
    states = planning.states(found, planned)
    blocked = {name for name, state in states.items() if isinstance(state, Problem)}
    obstacles = tuple(state for state in states.values() if isinstance(state, Problem))
    planned = fixing.planned(
        planned, tuple(step for step in planned.plan.steps if step.id not in blocked)
    )
    cancel = Cancel(found.settings.timeout_minutes.value * 60.0)
    kind = session.FIX
    with (
        heeded(cancel),
        session.opened(found, planned, cancel, renderer.listener, kind) as opened,
    ):
        if isinstance(opened, Problem):
            return renderer.refuse([opened])
        return session.carry_out(found, planned, states, obstacles, opened, kind=kind)
