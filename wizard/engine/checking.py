"""Asks checks: all at once, or one by one while a build goes on."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from wizard.model.check import Check, Code, NotYet, Result, Verdict
from wizard.model.events import CheckDeferred, CheckFinished, CheckStarted, Event
from wizard.model.machine import Reader
from wizard.model.plan import Plan
from wizard.model.problem import Problem
from wizard.model.step import Pending, Step

AT_ONCE = 4  # most of a check is waiting for somebody's answer
FIX = "devstack-venv --check --fix"
_IDLE = "No safe step of this program would change that: mend it where it is named."

Emit = Callable[[Event], None]


def ask(check: Check, plan: Plan, host: Reader, emit: Emit) -> Verdict:
    """Ask one check and say what it found."""
    verdict = _begin(check, plan, host, emit)
    emit(_event(check, verdict))
    return verdict


def ask_all(
    plan: Plan, host: Reader, emit: Emit, among: Collection[Check] | None = None
) -> dict[str, Verdict]:
    """Ask the plan's checks beside each other, and say what they found in their order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        checks = plan.checks if among is None else among
        asked = [(check, pool.submit(_begin, check, plan, host, emit)) for check in checks]
        return dict(_told(asked, emit))


def failures(verdicts: Iterable[Verdict]) -> int:
    """Count what fails."""
    return sum(isinstance(v, Result) and v.code is Code.FAILURE for v in verdicts)


def _begin(check: Check, plan: Plan, host: Reader, emit: Emit) -> Verdict:
    emit(CheckStarted(check.id))
    return _without_idle_fix(check.run(host), plan.fixes.get(check.id, ()), host)


def _without_idle_fix(verdict: Verdict, fixes: Iterable[Step], host: Reader) -> Verdict:
    """Offer no fix that would change nothing: none that is in force, or that cannot be."""
    if not isinstance(verdict, Result) or FIX not in verdict.cure:
        return verdict
    states = [step.state(host) for step in fixes]
    if any(isinstance(state, Pending) for state in states):
        return verdict
    obstacle = next((str(state) for state in states if isinstance(state, Problem)), "")
    return replace(verdict, cure=obstacle or _IDLE)


def _told(asked: list[tuple[Check, Future[Verdict]]], emit: Emit) -> Iterator[tuple[str, Verdict]]:
    for check, future in asked:
        verdict = future.result()
        emit(_event(check, verdict))
        yield check.id, verdict


def _event(check: Check, verdict: Verdict) -> Event:
    match verdict:
        case NotYet(details, until):
            return CheckDeferred(check.id, details, until)
        case Result(code, details, cure, evidence):
            return CheckFinished(check.id, code, details, cure, evidence)


@dataclass(slots=True)
class Watch:
    """Asks each check as soon as the steps it watches are over, one at a time beside the build.

    ``stepped`` is told of every step, and of every part of one, that ended well; a check whose
    steps are all over is asked then, so its verdict is seen while other steps still run.
    """

    plan: Plan
    host: Reader
    emit: Emit
    _over: set[str] = field(default_factory=set)
    _asked: dict[str, Future[Verdict]] = field(default_factory=dict)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def stepped(self, step: str) -> None:
        """Ask, or ask again, what depends on this step and on no other that is still to come."""
        with self._lock:
            self._over.add(step)
            for check in self.plan.checks:
                if self._is_worth_asking(check.id, step):
                    self._ask(check)

    def _is_worth_asking(self, check: str, step: str) -> bool:
        watched = self.plan.watched.get(check, frozenset())
        again = self.plan.again.get(check, frozenset())
        return step in watched | again and watched <= self._over

    def _ask(self, check: Check) -> None:
        """Ask; a question that nobody has got to yet is not asked twice."""
        if before := self._asked.get(check.id):
            before.cancel()
        self._asked[check.id] = self._pool.submit(ask, check, self.plan, self.host, self.emit)

    def finish(self) -> dict[str, Verdict]:
        """Ask all that has not begun, now beside each other, and return every verdict."""
        begun = {name: future for name, future in self._asked.items() if not future.cancel()}
        rest = [check for check in self.plan.checks if check.id not in begun]
        verdicts = {name: future.result() for name, future in begun.items()}
        self.close()
        return verdicts | ask_all(self.plan, self.host, self.emit, rest)

    def close(self) -> None:
        """Ask no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)
