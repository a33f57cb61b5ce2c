"""The application: the session, the way through the screens, and what is said at the end.

The first paint waits for as little as possible: what reads answers and looks at the host is
imported behind it.
"""

import sys
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.widgets import Static

from wizard.arguments import Arguments
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.tui.frame import Frame
from wizard.tui.widgets.stepper import Stepper

if TYPE_CHECKING:
    from wizard.tui.session import Session


class Wizard(Frame):
    """Screens that fill in answers, then the build made of them."""

    def __init__(
        self, session: "Session | None" = None, arguments: Arguments | None = None
    ) -> None:
        super().__init__()
        self._session = session
        self._arguments = arguments or Arguments()
        self.problems: tuple[Problem, ...] = ()  # of the command line and the answers file
        self.last_words = ""

    @property
    def session(self) -> "Session":
        """What the screens share; there is one before the first of them."""
        if self._session is None:
            raise RuntimeError("the wizard has not begun")
        return self._session

    def close(self) -> None:
        """Remove what was put somewhere for the time of the session."""
        if self._session is not None:
            self._session.close()

    def compose(self) -> ComposeResult:
        """Show where one is until the first screen is there."""
        yield Stepper(0)
        yield Static("\n  Looking at this host ...", markup=False)

    def on_mount(self) -> None:
        """Begin when something is seen."""
        self.call_after_refresh(self.go)

    async def on_unmount(self) -> None:
        """Let no question to the host hold up the end."""
        from wizard.engine import process  # noqa: PLC0415 -- see above

        process.stop_asking()

    @work(description="")
    async def go(self) -> None:
        """Walk through the screens, then leave."""
        found = self._session or await self.open_session().wait()
        if isinstance(found, tuple):
            self.problems = found
            self.exit(found[0].status)
            return
        self._session = found
        from wizard.tui.flow import walk  # noqa: PLC0415 -- see above

        self.exit(await walk(self, found))

    @work(thread=True, description="")
    def open_session(self) -> "Session | tuple[Problem, ...]":
        """Read what is said already, and import what the first screen needs."""
        from wizard.engine.planning.survey import caller  # noqa: PLC0415 -- see above
        from wizard.tui.screens import host  # noqa: F401, PLC0415
        from wizard.tui.session import begin  # noqa: PLC0415

        return begin(self._arguments, caller())


def run(arguments: Arguments) -> ExitStatus:
    """Show the wizard, and say afterwards what is worth saying."""
    app = Wizard(arguments=arguments)
    try:
        status = app.see_through()
    finally:
        app.close()
    for problem in app.problems:
        sys.stderr.write(f"devstack-venv: {problem}\n")
    if not app.problems:
        _say_goodbye(app)
    return status


def _say_goodbye(app: Wizard) -> None:
    """Say how to come back: to the build, or to the answers."""
    from wizard.engine.runs import draft  # noqa: PLC0415 -- see above

    if app.last_words:
        sys.stdout.write(f"{app.last_words}\n")
    elif draft.load(app.session.home) is not None:
        sys.stdout.write("Your answers are kept; the next start offers to go on with them.\n")
