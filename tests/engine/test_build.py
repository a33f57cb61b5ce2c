"""How a plan is carried out: order, overlap, failure, stopping."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import pytest

from wizard.engine.build import Build
from wizard.engine.cancel import Cancel
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.events import (
    CheckDeferred,
    CheckFinished,
    CheckStarted,
    Event,
    StepFinished,
    StepStarted,
    StepState,
)
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Machine, Reader
from wizard.model.plan import Plan
from wizard.model.problem import Problem
from wizard.model.step import Done, Enter, Outcome, Part, Pending, Preview, Satisfied, State


@dataclass
class FakeStep:
    id: str
    needs: frozenset[str] = frozenset()
    do: Callable[[], Outcome] = field(default=Done)
    done: bool = False
    title: str = ""

    def state(self, host: Reader) -> State:
        return Satisfied("already") if self.done else Pending("to do")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        return ()

    def apply(self, host: Machine) -> Outcome:
        return self.do()


@dataclass
class FakeCheck:
    code: Code
    id: str = "check"
    title: str = ""

    def run(self, host: Reader) -> Verdict:
        return Result(self.code, "so it is")


class NoMachine:
    """Steps here are fakes that ask nothing."""

    def log(self, line: str) -> None: ...

    def speak_as(self, part: str) -> None: ...


def carry_out(plan: Plan, cancel: Cancel | None = None) -> tuple[ExitStatus, list[Event], Build]:
    said: list[Event] = []
    machine = cast("Machine", NoMachine())
    build = Build(plan, lambda _step: machine, said.append, cancel or Cancel())
    return build.run(), said, build


def states(said: list[Event]) -> dict[str, StepState]:
    return {event.step: event.state for event in said if isinstance(event, StepFinished)}


def test_a_step_that_is_done_already_is_skipped() -> None:
    status, said, build = carry_out(Plan((FakeStep("a", done=True),)))
    assert status is ExitStatus.DONE
    assert states(said) == {"a": StepState.SKIPPED}
    assert not build.changed


def test_a_step_starts_only_after_those_it_needs() -> None:
    plan = Plan((FakeStep("a"), FakeStep("b", frozenset({"a"}))))
    _, said, _ = carry_out(plan)
    order = [type(e).__name__ + e.step for e in said if isinstance(e, StepStarted | StepFinished)]
    assert order == ["StepStarteda", "StepFinisheda", "StepStartedb", "StepFinishedb"]


def test_steps_that_do_not_need_each_other_overlap() -> None:
    both = threading.Barrier(2, timeout=5)

    def meet() -> Outcome:
        both.wait()
        return Done()

    status, _, _ = carry_out(Plan((FakeStep("a", do=meet), FakeStep("b", do=meet))))
    assert status is ExitStatus.DONE


def test_a_failure_stops_what_comes_after_and_gives_its_status() -> None:
    def fail() -> Outcome:
        return Problem("no", status=ExitStatus.NEEDS_PERSON)

    plan = Plan((FakeStep("a", do=fail), FakeStep("b", frozenset({"a"}))))
    status, said, build = carry_out(plan)
    assert status is ExitStatus.NEEDS_PERSON
    assert states(said) == {"a": StepState.FAILED, "b": StepState.CANCELLED}
    assert build.problem == Problem("no", status=ExitStatus.NEEDS_PERSON)


def test_recovery_runs_only_when_the_build_does_not_come_to_its_end() -> None:
    ran: list[str] = []

    def recover() -> Outcome:
        ran.append("recovery")
        return Done()

    recovery = (FakeStep("r", do=recover),)
    carry_out(Plan((FakeStep("a"),), recovery=recovery))
    assert ran == []
    carry_out(Plan((FakeStep("a", do=lambda: Problem("no")),), recovery=recovery))
    assert ran == ["recovery"]


@pytest.mark.parametrize("status", [ExitStatus.INTERRUPTED, ExitStatus.TERMINATED])
def test_a_signal_gives_its_own_status_and_starts_nothing_more(status: ExitStatus) -> None:
    cancel = Cancel()

    def interrupted() -> Outcome:
        cancel.stop(status)
        return Problem("killed")

    plan = Plan((FakeStep("a", do=interrupted), FakeStep("b", frozenset({"a"}))))
    ended, said, _ = carry_out(plan, cancel)
    assert ended is status
    assert set(states(said).values()) == {StepState.CANCELLED}


def test_a_step_that_was_stopped_because_another_failed_did_not_fail_itself() -> None:
    cancel = Cancel()

    def wait_for_the_end() -> Outcome:
        while not cancel.wanted:
            time.sleep(0.01)
        return Problem("killed by us")

    plan = Plan((FakeStep("a", do=lambda: Problem("no")), FakeStep("b", do=wait_for_the_end)))
    status, said, _ = carry_out(plan, cancel)
    assert status is ExitStatus.STEP_FAILED
    assert states(said) == {"a": StepState.FAILED, "b": StepState.CANCELLED}


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (Code.SUCCESS, ExitStatus.DONE),
        (Code.WARNING, ExitStatus.DONE),
        (Code.FAILURE, ExitStatus.CHECK_FAILED),
    ],
)
def test_only_a_failed_check_spoils_the_result(code: Code, status: ExitStatus) -> None:
    ended, said, _ = carry_out(Plan((FakeStep("a"),), checks=(FakeCheck(code),)))
    assert ended is status
    assert [event.code for event in said if isinstance(event, CheckFinished)] == [code]


def test_a_plan_whose_steps_need_what_is_not_there_is_a_bug() -> None:
    with pytest.raises(ValueError, match="needs"):
        Plan((FakeStep("b", frozenset({"a"})),))


def test_a_check_is_asked_while_other_steps_still_run() -> None:
    asked = threading.Event()

    @dataclass
    class Asked(FakeCheck):
        def run(self, host: Reader) -> Verdict:
            asked.set()
            return Result(self.code, "so it is")

    steps = (FakeStep("a"), FakeStep("b", do=lambda: Done() if asked.wait(5) else Problem("no")))
    check = Asked(Code.SUCCESS)
    plan = Plan(steps, checks=(check,), watched={check.id: frozenset({"a"})})
    status, said, _ = carry_out(plan)
    assert status is ExitStatus.DONE
    assert sum(isinstance(event, CheckStarted) for event in said) == 1


def test_what_cannot_be_judged_yet_does_not_spoil_the_result() -> None:
    @dataclass
    class Early(FakeCheck):
        def run(self, host: Reader) -> Verdict:
            return NotYet("no Keystone here", "stack.sh has deployed it")

    status, said, _ = carry_out(Plan((FakeStep("a"),), checks=(Early(Code.SUCCESS),)))
    assert status is ExitStatus.DONE
    assert CheckDeferred("check", "no Keystone here", "stack.sh has deployed it") in said


def test_no_check_is_asked_after_a_failure() -> None:
    plan = Plan((FakeStep("a", do=lambda: Problem("no")),), checks=(FakeCheck(Code.SUCCESS),))
    _, said, _ = carry_out(plan)
    assert not any(isinstance(event, CheckStarted) for event in said)


def test_a_bug_in_a_step_stops_the_others_and_still_recovers() -> None:
    cancel, recovered = Cancel(), threading.Event()

    def work() -> Outcome:
        assert cancel_seen(cancel)
        return Problem("stopped")

    def stumble() -> Outcome:
        raise ZeroDivisionError

    def put_back() -> Outcome:
        recovered.set()
        return Done()

    plan = Plan((FakeStep("a", do=work), FakeStep("b", do=stumble)), recovery=(back(put_back),))
    with pytest.raises(ZeroDivisionError):
        carry_out(plan, cancel)
    assert recovered.is_set()


def cancel_seen(cancel: Cancel) -> bool:
    deadline = time.monotonic() + 5
    while not cancel.wanted and time.monotonic() < deadline:
        time.sleep(0.01)
    return cancel.wanted


def back(do: Callable[[], Outcome]) -> FakeStep:
    return FakeStep("put-back", do=do)


@dataclass
class InTwo(FakeStep):
    """A step that one program does, shown as two."""

    parts: tuple[Part, ...] = (Part("one", "One"), Part("two", "Two"))

    def apply_in_parts(self, host: Machine, enter: Enter) -> Outcome:
        enter("two", "one is done")
        return self.do()


def test_a_step_is_shown_as_its_parts_one_after_the_other() -> None:
    _, said, _ = carry_out(Plan((InTwo("whole"), FakeStep("b", frozenset({"whole"})))))
    order = [type(e).__name__ + e.step for e in said if isinstance(e, StepStarted | StepFinished)]
    parts = ["StepStartedone", "StepFinishedone", "StepStartedtwo", "StepFinishedtwo"]
    assert order == [*parts, "StepStartedb", "StepFinishedb"]


def test_only_the_part_that_runs_fails() -> None:
    plan = Plan((InTwo("whole", do=lambda: Problem("no")),))
    status, said, _ = carry_out(plan)
    assert status is ExitStatus.STEP_FAILED
    assert states(said) == {"one": StepState.DONE, "two": StepState.FAILED}


def test_of_a_step_that_never_begins_no_part_does() -> None:
    plan = Plan((FakeStep("a", do=lambda: Problem("no")), InTwo("whole", frozenset({"a"}))))
    _, said, _ = carry_out(plan)
    assert states(said) == {
        "a": StepState.FAILED,
        "one": StepState.CANCELLED,
        "two": StepState.CANCELLED,
    }


def test_a_check_is_asked_again_when_a_part_may_have_changed_what_it_found() -> None:
    check = FakeCheck(Code.SUCCESS)
    watched, again = {check.id: frozenset({"a"})}, {check.id: frozenset({"one", "whole"})}
    steps = (FakeStep("a"), InTwo("whole", frozenset({"a"})))
    _, said, _ = carry_out(Plan(steps, (check,), watched=watched, again=again))
    asked = [event for event in said if isinstance(event, CheckStarted)]
    assert 2 <= len(asked) <= 3  # what nobody has got to yet is not asked twice
    assert isinstance(said[-1], CheckFinished)
