"""What every application of ours shares: themes, size classes, an orderly end."""

import asyncio
import os
import signal
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.worker import WorkerFailed

from wizard.model.exit_status import ExitStatus
from wizard.tui.themes import DARK, LIGHT, fitting
from wizard.tui.widgets.too_small import LEAST_HEIGHT, LEAST_WIDTH

_OTHER = {DARK.name: LIGHT.name, LIGHT.name: DARK.name}
_OTHER |= {"ansi-dark": "ansi-light", "ansi-light": "ansi-dark"}


class Frame(App[ExitStatus]):
    """An application that leaves the terminal as it found it, also when it is told to end."""

    TITLE = "devstack-venv"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 -- as Textual declares it
        (0, "-tiny"),
        (LEAST_WIDTH, "-narrow"),
        (100, "-wide"),
        (120, "-roomy"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-flat"),
        (LEAST_HEIGHT, "-low"),
        (30, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "other_theme", "Light or dark", show=False, priority=True),
    ]

    def __init__(self) -> None:
        # NO_COLOR takes the colours out of a native theme; of others Textual makes black on black
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = fitting(os.environ)

    def on_mount(self) -> None:
        """Heed the signals that Textual leaves to kill us with the terminal in disorder."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            loop.add_signal_handler(number, self.exit, ExitStatus.TERMINATED)

    def see_through(self) -> ExitStatus:
        """Run to the end; an exception in a screen is a bug and comes out of here.

        Textual would print it with every variable in reach, and so with passwords.
        """
        status = self.run()
        if self._exception is not None:
            raise original(self._exception)
        return status or ExitStatus.DONE

    def _print_error_renderables(self) -> None:
        """Leave the telling to whoever called."""
        self._exit_renderables.clear()

    async def action_quit(self) -> None:
        """Leave as the screen has it: something may run; an open question comes first."""
        leave = getattr(self.screen, "action_leave", None)
        if leave is not None:
            leave()
        elif not self.screen.is_modal:
            self.exit()

    def action_other_theme(self) -> None:
        """Change between light and dark."""
        self.theme = _OTHER[self.theme]


def original(error: Exception) -> Exception:
    """Return what went wrong in a thread itself: Textual's words about it are its repr."""
    return error.error if isinstance(error, WorkerFailed) else error  # type: ignore[return-value]
