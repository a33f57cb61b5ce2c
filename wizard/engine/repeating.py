"""Does a step again when it failed of something that may pass: bounded, and said aloud."""

from collections.abc import Callable
from dataclasses import dataclass

from wizard.engine.cancel import Cancel
from wizard.engine.checking import Emit
from wizard.model.events import StepRetried
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Machine
from wizard.model.problem import Problem
from wizard.model.step import Outcome, Pending, Step


@dataclass(frozen=True, slots=True)
class Remedy:
    """What comes before a step is tried again: a wait, and steps that may help."""

    why: str  # what failed
    wait: float  # seconds
    attempts: int  # at most, with the first
    steps: tuple[Step, ...] = ()


RemedyFor = Callable[[str, int], Remedy | None]
"""Says by a step's id and the number of its repetition whether it may be tried once more."""


def no_remedy(step: str, repetition: int) -> Remedy | None:
    """Give up at once."""
    del step, repetition
    return None


@dataclass(frozen=True, slots=True)
class Repeating:
    """Carries out the remedies."""

    remedy_for: RemedyFor
    emit: Emit
    cancel: Cancel

    def apply(self, step: Step, machine: Machine) -> Outcome:
        """Do the step, and again for as long as there is a remedy."""
        outcome, attempt = step.apply(machine), 1
        while isinstance(outcome, Problem) and (remedy := self._remedy(step, outcome, attempt)):
            attempt += 1
            self._announce(step, machine, remedy, attempt)
            if not self.cancel.wait(remedy.wait):
                break
            for helping in remedy.steps:
                if isinstance(helping.state(machine), Pending):
                    helping.apply(machine)
            outcome = step.apply(machine)
        return outcome

    def _remedy(self, step: Step, problem: Problem, attempt: int) -> Remedy | None:
        """Only what failed while it worked may pass; what the answers ask for does not."""
        if self.cancel.wanted or problem.status is not ExitStatus.STEP_FAILED:
            return None
        return self.remedy_for(step.id, attempt)

    def _announce(self, step: Step, machine: Machine, remedy: Remedy, attempt: int) -> None:
        said = StepRetried(step.id, attempt, remedy.attempts, remedy.wait, remedy.why)
        self.emit(said)
        machine.log(said.words)
