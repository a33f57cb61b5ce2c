"""A fix is offered where it would change something, and nowhere else."""

from dataclasses import dataclass, field

import pytest

from tests.support import local_reader
from wizard.engine.checking import FIX, ask_all
from wizard.model.check import Code, Result, Verdict
from wizard.model.events import CheckFinished, Event
from wizard.model.machine import Machine, Reader
from wizard.model.plan import Plan
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State

OFFER = f"Let this program do it: {FIX}"


@dataclass
class Failing:
    cure: str = OFFER
    id: str = "check"
    title: str = ""

    def run(self, host: Reader) -> Verdict:
        return Result(Code.FAILURE, "wrong", self.cure)


@dataclass
class Fix:
    found: State
    id: str = "fix"
    title: str = ""
    needs: frozenset[str] = field(default=frozenset())

    def state(self, host: Reader) -> State:
        return self.found

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        return ()

    def apply(self, host: Machine) -> Outcome:
        return Done()


def told(cure: str, *states: State) -> str:
    """Return what the check's failure is told with."""
    said: list[Event] = []
    plan = Plan((), (Failing(cure),), fixes={"check": tuple(map(Fix, states))})
    ask_all(plan, local_reader(), said.append)
    (finished,) = (event for event in said if isinstance(event, CheckFinished))
    return finished.cure


def test_one_that_has_something_to_do_is_offered() -> None:
    assert told(OFFER, Satisfied("in force"), Pending("to do")) == OFFER


@pytest.mark.parametrize("states", [(), (Satisfied("in force"),)])
def test_one_that_is_in_force_already_is_not(states: tuple[State, ...]) -> None:
    assert FIX not in told(OFFER, *states)


def test_what_stands_in_its_way_is_told_instead() -> None:
    problem = Problem("is a package's", "/lib/x.service", "Edit it by hand")
    assert told(OFFER, problem) == "/lib/x.service: is a package's. Edit it by hand"


def test_any_other_cure_stays() -> None:
    assert told("Call somebody", Satisfied("in force")) == "Call somebody"
