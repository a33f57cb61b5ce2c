"""Lets dpkg end what it began before it was interrupted."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import package_manager
from wizard.model.distribution import Family
from wizard.model.machine import Machine, Reader
from wizard.model.packages.package_failure import failure
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun
from wizard.steps import package_commands
from wizard.steps.package_commands import Output
from wizard.steps.package_lock import run_alone


@dataclass(frozen=True, slots=True)
class DpkgConfiguration:
    """``dpkg --configure -a``; files of configuration stay as they are."""

    family: Family
    lock_timeout: int = 600
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "configure-dpkg"
    title: ClassVar[str] = "half-done packages"

    def state(self, host: Reader) -> State:
        """Ask dpkg what it has not brought to its end."""
        left = self._left(host)
        return Pending(left.what) if left else Satisfied("none")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the command."""
        command = package_commands.configure()
        return (WouldRun(command.shown(), command.identity),) if self._left(host) else ()

    def apply(self, host: Machine) -> Outcome:
        """Run it, and ask dpkg again."""
        output = Output(host)
        command = package_commands.configure()
        ended = run_alone(host, self.family, command, output, self.lock_timeout)
        if isinstance(ended, Problem):
            return ended
        if not ended.ok:
            return failure("dpkg", ended.returncode, (*output.complaints, *ended.tail))
        return self._left(host) or Done("configured")

    def _left(self, host: Reader) -> Problem | None:
        return package_manager.of(self.family).interrupted(host)
