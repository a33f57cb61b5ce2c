"""Lets apt complete what is installed without all that it needs."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.model.distribution import Family
from wizard.model.machine import Command, Machine, Reader
from wizard.model.packages.package_failure import failure
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun
from wizard.steps import package_commands
from wizard.steps.package_commands import Output
from wizard.steps.package_lock import run_alone

_CHECK = Command(("apt-get", "check", "-o", "Debug::NoLocking=true"))


@dataclass(frozen=True, slots=True)
class DependencyRepair:
    """``apt-get --fix-broken install``; where that would remove a package, nothing is done."""

    family: Family
    lock_timeout: int = 600
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "mend-dependencies"
    title: ClassVar[str] = "broken dependencies"

    def state(self, host: Reader) -> State:
        """Ask apt whether all that is installed has what it needs; dnf and zypper see to that."""
        if self.family is not Family.DEB or host.run(_CHECK).ok:
            return Satisfied("none")
        return Pending("packages lack what they need")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the command."""
        del host
        command = package_commands.mend(self.lock_timeout)
        return (WouldRun(command.shown(), command.identity),)

    def apply(self, host: Machine) -> Outcome:
        """Run it."""
        output = Output(host)
        command = package_commands.mend(self.lock_timeout)
        ended = run_alone(host, self.family, command, output, self.lock_timeout)
        if isinstance(ended, Problem):
            return ended
        if not ended.ok:
            return failure("apt-get", ended.returncode, (*output.complaints, *ended.tail))
        return Done("complete")
