"""Shows what would make a precondition hold, then does it."""

from pathlib import Path
from typing import Any

from textual.app import App

from wizard.engine import host_curing
from wizard.engine.planning.survey import Survey
from wizard.model.problem import Problem
from wizard.model.step import Step
from wizard.tui.screens.at_work import AtWorkScreen
from wizard.tui.screens.foreseen import ForeseenScreen
from wizard.tui.second_look import pending


async def show_and_do(
    app: App[Any], home: Path, survey: Survey, steps: tuple[Step, ...]
) -> Problem | None:
    """Return why it did not work; None also where the user does not want it."""
    title = steps[-1].title[:1].upper() + steps[-1].title[1:]
    look = ForeseenScreen(title, "Do it", lambda: tuple(pending(steps, survey.host)))
    if not await app.push_screen_wait(look):
        return None
    return await app.push_screen_wait(AtWorkScreen(title, host_curing.run(survey, steps), home))
