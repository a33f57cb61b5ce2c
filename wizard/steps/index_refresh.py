"""Fetches the lists of packages anew: what they name may no longer be there."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.model.distribution import Family
from wizard.model.machine import Machine, Reader
from wizard.model.packages.package_failure import explained, failure
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, State, WouldRun
from wizard.steps import package_commands
from wizard.steps.package_commands import Output
from wizard.steps.package_lock import run_alone


@dataclass(frozen=True, slots=True)
class IndexRefresh:
    """One refresh; apt says with status 0 that it reached nobody, so its words count, too."""

    family: Family
    lock_timeout: int = 600
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "refresh-package-index"
    title: ClassVar[str] = "package lists"

    def state(self, host: Reader) -> State:
        """Somebody asked for it, so there is something to do."""
        del host
        return Pending("fetch them anew")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the command."""
        del host
        command = package_commands.refresh(self.family)
        return (WouldRun(command.shown(), command.identity),)

    def apply(self, host: Machine) -> Outcome:
        """Run it when no other package manager is at work."""
        output = Output(host)
        command = package_commands.refresh(self.family)
        ended = run_alone(host, self.family, command, output, self.lock_timeout)
        if isinstance(ended, Problem):
            return ended
        if reason := explained(output.complaints):
            return reason
        if not ended.ok:
            return failure("the refresh of the package index", ended.returncode, ended.tail)
        return Done("fetched")
