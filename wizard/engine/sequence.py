"""Steps that wait for others than they name themselves."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wizard.model.machine import Machine, Reader
from wizard.model.problem import Problem
from wizard.model.step import Enter, InParts, MayFail, Outcome, Part, Pending, Preview, State, Step


@dataclass(frozen=True, slots=True)
class After:
    """A step that waits for ``needs``; what is ``mended`` by then does not stand in its way."""

    step: Step
    needs: frozenset[str]
    mended: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The step's own."""
        return self.step.id

    @property
    def title(self) -> str:
        """The step's own."""
        return self.step.title

    def state(self, host: Reader) -> State:
        """Ask the step."""
        state = self.step.state(host)
        if isinstance(state, Problem) and state.what in self.mended:
            return Pending("as soon as that is mended")
        return state

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Ask the step."""
        return self.step.preview(host)

    def apply(self, host: Machine) -> Outcome:
        """Do it."""
        return self.step.apply(host)


@dataclass(frozen=True, slots=True)
class AfterInParts(After):
    """The same, of a step that is shown as several."""

    step: InParts

    @property
    def parts(self) -> tuple[Part, ...]:
        """The step's own."""
        return self.step.parts

    def apply_in_parts(self, host: Machine, enter: Enter) -> Outcome:
        """Do it."""
        return self.step.apply_in_parts(host, enter)


def delayed(step: Step, needs: frozenset[str], mended: frozenset[str] = frozenset()) -> Step:
    """Let a step wait for ``needs``, in place of what it waits for itself."""
    if isinstance(step, InParts):
        return AfterInParts(step, needs, mended)
    return After(step, needs, mended)


def in_vain(steps: Iterable[Step]) -> frozenset[str]:
    """Return which of them may try in vain, also where they wait for others."""
    return frozenset(step.id for step in steps if isinstance(_bare(step), MayFail))


def _bare(step: Step) -> Step:
    while isinstance(step, After):
        step = step.step
    return step


def in_a_row(steps: Sequence[Step], first: frozenset[str] = frozenset()) -> tuple[Step, ...]:
    """Let each wait for the one before, as they may touch the same; the first for ``first``."""
    return tuple(_in_a_row(steps, first))


def _in_a_row(steps: Sequence[Step], needs: frozenset[str]) -> Iterator[Step]:
    for step in steps:
        yield delayed(step.step if isinstance(step, After) else step, needs)
        needs = frozenset({step.id})
