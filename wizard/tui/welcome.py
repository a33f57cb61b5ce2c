"""What the wizard asks before its first screen: of a build that runs or broke off, of a draft."""

from typing import TYPE_CHECKING

from wizard.engine.runs import draft, earlier_run
from wizard.engine.runs.earlier_run import EarlierRun, Fate
from wizard.tui import words
from wizard.tui.outcome import Left, Outcome, Watch
from wizard.tui.session import Session

if TYPE_CHECKING:
    from wizard.tui.app import Wizard

SHOWN = 6  # changes that are named one by one
WATCH, LEAVE_IT = "Watch it", "Go on here"
AGAIN, UNDO, AFRESH = "Build again", "Undo it", "Start over"
GO_ON, NEW = "Go on with them", "Start afresh"


async def welcome(app: "Wizard", session: Session) -> Outcome:
    """Return where to begin: as a rule the first screen with what is said already."""
    start = Left(session.first, None, 0)
    run = earlier_run.latest(session.home)
    if run is not None and run.fate is Fate.ALIVE:
        text = "It goes on whatever you do here; another one for the same venv has to wait for it."
        if (
            await _asked(app, f"A build is running since {run.clock}", text, WATCH, LEAVE_IT)
            == WATCH
        ):
            return Watch(session.first, run.folder)
    elif run is not None and run.is_interrupted:
        return await _interrupted(app, session, run)
    return await _drafted(app, session, start)


async def _interrupted(app: "Wizard", session: Session, run: EarlierRun) -> Outcome:
    """Ask what is to become of a build that broke off."""
    start = Left(session.first, None, 0)
    where = f" in the step {run.step}" if run.step else ""
    title = f"The build of {run.clock} was broken off{where}"
    choice = await _asked(app, title, _changed(run), AGAIN, UNDO, AFRESH)
    if choice == UNDO:
        from wizard.tui.screens.undo import UndoScreen  # noqa: PLC0415 -- when asked for

        await app.push_screen_wait(UndoScreen(run.folder, session.root_option))
        return start
    if choice == AGAIN:
        return Left(run.answers() or session.first, None, 0)
    run.set_aside()
    return start


async def _drafted(app: "Wizard", session: Session, start: Left) -> Outcome:
    """Offer the answers of a wizard that was left."""
    kept = draft.load(session.home)
    if kept is None or session.has_answers_file or kept.answers == session.first:
        return start
    text = "The wizard was left before a build. Its answers were kept."
    if await _asked(app, f"Answers of {kept.clock}", text, GO_ON, NEW) == GO_ON:
        return Left(kept.answers, None, 0)
    draft.discard(session.home)
    return start


def _changed(run: EarlierRun) -> str:
    """Say what it left behind, and what the three ways mean."""
    named = [f"  {what}" for what in run.changes[:SHOWN]]
    more = len(run.changes) - SHOWN
    rest = [f"  and {words.counted(more, 'more')}"] if more > 0 else []
    return "\n".join(
        (
            "It was killed, or the machine went down. Undo would:",
            *named,
            *rest,
            "",
            f"{AGAIN}: same answers; steps that are done are found done.",
            f"{UNDO}: put back what it changed.",
            f"{AFRESH}: leave what is there; --undo {run.folder.name} still works.",
        )
    )


async def _asked(app: "Wizard", title: str, text: str, *choices: str) -> str:
    from wizard.tui.screens.dialogs import Question  # noqa: PLC0415 -- as a rule nothing is asked

    return await app.push_screen_wait(Question(title, text, choices))
