"""Clones DevStack in a run of its own: journaled, logged, and followed like any other."""

from dataclasses import dataclass, field
from pathlib import Path

from wizard.engine.cancel import Cancel
from wizard.engine.planning.survey import STACK, Caller, reader
from wizard.engine.side_run import PATIENCE, OnLines, SideRun
from wizard.facts.distribution import detect
from wizard.facts.releases import URL
from wizard.model.distribution import Distribution
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.step import Step
from wizard.steps.devstack_checkout import DevstackCheckout
from wizard.steps.distro_packages import DistroPackages
from wizard.steps.stack_user import StackUser

KIND = "clone"
TOOLS = ("ca-certificates", "git")


@dataclass(slots=True)
class Clone:
    """One attempt: call ``run`` in a thread, ``stop`` from another."""

    caller: Caller
    root: str | None
    user: str  # "" for the caller's own, as root for stack
    directory: str
    release: str
    url: str = URL
    cancel: Cancel = field(default_factory=lambda: Cancel(PATIENCE))

    def run(self, home: Path, on_lines: OnLines) -> Problem | None:
        """Clone; git and the user come first where they are missing."""
        host = reader(self.caller, self.root, self._user)
        distribution = detect(host)
        if isinstance(distribution, Problem):
            return distribution
        steps = self._steps(distribution)
        locks = (self.directory, f"{self.directory}/local.conf")  # this run has no venv
        side = SideRun(KIND, host, distribution, steps, locks, self.directory, self.cancel)
        return side.run(home, on_lines)

    def stop(self) -> None:
        """Stop git; a package manager is let finish."""
        self.cancel.stop(ExitStatus.INTERRUPTED)

    @property
    def _user(self) -> str:
        return self.user or (STACK if self.caller.is_root else self.caller.name)

    def _steps(self, distribution: Distribution) -> tuple[Step, ...]:
        return (
            StackUser(),
            DistroPackages(distribution.family, TOOLS, needs=frozenset({StackUser.id})),
            DevstackCheckout(
                self.directory, self.release, self.url, frozenset({DistroPackages.id})
            ),
        )
