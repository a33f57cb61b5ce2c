"""--attach: follow a run that is under way, or replay one that is over."""

import os
from pathlib import Path

from wizard.arguments import Arguments
from wizard.engine.planning.survey import caller
from wizard.engine.runs import runs
from wizard.engine.runs.follow import follow
from wizard.model.events import Finding, RunFinished
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.settings.environment import called_again
from wizard.modes.rendering import Renderer


def run(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Show the run from its first event on; its exit status becomes ours."""
    folder = runs.find(caller(), given.root, given.run)
    if isinstance(folder, Problem):
        return renderer.refuse([folder])
    try:
        return _replay(folder, renderer, called_again(os.environ, given.root))
    except OSError as error:
        what = f"the run cannot be followed: {error.strerror}"
        problem = Problem(what, str(error.filename), status=ExitStatus.NEEDS_PERSON)
        return renderer.refuse([problem])


def _replay(folder: Path, renderer: Renderer, again: str) -> ExitStatus:
    """Show what there is; ``again`` is how to call this program. Raises OSError."""
    for stamped in follow(folder):
        renderer.relay(stamped)
        if isinstance(stamped.event, RunFinished):
            return _status(stamped.event.status)
    words = f"Run {folder.name} was broken off: killed, or a crash."
    cure = f"See {folder}/build.log; run the same again, or {again} --undo {folder.name}"
    renderer.emit(Finding("broken-off", words, cure))
    renderer.emit(RunFinished(ExitStatus.STEP_FAILED, 0.0, words))
    return ExitStatus.STEP_FAILED


def _status(said: int) -> ExitStatus:
    """Believe only what can be an exit status of ours."""
    return ExitStatus(said) if said in set(ExitStatus) else ExitStatus.BUG
