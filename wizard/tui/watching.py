"""Follows a run to its end, and whatever comes of it: the same for the wizard and for --attach."""

from pathlib import Path
from typing import Any

from textual.app import App

from wizard.model.exit_status import ExitStatus
from wizard.tui.after import After, Again, ChangeAnswers, Gone, Leave, ShowLog, Undone
from wizard.tui.screens.build import BuildScreen, Detached, Over

Ended = ChangeAnswers | Leave | Gone


async def watch(
    app: App[Any], folder: Path, *, root: str | None = None, can_change: bool = True
) -> Ended:
    """Show the run, its result, and each run that is made of it, until the user leaves."""
    while True:
        ending = await app.push_screen_wait(BuildScreen(folder))
        if isinstance(ending, Detached):
            return Gone(folder)
        after = await _after(app, folder, ending, root, can_change=can_change)
        if isinstance(after, Path):
            folder = after
        elif isinstance(after, Undone):
            return ChangeAnswers(folder) if can_change else Leave(ExitStatus.DONE)
        elif not isinstance(after, ShowLog):
            return after


async def _after(
    app: App[Any], folder: Path, ending: Over, root: str | None, *, can_change: bool
) -> Path | ChangeAnswers | ShowLog | Undone | Leave:
    """Show how it went; return what the user wants, or the folder of another run that began."""
    from wizard.tui.screens.result import ResultScreen  # noqa: PLC0415 -- not for the first paint

    while True:
        result = ResultScreen(folder, ending.course, root=root, can_change=can_change)
        after: After = await app.push_screen_wait(result)
        if not isinstance(after, Again):
            return after
        from wizard.tui.screens.starting import StartingScreen  # noqa: PLC0415

        if begun := await app.push_screen_wait(StartingScreen(folder, after, root)):
            return begun
