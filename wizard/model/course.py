"""The course of a run: its events folded, one after the other, into where everything stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wizard.model import usual
from wizard.model.check import Code
from wizard.model.events import (
    WAITING,
    CheckDeferred,
    CheckFinished,
    CheckStarted,
    Event,
    Finding,
    Output,
    Planned,
    PlannedState,
    Progress,
    Remark,
    Reversed,
    RunFinished,
    RunStarted,
    Setting,
    Stamped,
    StepFinished,
    StepRetried,
    StepStarted,
    StepState,
)

_TOO_SOON = 0.05  # of the work: nothing can be said before
_ALMOST = 0.9  # how full the bar of a step is when it has taken as long as expected


class Stand(StrEnum):
    """Where a step or a check stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"  # it was so already
    DEFERRED = "deferred"  # nothing to judge yet
    WARNING = "warning"
    FAILED = "failed"
    CANCELLED = "cancelled"


_OVER = frozenset({Stand.DONE, Stand.SKIPPED, Stand.FAILED, Stand.CANCELLED})
_CODES = {Code.SUCCESS: Stand.DONE, Code.WARNING: Stand.WARNING, Code.FAILURE: Stand.FAILED}
_STATES = {
    StepState.DONE: Stand.DONE,
    StepState.SKIPPED: Stand.SKIPPED,
    StepState.FAILED: Stand.FAILED,
    StepState.CANCELLED: Stand.CANCELLED,
}


@dataclass(slots=True)
class Item:
    """A step or a check as it stands."""

    id: str
    title: str
    stand: Stand = Stand.WAITING
    details: str = ""
    cure: str = ""
    evidence: tuple[str, ...] = ()
    since: float = 0.0  # when it began, in seconds since the epoch
    seconds: float = 0.0  # how long it took
    done: int = 0
    total: int = 0
    last_line: int = 0  # of build.log

    @property
    def waits(self) -> bool:
        """Whether it stands still until another process is done, which nobody can foretell."""
        return self.stand is Stand.RUNNING and self.details.startswith(WAITING)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.stand in _OVER

    def elapsed(self, now: float) -> float:
        """How long it has been running, or ran."""
        return max(0.0, now - self.since) if self.stand is Stand.RUNNING else self.seconds


