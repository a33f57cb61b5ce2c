"""A small run beside the builds: journaled, logged, and undone like any other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from wizard import __version__
from wizard.engine.acting_machine import ActingMachine, Run
from wizard.engine.build import Build
from wizard.engine.cancel import Cancel
from wizard.engine.journal.journal import open_journal
from wizard.engine.machine import HostReader
from wizard.engine.runs import run_folder
from wizard.engine.runs.follow import sign
from wizard.engine.runs.run_folder import RunFolder
from wizard.model.distribution import Distribution
from wizard.model.events import Output, RunFinished, RunStarted, Stamped, Titled
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Machine
from wizard.model.plan import Plan
from wizard.model.problem import Problem
from wizard.model.secret import Mask
from wizard.model.step import Step

PATIENCE = 3600.0  # seconds; a slow line takes minutes

OnLines = Callable[[tuple[str, ...]], None]


@dataclass(slots=True)
class SideRun:
    """Some steps on a host: call ``run`` in a thread, ``stop`` from another.

    ``locks`` is what its undo locks: a venv, or what stands for one, and a local.conf.
    """

    kind: str
    host: HostReader
    distribution: Distribution
    steps: tuple[Step, ...]
    locks: tuple[str, str]
    devstack: str = ""
    cancel: Cancel = field(default_factory=lambda: Cancel(PATIENCE))

    def run(self, home: Path, on_lines: OnLines) -> Problem | None:
        """Do the steps; return why that did not work."""
        try:
            folder = run_folder.create(home, self._request(), Mask())
        except OSError as error:
            return Problem(f"cannot keep a run here: {error.strerror}", str(home))
        folder.listeners.append(lambda stamped: _tell(stamped, on_lines))
        journal = open_journal(folder.path)
        if isinstance(journal, Problem):
            return journal
        sign(folder.path)
        run = Run(folder, journal, self.cancel)

        def machine_for(step: str) -> Machine:
            return ActingMachine(self.host.launcher, self.host.user_name, at=run, step=step)

        folder.emit(self._started(folder))
        build = Build(Plan(self.steps), machine_for, folder.emit, self.cancel)
        status = build.run()
        folder.emit(RunFinished(int(status), 0.0, "ended" if status else "Done."))
        journal.close()
        folder.close()
        return _problem(build, status)

    def stop(self) -> None:
        """Stop what can be stopped; a package manager is let finish."""
        self.cancel.stop(ExitStatus.INTERRUPTED)

    def _request(self) -> dict[str, object]:
        """Say what undo has to know."""
        return {
            "kind": self.kind,
            "version": __version__,
            "venv": self.locks[0],
            "local_conf": self.locks[1],
            "user": self.host.user_name,
            "package_manager": self.distribution.family.package_manager,
        }

    def _started(self, folder: RunFolder) -> RunStarted:
        return RunStarted(
            run=folder.name,
            kind=self.kind,
            version=__version__,
            host=self.distribution.title,
            devstack=self.devstack,
            venv="",
            user=self.host.user_name,
            folder=str(folder.path),
            steps=tuple(Titled(step.id, step.title) for step in self.steps),
            checks=(),
        )


def _tell(stamped: Stamped, on_lines: OnLines) -> None:
    if isinstance(stamped.event, Output):
        on_lines(stamped.event.lines)


def _problem(build: Build, status: ExitStatus) -> Problem | None:
    if status is ExitStatus.DONE:
        return None
    return build.problem or Problem("it was stopped", status=status)
