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
from wizard.model.settings.environment import called_again
from wizard.tui.after import Gone, Leave
from wizard.tui.frame import Frame


class AttachApp(Frame):
    """Follows one run, then those that are made of it."""

    def __init__(self, folder: Path, root: str | None = None) -> None:
        super().__init__()
        self.folder = folder
        self.left_running = False
        self._root = root

    def compose(self) -> ComposeResult:
        """Say what is being done until there is more to see."""
        words = f"\n  Reading run {self.folder.name} from its beginning ..."
        yield Static(words, markup=False)

    def on_mount(self) -> None:
        """Begin when something is seen."""
        self.call_after_refresh(self.follow)

    @work(description="")
    async def follow(self) -> None:
        """Watch until the user leaves."""
        from wizard.tui.watching import watch  # noqa: PLC0415 -- not for the first paint

        after = await watch(self, self.folder, root=self._root, can_change=False)
        if isinstance(after, Gone):
            self.folder, self.left_running = after.folder, True
        self.exit(after.status if isinstance(after, Leave) else ExitStatus.DONE)


def run(folder: Path, root: str | None = None) -> ExitStatus:
    """Show a run; afterwards say how to come back to one that goes on."""
    app = AttachApp(folder, root)
    status = app.see_through()
    if app.left_running:
        sys.stdout.write(
            f"The build goes on: {called_again(os.environ, root)} --attach {app.folder.name}\n"
        )
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
    return run(folder, given.root)
