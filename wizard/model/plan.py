"""A plan: the steps in order, and the checks that judge the result."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.model.check import Check
from wizard.model.step import Step


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does; ``recovery`` is applied only when a build does not come to its end.

    By the id of a check: ``watched`` names the steps whose end makes it worth asking while the
    build still runs, ``fixes`` holds the steps that mend what it finds, where that is safe, and
    ``again`` names the steps, and parts of steps, whose end may change what it found.
    """

    steps: tuple[Step, ...]
    checks: tuple[Check, ...] = ()
    recovery: tuple[Step, ...] = ()
    watched: Mapping[str, frozenset[str]] = field(default_factory=dict)
    fixes: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    again: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known: set[str] = set()
        for step in self.steps:
            if missing := step.needs - known:
                raise ValueError(
                    f"{step.id} needs {sorted(missing)}, not among the steps before it"
                )
            known.add(step.id)
