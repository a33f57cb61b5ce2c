"""From checks that failed to a plan of the steps that mend them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.engine.planning import Planned
from wizard.model.check import Code, Result, Verdict
from wizard.model.machine import Machine, Reader
from wizard.model.plan import Plan
from wizard.model.step import Outcome, Preview, State, Step


@dataclass(frozen=True, slots=True)
class _After:
    """A step that waits for others than it names itself."""

    step: Step
    needs: frozenset[str]

    @property
    def id(self) -> str:
        return self.step.id

    @property
    def title(self) -> str:
        return self.step.title

    def state(self, host: Reader) -> State:
        return self.step.state(host)

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        return self.step.preview(host)

    def apply(self, host: Machine) -> Outcome:
        return self.step.apply(host)


def bare(whole: Planned) -> Plan:
    """Return the plan of a run that only checks."""
    return Plan((), whole.plan.checks)


def wanted(plan: Plan, verdicts: Mapping[str, Verdict]) -> tuple[Step, ...]:
    """Return the steps that may mend what failed, each once."""
    steps: dict[str, Step] = {}
    for name, verdict in verdicts.items():
        if isinstance(verdict, Result) and verdict.code is Code.FAILURE:
            steps |= {step.id: step for step in plan.fixes.get(name, ())}
    return tuple(steps.values())


def planned(whole: Planned, steps: tuple[Step, ...]) -> Planned:
    """Return a plan of these steps, one after the other, and of every check."""
    ordered: list[Step] = []
    for step in steps:
        inner = step.step if isinstance(step, _After) else step
        ordered.append(_After(inner, frozenset(one.id for one in ordered[-1:])))
    return replace(whole, plan=Plan(tuple(ordered), whole.plan.checks))
