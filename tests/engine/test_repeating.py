"""A step that fails of something that may pass is done again: bounded, and said aloud."""

from dataclasses import dataclass, field
from typing import cast

import pytest

from tests.engine.test_build import FakeStep, NoMachine
from wizard.engine.build import Build
from wizard.engine.cancel import Cancel
from wizard.engine.repeating import Remedy
from wizard.model.events import Event, StepFinished, StepRetried, StepState
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Machine
from wizard.model.plan import Plan
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome


@dataclass
class Failing:
    """Fails as often as it is told to."""

    times: int
    status: ExitStatus = ExitStatus.STEP_FAILED
    attempts: int = 0

    def __call__(self) -> Outcome:
        self.attempts += 1
        return Problem("no", status=self.status) if self.attempts <= self.times else Done()


@dataclass
class Run:
    failing: Failing
    help: FakeStep = field(default_factory=lambda: FakeStep("help"))
    wait: float = 0.0
    most: int = 3
    said: list[Event] = field(default_factory=list)
    cancel: Cancel = field(default_factory=Cancel)

    def remedy(self, step: str, repetition: int) -> Remedy | None:
        again = repetition <= self.most
        return Remedy("gone", self.wait, self.most + 1, (self.help,)) if again else None

    def go(self) -> ExitStatus:
        plan = Plan((FakeStep("a", do=self.failing),))
        machine = cast("Machine", NoMachine())
        return Build(plan, lambda _: machine, self.said.append, self.cancel, self.remedy).run()

    @property
    def retried(self) -> list[StepRetried]:
        return [event for event in self.said if isinstance(event, StepRetried)]


def test_it_is_done_again_until_it_works() -> None:
    run = Run(Failing(2))
    assert run.go() is ExitStatus.DONE
    assert [(event.attempt, event.attempts, event.why) for event in run.retried] == [
        (2, 4, "gone"),
        (3, 4, "gone"),
    ]


def test_it_is_given_up_after_the_last_attempt() -> None:
    run = Run(Failing(99))
    assert run.go() is ExitStatus.STEP_FAILED
    assert run.failing.attempts == 4
    assert isinstance(run.said[-1], StepFinished)
    assert run.said[-1].state is StepState.FAILED


def test_what_helps_is_done_before_each_repetition() -> None:
    helped = Failing(0)
    Run(Failing(2), FakeStep("help", do=helped)).go()
    assert helped.attempts == 2


@pytest.mark.parametrize("status", [ExitStatus.ANSWERS, ExitStatus.HOST, ExitStatus.NEEDS_PERSON])
def test_what_a_person_has_to_mend_is_not_tried_again(status: ExitStatus) -> None:
    run = Run(Failing(1, status))
    assert run.go() is status
    assert run.failing.attempts == 1


def test_a_wait_ends_when_the_run_is_to_stop() -> None:
    run = Run(Failing(1), wait=3600.0)
    add = run.said.append

    def stop_at_the_wait(event: Event) -> None:
        add(event)
        if isinstance(event, StepRetried):
            run.cancel.stop(ExitStatus.INTERRUPTED)

    machine = cast("Machine", NoMachine())
    plan = Plan((FakeStep("a", do=run.failing),))
    build = Build(plan, lambda _: machine, stop_at_the_wait, run.cancel, run.remedy)
    assert build.run() is ExitStatus.INTERRUPTED
    assert run.failing.attempts == 1
