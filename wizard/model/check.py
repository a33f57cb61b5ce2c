"""A check: says by behaviour whether something is as it should be."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from wizard.model.machine import Reader


class Code(IntEnum):
    """The three verdicts of oslo.upgradecheck."""

    SUCCESS = 0
    WARNING = 1
    FAILURE = 2


@dataclass(frozen=True, slots=True)
class Result:
    """A verdict: details in one sentence, the evidence it rests on, and a cure when not SUCCESS."""

    code: Code
    details: str
    cure: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotYet:
    """There is nothing to judge so far: what is missing, and what will bring it."""

    details: str
    until: str  # completes "waits until ...": ``stack.sh has deployed Keystone``


Verdict = Result | NotYet


class Check(Protocol):
    """One question about the host. A check changes nothing."""

    @property
    def id(self) -> str:
        """Lower-case words joined by hyphens; stable: scripts see it."""
        ...

    @property
    def title(self) -> str:
        """A few words for a person."""
        ...

    def run(self, host: Reader) -> Verdict:
        """Ask the host."""
        ...
