"""What a person may want after a run: its log, the venv, the way back."""

from collections.abc import Iterator

from wizard.model.events import Finding, RunFinished, RunStarted
from wizard.model.exit_status import ExitStatus


def cure_command(run: RunStarted | None, finding: Finding, program: str) -> str:
    """Return what does a finding's cure and goes on; "" outside of a run that is kept."""
    kept = run.run if run else ""
    return f"{program} --auto --cure {kept}:{finding.id}" if kept else ""


def ways_on(
    run: RunStarted | None, finished: RunFinished, program: str, *, changed: bool
) -> Iterator[tuple[str, str]]:
    """Yield a word and a path or command for each; a run that is not kept has none."""
    if run is None or not run.folder:
        return
    yield "log", f"{run.folder}/build.log"
    if run.kind == "build":
        if finished.status == ExitStatus.DONE:
            yield "activate", f". {run.venv}/bin/activate"
        if changed:
            yield "undo", f"{program} --undo {run.run}"
