"""Is the checkout whole, can bash read it, and may its user write into it?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts.devstack import stack_sh
from wizard.facts.shell_files import broken_run, broken_settings
from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Reader
from wizard.model.problem import Problem

_FOLDERS = ("files", "lib")  # the ones that every release looks for before anything else
_NO = 1  # what test(1) answers


@dataclass(frozen=True, slots=True)
class Checkout:
    """Only a warning where the venv does not need it; stack.sh keeps its state there."""

    directory: str  # "" for none

    id: ClassVar[str] = "checkout"
    title: ClassVar[str] = "checkout of DevStack"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Look for its folders; ask bash, and as the user whether it can be written into."""
        if not self.directory:
            return Result(Code.SUCCESS, "there is none")
        if missing := [name for name in _FOLDERS if not host.exists(f"{self.directory}/{name}")]:
            return Result(
                Code.WARNING,
                f"{self.directory} has no {' and no '.join(missing)}, and stack.sh will stop",
                f"Bring them back: git -C {self.directory} checkout -- {' '.join(missing)}",
            )
        if problem := broken_settings(host, self.directory):
            return _told(Code.FAILURE, problem)
        if problem := broken_run(host, self.directory, stack_sh(host, self.directory)):
            return _told(Code.WARNING, problem)
        asked = Command(("test", "-w", self.directory), timeout=20)
        if host.user.uid >= 0 and host.run(asked).returncode == _NO:
            return Result(
                Code.WARNING,
                f"{host.user.name} may not write into {self.directory}, as stack.sh has to",
                f"As root: chown -R {host.user.name} {self.directory}",
            )
        return Result(Code.SUCCESS, f"{self.directory} is whole")


def _told(code: Code, problem: Problem) -> Result:
    return Result(code, f"{problem.where}: {problem.what}", problem.cure)
