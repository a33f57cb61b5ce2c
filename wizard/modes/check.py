"""--check: the checks on the host as it is; with --fix, what is safe to mend is mended."""

from pathlib import Path

from wizard.arguments import Arguments
from wizard.engine import fixing, session
from wizard.engine.cancel import Cancel
from wizard.engine.checking import ask_all, failures
from wizard.engine.planning import planning
from wizard.engine.planning.planning import Planned
from wizard.engine.planning.survey import Survey, caller, survey
from wizard.engine.signals import heeded
from wizard.engine.toolbox import staged
from wizard.model.events import RunFinished
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.modes.rendering import Renderer


def run(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Ask every check; with --fix in a run that also mends, and that can be undone."""
    found = survey(given, caller())
    if not isinstance(found, Survey):
        return renderer.refuse(found)
    root = found.host.launcher.root
    with staged(Path(root, "tmp"), are_root=found.caller.is_root, root=root) as tools:
        planned = planning.make(found, tools)
        if isinstance(planned, tuple):
            return renderer.refuse(planned)
        return (_fix if given.fix else _check)(found, planned, renderer)


def _check(found: Survey, planned: Planned, renderer: Renderer) -> ExitStatus:
    renderer.emit(session.started(found, fixing.checks_only(planned), "check"))
    verdicts = ask_all(planned.plan, found.host, renderer.emit)
    failed, total = failures(verdicts.values()), len(verdicts)
    status = ExitStatus.CHECK_FAILED if failed else ExitStatus.DONE
    words = f"{failed} of {total} checks fail." if failed else "No check fails."
    renderer.emit(RunFinished(status, 0.0, words))
    return status


def _fix(found: Survey, planned: Planned, renderer: Renderer) -> ExitStatus:
    cancel = Cancel(found.settings.timeout_minutes.value * 60.0)
    run = session.opened(found, planned, cancel, renderer.listener, session.FIX)
    with heeded(cancel), run as opened:
        if isinstance(opened, Problem):
            return renderer.refuse([opened])
        return fixing.mend(found, planned, opened)
