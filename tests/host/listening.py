"""A machine that hears what jobs say, for the tests of package managers."""

from dataclasses import dataclass, field

from tests.host.bare_root import BareRoot
from tests.host.root_machine import RootMachine
from wizard.model.machine import Command, JobEnded, LineFilter
from wizard.model.problem import Problem
from wizard.steps.distro_packages import DistroPackages


@dataclass(slots=True)
class Listening(RootMachine):
    """Hears what a job says line by line, as the engine does."""

    logged: list[str] = field(default_factory=list)
    percent: list[int] = field(default_factory=list)

    def __init__(self, root: BareRoot) -> None:
        RootMachine.__init__(self, root, "root")
        self.logged, self.percent = [], []

    def job(self, command: Command, line_filter: LineFilter | None = None) -> JobEnded:
        self.acts.commands.append(command.shown())
        done = self.run(command)
        lines = (done.stdout + done.stderr).decode().splitlines()
        heard = [line_filter(line) if line_filter else line for line in lines]
        self.logged += [line for line in heard if line is not None]
        return JobEnded(done.returncode, 0.0, 1, len(lines), tuple(self.logged[-30:]))

    def progress(self, done: int, total: int, text: str = "") -> None:
        del text
        self.percent.append(done * 100 // total if total else 0)

    def log(self, line: str) -> None:
        self.logged.append(line)


def refusal(step: DistroPackages, host: Listening) -> Problem:
    outcome = step.apply(host)
    assert isinstance(outcome, Problem), outcome
    return outcome
