"""--attach: follow a run that is under way, or replay one that is over."""

from wizard.arguments import Arguments
from wizard.engine import runs
from wizard.engine.follow import follow
from wizard.engine.survey import caller
from wizard.model.events import Finding, RunFinished
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.modes.rendering import Renderer


def run(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Show the run from its first event on; its exit status becomes ours."""
    folder = runs.find(caller(), given.root, given.run)
    if isinstance(folder, Problem):
        return renderer.refuse([folder])
    for stamped in follow(folder):
        renderer.listener(stamped)
        if isinstance(stamped.event, RunFinished):
            return ExitStatus(stamped.event.status)
    cure = f"See {folder}/build.log; run the same again, or devstack-venv --undo {folder.name}"
    renderer.emit(
        Finding("broken-off", f"run {folder.name} was broken off: killed, or a crash", cure)
    )
    return ExitStatus.STEP_FAILED
