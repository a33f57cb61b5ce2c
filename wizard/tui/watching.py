"""Follows a run to its end, and whatever comes of it: the same for the wizard and for --attach."""

from pathlib import Path
from typing import Any

from textual.app import App

from wizard.model.exit_status import ExitStatus
from wizard.tui.after import After, ChangeAnswers, Gone, Leave, ShowLog, Undone
from wizard.tui.screens.build import BuildScreen, Detached

Ended = ChangeAnswers | Leave | Gone


async def watch(
    app: App[Any], folder: Path, *, root: str | None = None, can_change: bool = True
) -> Ended:
    """Show the run, its result, and each run that is made of it, until the user leaves."""
    while True:
        ending = await app.push_screen_wait(BuildScreen(folder))
        if isinstance(ending, Detached):
            return Gone(folder)
        from wizard.tui.screens.result import ResultScreen  # noqa: PLC0415 -- not for the first paint

        result = ResultScreen(folder, ending.course, root=root, can_change=can_change)
        result.came_by_itself = ending.by_itself
        after: After | Path = await app.push_screen_wait(result)
        if isinstance(after, Path):
            folder = after
        elif isinstance(after, Undone):
            return ChangeAnswers(folder) if can_change else Leave(ExitStatus.DONE)
        elif not isinstance(after, ShowLog):
            return after
