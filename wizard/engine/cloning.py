"""Clones DevStack in a run of its own: journaled, logged, and followed like any other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from wizard import __version__
from wizard.engine.acting_machine import ActingMachine, Run
from wizard.engine.build import Build
from wizard.engine.cancel import Cancel
from wizard.engine.diagnosing import Explanation
from wizard.engine.journal.journal import open_journal
from wizard.engine.live_findings import LiveFindings
from wizard.engine.planning.survey import STACK, Caller, reader
from wizard.engine.remedies import Remedies
from wizard.engine.runs import run_folder
from wizard.engine.runs.follow import sign
from wizard.engine.runs.run_folder import RunFolder
from wizard.facts.distribution import detect
from wizard.facts.releases import URL
from wizard.model.distribution import Distribution
from wizard.model.events import Output, RunFinished, RunStarted, Stamped, Titled
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Machine
from wizard.model.plan import Plan
from wizard.model.problem import Problem
from wizard.model.secret import Mask
from wizard.model.step import Step
from wizard.steps.devstack_checkout import DevstackCheckout
from wizard.steps.distro_packages import DistroPackages
from wizard.steps.stack_user import StackUser

PATIENCE = 3600.0  # seconds; a slow line takes minutes
KIND = "clone"
TOOLS = ("ca-certificates", "git")

OnLines = Callable[[tuple[str, ...]], None]


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
        try:
            folder = run_folder.create(home, self._request(distribution), Mask())
        except OSError as error:
            return Problem(f"cannot keep a run here: {error.strerror}", str(home))
        folder.listeners.append(lambda stamped: _tell(stamped, on_lines))
        journal = open_journal(folder.path)
        if isinstance(journal, Problem):
            return journal
        sign(folder.path)
        run = Run(folder, journal, self.cancel)

        def machine_for(step: str) -> Machine:
            return ActingMachine(host.launcher, host.user_name, at=run, step=step)

        plan = self._plan(distribution)
        folder.emit(self._started(plan, distribution, folder))
        with LiveFindings(folder.emit, Explanation(host, distribution)) as live:
            folder.listeners.append(live)
            remedies = Remedies(live, distribution.family)
            build = Build(plan, machine_for, live.emit, self.cancel, remedies)
            status = build.run()
        folder.emit(RunFinished(int(status), 0.0, "DevStack cloned" if not status else "ended"))
        journal.close()
        folder.close()
        return _problem(build, status)

    def stop(self) -> None:
        """Stop git; a package manager is let finish."""
        self.cancel.stop(ExitStatus.INTERRUPTED)

    @property
    def _user(self) -> str:
        return self.user or (STACK if self.caller.is_root else self.caller.name)

    def _request(self, distribution: Distribution) -> dict[str, object]:
        """Say what undo has to know; this run has no venv, so what it locks is the checkout."""
        return {
            "kind": KIND,
            "version": __version__,
            "venv": self.directory,
            "local_conf": f"{self.directory}/local.conf",
            "user": self._user,
            "package_manager": distribution.family.package_manager,
        }

    def _started(self, plan: Plan, distribution: Distribution, folder: RunFolder) -> RunStarted:
        return RunStarted(
            run=folder.name,
            kind=KIND,
            version=__version__,
            host=distribution.title,
            devstack=self.directory,
            venv="",
            user=self._user,
            folder=str(folder.path),
            steps=tuple(Titled(step.id, step.title) for step in plan.steps),
            checks=(),
        )

    def _plan(self, distribution: Distribution) -> Plan:
        steps: tuple[Step, ...] = (
            StackUser(),
            DistroPackages(distribution.family, TOOLS, needs=frozenset({StackUser.id})),
            DevstackCheckout(
                self.directory, self.release, self.url, frozenset({DistroPackages.id})
            ),
        )
        return Plan(steps)


def _tell(stamped: Stamped, on_lines: OnLines) -> None:
    if isinstance(stamped.event, Output):
        on_lines(stamped.event.lines)


def _problem(build: Build, status: ExitStatus) -> Problem | None:
    if status is ExitStatus.DONE:
        return None
    return build.problem or Problem("cloning was stopped", status=status)
