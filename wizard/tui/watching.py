"""Follows a run to its end, and whatever comes of it: the same for the wizard and for --attach."""

from pathlib import Path
from typing import Any

from textual.app import App

from wizard.model.exit_status import ExitStatus
from wizard.tui.after import After, ChangeAnswers, Gone, Leave, ShowLog, Undone
from wizard.tui.screens.build import BuildScreen, Detached


async def watch(
    app: App[Any], folder: Path, *, options: tuple[str, ...] = (), can_change: bool = True
) -> After | Gone:
    """Show the run and its result until the user decides on something else.

    Returns Retry, ChangeAnswers or Leave of the result screen, or Gone. ``options`` go with
    ``--undo`` (``--root``).
    """
    while True:
        ending = await app.push_screen_wait(BuildScreen(folder))
        if isinstance(ending, Detached):
            return Gone()
        from wizard.tui.screens.result import ResultScreen  # noqa: PLC0415 -- not for the first paint

        result = ResultScreen(folder, ending.course, options=options, can_change=can_change)
        after = await app.push_screen_wait(result)
        if isinstance(after, Undone):
            return ChangeAnswers() if can_change else Leave(ExitStatus.DONE)
        if not isinstance(after, ShowLog):
            return after
