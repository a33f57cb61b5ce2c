"""May the run do what only root may?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import sudo
from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader
from wizard.model.problem import Problem
from wizard.model.sudoers import user_problem


@dataclass(frozen=True, slots=True)
class Root:
    """Root itself, or a user whom sudo asks for no password."""

    id: ClassVar[str] = "root"
    title: ClassVar[str] = "root, or sudo without password"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Ask sudo, unless we are root."""
        if problem := _obstacle(host):
            return Result(Code.FAILURE, problem.what, problem.cure)
        if host.is_root:
            return Result(Code.SUCCESS, f"root; the work happens as {host.user.name}")
        return Result(Code.SUCCESS, f"sudo asks {host.user.name} for no password")


def _obstacle(host: Reader) -> Problem | None:
    name = host.user.name
    if host.user.uid == 0:
        return Problem(
            "the user of the work cannot be root: pip never runs as root, nor does DevStack",
            cure='Name another one in the answers file, below [devstack]: user = "stack"',
        )
    if problem := user_problem(name):
        return problem
    return None if host.is_root else sudo.refusal(host)
