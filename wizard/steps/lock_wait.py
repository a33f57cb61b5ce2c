"""Waits until no other package manager is at work; its lock is never touched."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import package_manager
from wizard.model.distribution import Family
from wizard.model.machine import Machine, Reader
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State
from wizard.steps.package_lock import wait_until_free


@dataclass(frozen=True, slots=True)
class LockWait:
    """Waits for at most ``patience`` seconds."""

    family: Family
    patience: int = 600
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "wait-for-lock"
    title: ClassVar[str] = "other package manager"

    def state(self, host: Reader) -> State:
        """Ask the kernel who holds the lock."""
        occupant = package_manager.of(self.family).occupant(host)
        return Pending(f"wait for {occupant}") if occupant else Satisfied("none is at work")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Waiting changes nothing."""
        del host
        return ()

    def apply(self, host: Machine) -> Outcome:
        """Wait."""
        return wait_until_free(host, self.family, self.patience) or Done("none is at work")
