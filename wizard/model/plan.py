"""A plan: the steps in order, and the checks that judge the result."""

from dataclasses import dataclass

from wizard.model.check import Check
from wizard.model.step import Step


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does; ``recovery`` is applied only when a build does not come to its end."""

    steps: tuple[Step, ...]
    checks: tuple[Check, ...] = ()
    recovery: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        known: set[str] = set()
        for step in self.steps:
            if missing := step.needs - known:
                raise ValueError(
                    f"{step.id} needs {sorted(missing)}, not among the steps before it"
                )
            known.add(step.id)