@dataclass(slots=True)
class Course:
    """Where a run stands. ``expected``: seconds that each step took in earlier runs, by id."""

    expected: Mapping[str, float] = field(default_factory=dict)
    started: RunStarted | None = None
    finished: RunFinished | None = None
    broken_off: bool = False
    steps: dict[str, Item] = field(default_factory=dict)
    checks: dict[str, Item] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    began: float = 0.0
    last_event: float = 0.0
    last_output: float = 0.0
    _furthest: float = 0.0

    def add(self, stamped: Stamped) -> None:
        """Take in the next event."""
        self.last_event = stamped.time
        self._add(stamped.event, stamped.time)

    def break_off(self) -> None:
        """Nobody is left to write a last event: what ran then will not end."""
        self.broken_off = True
        for step in self.running:
            step.stand, step.seconds = Stand.CANCELLED, self.last_event - step.since
        self._ask_no_more()

    def _ask_no_more(self) -> None:
        for check in self.checks.values():
            if check.stand in (Stand.WAITING, Stand.RUNNING):
                check.stand = Stand.CANCELLED

    def _add(self, event: Event, time: float) -> None:  # noqa: C901, PLR0912 -- one match
        match event:
            case RunStarted():
                self.started, self.began, self.last_output = event, time, time
                self.steps = {step.id: Item(step.id, step.title) for step in event.steps}
                self.checks = {check.id: Item(check.id, check.title) for check in event.checks}
            case Planned(step, state, why, cure):
                self._step(step).details, self._step(step).cure = why, cure
                if state is PlannedState.SATISFIED:
                    self._step(step).total = self._step(step).done = 1
            case StepStarted(step):
                self._begin(self._step(step), time)
            case Output(step, line, lines):
                self.last_output = time
                self._step(step).last_line = line + len(lines) - 1
            case Progress(step, done, total, text):
                self._advance(self._step(step), done, total, text)
            case StepRetried(step):
                self._step(step).details = event.words
            case StepFinished():
                self._finish_step(event)
            case CheckStarted(check):
                self._begin(self._check(check), time)
            case CheckDeferred(check, details, until):
                item = self._check(check)
                item.stand, item.details = Stand.DEFERRED, details
                item.cure = f"waits until {until}"
            case CheckFinished():
                self._finish_check(event)
            case Finding():
                self.findings.append(event)
            case RunFinished():
                self.finished = event
                self._ask_no_more()
            case Setting() | Remark() | Reversed():
                pass

    def _step(self, name: str) -> Item:
        return self.steps.setdefault(name, Item(name, name))

    def _check(self, name: str) -> Item:
        return self.checks.setdefault(name, Item(name, name))

    def _begin(self, item: Item, time: float) -> None:
        item.stand, item.since, item.details, item.cure = Stand.RUNNING, time, "", ""
        item.done = item.total = 0

    def _advance(self, item: Item, done: int, total: int, text: str) -> None:
        if total:
            item.done, item.total = done, total
        item.details = text or item.details

    def _finish_step(self, event: StepFinished) -> None:
        item = self._step(event.step)
        item.stand, item.seconds = _STATES[event.state], event.seconds
        item.details, item.cure = event.details, event.cure

    def _finish_check(self, event: CheckFinished) -> None:
        item = self._check(event.check)
        item.stand, item.details, item.cure = _CODES[event.code], event.details, event.cure
        item.evidence = event.evidence

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.finished is not None or self.broken_off

    @property
    def failed(self) -> Item | None:
        """The first step that failed."""
        return next((step for step in self.steps.values() if step.stand is Stand.FAILED), None)

    @property
    def running(self) -> tuple[Item, ...]:
        """The steps that run."""
        return tuple(step for step in self.steps.values() if step.stand is Stand.RUNNING)

    @property
    def steps_done(self) -> int:
        """How many steps are as they should be."""
        return sum(step.stand in (Stand.DONE, Stand.SKIPPED) for step in self.steps.values())

    def elapsed(self, now: float) -> float:
        """How long the run has been going, or went."""
        if self.finished is not None:
            return self.finished.seconds
        return max(0.0, (self.last_event if self.broken_off else now) - self.began)

    def silence(self, now: float) -> float:
        """How long no job has said anything."""
        return max(0.0, now - self.last_output)

    def fraction(self, now: float) -> float:
        """How much of the work is done, by the time that it takes; never goes back."""
        weights = {name: self._weight(step) for name, step in self.steps.items()}
        whole = sum(weights.values())
        if whole:
            done = sum(weights[name] * self._part(step, now) for name, step in self.steps.items())
            self._furthest = max(self._furthest, done / whole)
        return self._furthest

    def remaining(self, now: float) -> float | None:
        """How long it will take yet; None where no earlier run tells."""
        left = [step for step in self.steps.values() if not step.is_over and not _is_so(step)]
        done = self.fraction(now)
        unknown = any(step.waits or step.id not in self.expected for step in left)
        if not left or done < _TOO_SOON or unknown:
            return None
        return self.elapsed(now) * (1 - done) / done

    def _weight(self, step: Item) -> float:
        if _is_so(step) or step.stand is Stand.SKIPPED:
            return 0.01
        return self.expected.get(step.id, usual.SECONDS.get(step.id, usual.ELSE))

    def _part(self, step: Item, now: float) -> float:
        """How much of a step is done: as it says, else by the clock, ever slower."""
        if step.stand is not Stand.RUNNING:
            return float(step.stand in (Stand.DONE, Stand.SKIPPED))
        if step.total > 1:
            return min(1.0, step.done / step.total)
        late = step.elapsed(now) / max(self._weight(step), usual.ELSE)
        return _ALMOST * late if late < 1 else 1 - (1 - _ALMOST) / late


def _is_so(step: Item) -> bool:
    """Whether the plan said that there is nothing to do."""
    return step.stand is Stand.WAITING and step.total == step.done == 1
