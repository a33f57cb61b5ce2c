"""The application: theme, size classes, the keys that work everywhere."""

import os
import sys
from typing import ClassVar

from textual import work
from textual.app import App
from textual.binding import Binding, BindingType

from wizard.arguments import Arguments
from wizard.engine.survey import caller
from wizard.model.exit_status import ExitStatus
from wizard.tui.flow import walk
from wizard.tui.session import Session, begin
from wizard.tui.themes import DARK, LIGHT, fitting
from wizard.tui.widgets.too_small import LEAST_HEIGHT, LEAST_WIDTH


class Wizard(App[ExitStatus]):
    """Screens that fill in answers, then the build made of them."""

    TITLE = "devstack-venv"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 -- as Textual declares it
        (0, "-tiny"),
        (LEAST_WIDTH, "-narrow"),
        (100, "-wide"),
        (120, "-wide -roomy"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-flat"),
        (LEAST_HEIGHT, "-low"),
        (30, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "other_theme", "Light or dark", show=False, priority=True),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = fitting(os.environ)

    def on_mount(self) -> None:
        """Begin."""
        self.go()

    @work(description="")
    async def go(self) -> None:
        """Walk through the screens, then leave."""
        await walk(self, self.session)
        self.exit(ExitStatus.DONE)

    def action_other_theme(self) -> None:
        """Change between light and dark."""
        self.theme = {
            DARK.name: LIGHT.name,
            LIGHT.name: DARK.name,
            "ansi-dark": "ansi-light",
            "ansi-light": "ansi-dark",
        }[self.theme]


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
    if app.return_code:
        return ExitStatus.BUG
    return status or _left(session)


def _left(session: Session) -> ExitStatus:
    """Say where the answers are when the wizard was left early."""
    if (session.home / "draft.toml").exists():
        sys.stdout.write("Your answers are kept: the next start goes on with them.\n")
    return ExitStatus.DONE
