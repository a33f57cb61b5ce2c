"""What the result screen does before it leads on: shows first, asks first, or only tells."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.app import App

from wizard.engine.curing_offer import Part as Foreseen
from wizard.model.course import Course
from wizard.model.diagnosis.finding import Finding
from wizard.tui.after import After, Again, Cure, Mend, Retry, RunStack, Undone
from wizard.tui.cards import Card
from wizard.tui.second_look import Look, mending, offered
from wizard.tui.session import Problems
from wizard.tui.verdict import failing

RUN, CANCEL = "Run stack.sh", "Cancel"
STACK = (
    "The build runs once more and finds all done; then stack.sh starts, in the same log. It takes "
    "20 to 60 minutes, installs OpenStack's services on this host and starts them.\n\n"
    "--undo takes back what the build changed. What stack.sh changed, unstack.sh and clean.sh of "
    "the checkout take back."
)


@dataclass(frozen=True, slots=True)
class Errand:
    """Where it is run: for which run, and with which finding in view."""

    app: App[Any]
    folder: Path
    root: str | None
    course: Course
    card: Card | None

    async def run(self, name: str) -> After | Again | None:
        """Run an errand; return what is to come after, None for staying."""
        match name:
            case "retry":
                return Retry()
            case "undo":
                return await self._undo()
            case "stack":
                return await self._stack()
            case "cure":
                return await self._cure()
            case _:
                await self._bundle()
                return None

    async def begin(self, after: Again) -> Path | None:
        """Start another run; where it does not begin, say why."""
        from wizard.tui.screens.starting import StartingScreen  # noqa: PLC0415 -- when asked for

        return await self.app.push_screen_wait(StartingScreen(self.folder, after, self.root))

    @property
    def _options(self) -> tuple[str, ...]:
        return ("--root", self.root) if self.root else ()

    async def _undo(self) -> After | None:
        from wizard.tui.screens.undo import UndoScreen  # noqa: PLC0415 -- when asked for

        undone = await self.app.push_screen_wait(UndoScreen(self.folder, self._options))
        return Undone() if undone else None

    async def _bundle(self) -> None:
        from wizard.tui.screens.bundle import BundleScreen  # noqa: PLC0415 -- when asked for

        await self.app.push_screen_wait(BundleScreen(self.folder, self._options))

    async def _stack(self) -> Again | None:
        from wizard.tui.screens.dialogs import Question  # noqa: PLC0415 -- when asked for

        question = Question("Run stack.sh now", STACK, (RUN, CANCEL))
        return RunStack() if await self.app.push_screen_wait(question) == RUN else None

    async def _cure(self) -> Again | None:
        """Show what would be done; do it when told."""
        card = self.card
        if card is None:
            return await self._shown("Mend what fails", "Do it", Mend(), self._mending)
        return await self._shown(
            card.finding.what, card.verb, Cure(card.finding.id), lambda: self._offered(card.finding)
        )

    async def _shown(self, title: str, verb: str, after: Again, look: Look) -> Again | None:
        from wizard.tui.screens.foreseen import ForeseenScreen  # noqa: PLC0415 -- when asked for

        return after if await self.app.push_screen_wait(ForeseenScreen(title, verb, look)) else None

    def _mending(self) -> tuple[Foreseen, ...] | Problems:
        return mending(self.folder, self.root, [check.id for check in failing(self.course)])

    def _offered(self, finding: Finding) -> tuple[Foreseen, ...] | Problems:
        return offered(self.folder, self.root, finding)
