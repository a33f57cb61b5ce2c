"""--check: the checks on the host as it is; changes nothing."""

from pathlib import Path

from wizard.arguments import Arguments
from wizard.engine import planning, session
from wizard.engine.checking import ask_all, failures
from wizard.engine.survey import Survey, caller, survey
from wizard.engine.toolbox import staged
from wizard.model.events import RunFinished
from wizard.model.exit_status import ExitStatus
from wizard.modes.rendering import Renderer


def run(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Run every check and say how many fail."""
    found = survey(given, caller())
    if not isinstance(found, Survey):
        return renderer.refuse(found)
    root = found.host.launcher.root
    with staged(Path(root, "tmp"), are_root=found.caller.is_root, root=root) as tools:
        planned = planning.make(found, tools)
        if isinstance(planned, tuple):
            return renderer.refuse(planned)
        renderer.emit(session.started(found, planned, "check"))
        verdicts = ask_all(planned.plan.checks, found.host, renderer.emit)
    failed = failures(verdicts.values())
    status = ExitStatus.CHECK_FAILED if failed else ExitStatus.DONE
    words = f"{failed} of {len(verdicts)} checks fail." if failed else "Every check passes."
    renderer.emit(RunFinished(status, 0.0, words))
    return status
