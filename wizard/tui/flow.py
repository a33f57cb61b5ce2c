"""The way through the screens: one coroutine that knows the order, screens that do not."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from wizard.engine.runs import draft
from wizard.model.exit_status import ExitStatus
from wizard.tui.outcome import Given, Left, Outcome, Watch
from wizard.tui.session import Session

if TYPE_CHECKING:
    from wizard.tui.app import Wizard
    from wizard.tui.step import Step

# by number; each is imported when it is entered: the first paint waits for none but the first
SCREENS = (
    ("host", "HostScreen"),
    ("venv", "VenvScreen"),
    ("distro_packages", "DistroPackagesScreen"),
    ("pypi_packages", "PyPIPackagesScreen"),
    ("local_conf", "LocalConfScreen"),
    ("review", "ReviewScreen"),
)
REVIEW = len(SCREENS) - 1


async def walk(app: "Wizard", session: Session) -> ExitStatus:
    """Go from screen to screen to a build, and from its result back where that is asked for."""
    from wizard.tui.welcome import welcome  # noqa: PLC0415 -- it finds nothing to ask as a rule

    outcome = await welcome(app, session)
    while True:
        while isinstance(outcome, Left):
            given = Given(session, outcome.answers, outcome.found, outcome.errand, outcome.start)
            outcome = await app.push_screen_wait(screen(outcome.to, given))
            session.keep(outcome.answers)
        after = await _watched(app, session, outcome)
        if isinstance(after, ExitStatus):
            return after
        outcome = after


async def _watched(app: "Wizard", session: Session, run: Watch) -> Outcome | ExitStatus:
    """Follow a run to its end, and say what comes of it."""
    from wizard.tui.after import Gone, Leave, Retry  # noqa: PLC0415 -- only for a build
    from wizard.tui.watching import watch  # noqa: PLC0415

    draft.discard(session.home)
    match await watch(app, run.folder, options=session.root_option):
        case Gone():
            app.last_words = _come_back(run.folder)
            return ExitStatus.DONE
        case Leave(status):
            return status
        case Retry():
            return Left(run.answers, None, REVIEW, start=True)
        case _:
            return Left(run.answers, None, REVIEW)


def _come_back(folder: Path) -> str:
    return f"The build goes on: devstack-venv --attach {folder.name}"


def screen(number: int, given: Given) -> "Step":
    """Return the screen of this number."""
    module, name = SCREENS[number]
    made = getattr(import_module(f"wizard.tui.screens.{module}"), name)(given)
    return cast("Step", made)
