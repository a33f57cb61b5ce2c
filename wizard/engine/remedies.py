"""What a run does by itself when a step fails of something that may pass."""

from dataclasses import dataclass

from wizard.engine.live_findings import LiveFindings
from wizard.engine.repeating import Remedy
from wizard.model.diagnosis.rule import Automatic
from wizard.model.distribution import Family
from wizard.model.step import Step
from wizard.steps.index_refresh import IndexRefresh
from wizard.steps.lock_wait import LockWait

WAITS = (5.0, 15.0, 45.0)  # seconds before each repetition


@dataclass(frozen=True, slots=True)
class Remedies:
    """Asks the findings; only what needs nobody's consent is done."""

    live: LiveFindings
    family: Family
    waits: tuple[float, ...] = WAITS

    def __call__(self, step: str, repetition: int) -> Remedy | None:
        """Return what to do before a step is tried again, None where that would be no use."""
        found = self.live.best(step) if repetition <= len(self.waits) else None
        if found is None or not found.rule.cure.is_unasked:
            return None
        self.live.forget(step)
        why = self.live.explanation.finding(found).what
        wait, attempts = self.waits[repetition - 1], len(self.waits) + 1
        return Remedy(why, wait, attempts, self._steps(found.rule.cure.steps))

    def _steps(self, wanted: tuple[Automatic, ...]) -> tuple[Step, ...]:
        helping: dict[Automatic, Step] = {
            Automatic.WAIT_FOR_LOCK: LockWait(self.family),
            Automatic.REFRESH_INDEX: IndexRefresh(self.family),
        }
        return tuple(step for name, step in helping.items() if name in wanted)
