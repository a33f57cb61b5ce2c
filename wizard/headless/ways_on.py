"""What a person may want after a run: its log, the venv, the way back."""

from collections.abc import Iterator

from wizard.model.events import RunFinished, RunStarted
from wizard.model.exit_status import ExitStatus


def ways_on(run: RunStarted, finished: RunFinished, program: str) -> Iterator[tuple[str, str]]:
    """Yield a word and a path or command for each."""
    yield "log", f"{run.folder}/build.log"
    if run.kind == "build":
        if finished.status == ExitStatus.DONE:
            yield "activate", f". {run.venv}/bin/activate"
        yield "undo", f"{program} --undo {run.run}"
