"""The way through the screens: one coroutine that knows the order, screens that do not."""

from importlib import import_module
from typing import TYPE_CHECKING, cast

from wizard.engine import draft
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


async def walk(app: "Wizard", session: Session) -> None:
    """Go from screen to screen until there is a run to watch; keep the answers at each."""
    outcome: Outcome = Left(session.first, None, 0)
    while isinstance(outcome, Left):
        given = Given(session, outcome.answers, outcome.found, outcome.errand)
        outcome = await app.push_screen_wait(screen(outcome.to, given))
        session.keep(outcome.answers)
    await watch(app, outcome)


async def watch(app: "Wizard", run: Watch) -> None:
    """Follow a run to its end."""
    from wizard.tui.screens.build import BuildScreen  # noqa: PLC0415 -- see SCREENS

    draft.discard(app.session.home)
    await app.push_screen_wait(BuildScreen(run.folder))


def screen(number: int, given: Given) -> "Step":
    """Return the screen of this number."""
    module, name = SCREENS[number]
    made = getattr(import_module(f"wizard.tui.screens.{module}"), name)(given)
    return cast("Step", made)
