"""The application: the session, the way through the screens, and what is said at the end."""

import sys

from textual import work

from wizard.arguments import Arguments
from wizard.engine import draft, process
from wizard.engine.survey import caller
from wizard.model.exit_status import ExitStatus
from wizard.tui.flow import walk
from wizard.tui.frame import Frame
from wizard.tui.session import Session, begin


class Wizard(Frame):
    """Screens that fill in answers, then the build made of them."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.last_words = ""

    def on_mount(self) -> None:
        """Begin."""
        self.go()

    def on_unmount(self) -> None:
        """Let no question to the host hold up the end."""
        process.stop_asking()

    @work(description="")
    async def go(self) -> None:
        """Walk through the screens, then leave."""
        self.exit(await walk(self, self.session))


def run(arguments: Arguments) -> ExitStatus:
    """Show the wizard; what is wrong with the command line is said before."""
    session = begin(arguments, caller())
    if isinstance(session, tuple):
        for problem in session:
            sys.stderr.write(f"devstack-venv: {problem}\n")
        return session[0].status
    app = Wizard(session)
    try:
        status = app.run()
    finally:
        session.close()
    if app.last_words:
        sys.stdout.write(f"{app.last_words}\n")
    elif status is None and draft.load(session.home) is not None:
        sys.stdout.write("Your answers are kept; the next start offers to go on with them.\n")
    return ExitStatus.BUG if app.return_code and status is None else status or ExitStatus.DONE
