"""A step: knows whether it is done, can show what it would do, and does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from wizard.model.machine import Identity, Machine, Reader
from wizard.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Satisfied:
    """Nothing to do: the host is already so."""

    why: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Something to do, in a few words (``4 packages to install``)."""

    why: str


State = Satisfied | Pending | Problem
"""A Problem means the step can never work as things are: known before anything is changed."""


@dataclass(frozen=True, slots=True)
class WouldRun:
    """A command that the step would run, as a person would type it."""

    command: str
    identity: Identity


@dataclass(frozen=True, slots=True)
class WouldWrite:
    """A file that the step would write, as a unified diff with secrets masked."""

    path: str
    diff: str


Preview = WouldRun | WouldWrite


@dataclass(frozen=True, slots=True)
class Done:
    """The step worked; details in a few words (``149 packages``)."""

    details: str = ""


Outcome = Done | Problem


class Step(Protocol):
    """One unit of a plan. Steps hold decisions, no state: each question is asked of the host."""

    @property
    def id(self) -> str:
        """Lower-case words joined by hyphens; stable: scripts see it."""
        ...

    @property
    def title(self) -> str:
        """Two or three words for a person."""
        ...

    @property
    def needs(self) -> frozenset[str]:
        """Steps (by id) that must be over before this one starts; others run beside it."""
        ...

    def state(self, host: Reader) -> State:
        """Ask the host whether there is something to do."""
        ...

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show what ``apply`` would do now."""
        ...

    def apply(self, host: Machine) -> Outcome:
        """Do it."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a step's work that is shown as a step of its own; ``why`` as in Pending."""

    id: str
    title: str
    why: str = ""


Enter = Callable[[str, str], None]
"""Begins the part of this id; the one before is over, with these details."""


@runtime_checkable
class InParts(Step, Protocol):
    """A step that is shown as several, one after the other: one program does them all."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """All of them, in their order; they are shown in place of the step."""
        ...

    def apply_in_parts(self, host: Machine, enter: Enter) -> Outcome:
        """Do it, and say where each part but the first begins."""
        ...


@runtime_checkable
class MayFail(Step, Protocol):
    """A step that may try in vain: what it complains of is a failure only where it fails."""

    @property
    def may_fail(self) -> bool:
        """True: ``apply`` ends well even so."""
        ...


def parts(step: Step) -> tuple[Part, ...]:
    """Return what a step is shown as: mostly itself."""
    return step.parts if isinstance(step, InParts) else (Part(step.id, step.title),)
