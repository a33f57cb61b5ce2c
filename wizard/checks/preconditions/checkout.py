"""Is the checkout whole, and may its user write into it? stack.sh keeps its state there."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Reader

_FOLDERS = ("files", "lib")  # the ones that every release looks for before anything else
_NO = 1  # what test(1) answers


@dataclass(frozen=True, slots=True)
class Checkout:
    """Only a warning: the venv does not need it."""

    directory: str  # "" for none

    id: ClassVar[str] = "checkout"
    title: ClassVar[str] = "checkout of DevStack"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Look for its folders; ask as the user whether it can be written into."""
        if not self.directory:
            return Result(Code.SUCCESS, "there is none")
        if missing := [name for name in _FOLDERS if not host.exists(f"{self.directory}/{name}")]:
            return Result(
                Code.WARNING,
                f"{self.directory} has no {' and no '.join(missing)}, and stack.sh will stop",
                f"Bring them back: git -C {self.directory} checkout -- {' '.join(missing)}",
            )
        asked = Command(("test", "-w", self.directory), timeout=20)
        if host.user.uid >= 0 and host.run(asked).returncode == _NO:
            return Result(
                Code.WARNING,
                f"{host.user.name} may not write into {self.directory}, as stack.sh has to",
                f"As root: chown -R {host.user.name} {self.directory}",
            )
        return Result(Code.SUCCESS, f"{self.directory} is whole")
