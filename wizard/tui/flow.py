"""The way through the screens: one coroutine that knows the order, screens that do not."""

from importlib import import_module
from typing import TYPE_CHECKING, cast

from wizard.engine.runs import draft, earlier_run
from wizard.model.exit_status import ExitStatus
from wizard.model.settings.environment import called_again
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
            given = Given(session, outcome.answers, outcome.found, outcome.errand)
            outcome = await app.push_screen_wait(screen(outcome.to, given))
            session.keep(outcome.answers)
        after = await _watched(app, session, outcome)
        if isinstance(after, ExitStatus):
            return after
        outcome = after


async def _watched(app: "Wizard", session: Session, run: Watch) -> Outcome | ExitStatus:
    """Follow a run to its end, and those made of it, and say what comes of it."""
    from wizard.tui.after import ChangeAnswers, Gone, Leave  # noqa: PLC0415 -- for a build
    from wizard.tui.watching import watch  # noqa: PLC0415

    draft.discard(session.home)
    match await watch(app, run.folder, root=session.arguments.root):
        case Gone(folder):
            again = called_again(session.caller.environ, session.arguments.root)
            app.last_words = f"The build goes on: {again} --attach {folder.name}"
            return ExitStatus.DONE
        case Leave(status):
            return status
        case ChangeAnswers(folder):
            answers = earlier_run.look(folder).answers()
            return Left(answers or run.answers, None, REVIEW)


def screen(number: int, given: Given) -> "Step":
    """Return the screen of this number."""
    module, name = SCREENS[number]
    made = getattr(import_module(f"wizard.tui.screens.{module}"), name)(given)
    return cast("Step", made)
