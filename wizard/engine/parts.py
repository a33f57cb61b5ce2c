"""The parts that a step is shown as, while it runs."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from wizard.engine.checking import Emit
from wizard.model.events import StepFinished, StepStarted, StepState
from wizard.model.machine import Machine
from wizard.model.step import InParts, Outcome, Step, parts

Over = Callable[[str], None]
"""Is told of each part that ended well."""


@dataclass(slots=True)
class Showing:
    """Tells of one step as its parts: the first begins with it, the last ends with it."""

    step: Step
    machine: Machine
    emit: Emit
    over: Over
    _waiting: list[str] = field(default_factory=list)
    _since: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._waiting = [part.id for part in parts(self.step)]
        self.emit(StepStarted(self._waiting[0]))

    def apply(self) -> Outcome:
        """Do the step."""
        if isinstance(self.step, InParts):
            self.machine.speak_as(self._waiting[0])
            return self.step.apply_in_parts(self.machine, self.enter)
        return self.step.apply(self.machine)

    def enter(self, part: str, details: str) -> None:
        """Begin a part; those before it are over, also one that was never told of."""
        self.machine.speak_as(part)
        while self._waiting[0] != part:
            self._end(self._waiting.pop(0), StepState.DONE, details)
            self._since, details = time.monotonic(), ""
        self.emit(StepStarted(part))

    def finish(self, state: StepState, details: str = "", cure: str = "") -> None:
        """End the part that runs; what has not begun ends with it, or never begins."""
        self._end(self._waiting.pop(0), state, details, cure)
        rest = StepState.CANCELLED if state is StepState.FAILED else state
        for part in self._waiting:
            self._since = time.monotonic()
            self._end(part, rest, details if state is StepState.SKIPPED else "")

    def _end(self, part: str, state: StepState, details: str, cure: str = "") -> None:
        seconds = round(time.monotonic() - self._since, 3)
        self.emit(StepFinished(part, state, seconds, details, cure))
        if state is StepState.DONE and part != self.step.id:
            self.over(part)


def cancelled(steps: Iterable[Step], emit: Emit) -> None:
    """Say of steps that they will not begin."""
    for step in steps:
        for part in parts(step):
            emit(StepFinished(part.id, StepState.CANCELLED, 0.0))
