"""--attach on a terminal: the build and result screens without the rest of the wizard."""

import os
import sys
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.widgets import Static

from wizard.arguments import Arguments
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.tui.after import Gone, Leave, Retry
from wizard.tui.frame import Frame


class AttachApp(Frame):
    """Follows one run, then the one that ``Build again`` makes of it."""

    def __init__(self, folder: Path, options: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.folder = folder
        self.left_running = False
        self._options = options

    def compose(self) -> ComposeResult:
        """Say what is being done until there is more to see."""
        words = f"\n  Reading run {self.folder.name} from its beginning ..."
        yield Static(words, markup=False)

    def on_mount(self) -> None:
        """Begin when something is seen."""
        self.call_after_refresh(self.follow)

    @work(description="")
    async def follow(self) -> None:
        """Watch until the user leaves; a retry is another run to watch."""
        from wizard.tui.watching import watch  # noqa: PLC0415 -- not for the first paint

        while True:
            after = await watch(self, self.folder, options=self._options, can_change=False)
            if isinstance(after, Retry):
                await self._build_again()
                continue
            self.left_running = isinstance(after, Gone)
            self.exit(after.status if isinstance(after, Leave) else ExitStatus.DONE)
            return

    async def _build_again(self) -> None:
        answers = self.folder / "answers.toml"
        options = ("--answers", str(answers), *self._options) if answers.exists() else self._options
        started = await self.start(options).wait()
        if isinstance(started, Path):
            self.folder = started
            return
        from wizard.tui.screens.dialogs import Question  # noqa: PLC0415 -- rarely needed

        said = "\n".join(str(problem) for problem in started)
        await self.push_screen_wait(Question("The build did not begin", said, ("Back",)))

    @work(thread=True, description="")
    def start(self, options: tuple[str, ...]) -> Path | tuple[Problem, ...]:
        """Start another build; it looks at the host first, which takes a moment."""
        from wizard.engine import detached  # noqa: PLC0415 -- rarely needed

        return detached.start(options, os.environ, self.folder.parent.parent)


def run(folder: Path, options: tuple[str, ...] = ()) -> ExitStatus:
    """Show a run; afterwards say how to come back to one that goes on."""
    app = AttachApp(folder, options)
    status = app.see_through()
    if app.left_running:
        sys.stdout.write(f"The build goes on: devstack-venv --attach {app.folder.name}\n")
    return status


def find_and_run(given: Arguments) -> ExitStatus | Problem:
    """Show the run that the command line names, or the last one."""
    from wizard.engine.planning.survey import caller  # noqa: PLC0415
    from wizard.engine.runs import runs  # noqa: PLC0415 -- who knows the run does not need it

    folder = runs.find(caller(), given.root, given.run)
    if isinstance(folder, Problem):
        return folder
    for name in ("events.jsonl", "build.log"):
        if not os.access(folder / name, os.R_OK):
            what = "the run cannot be followed: this file is missing, or not yours to read"
            return Problem(what, str(folder / name), status=ExitStatus.NEEDS_PERSON)
    return run(folder, ("--root", given.root) if given.root else ())
