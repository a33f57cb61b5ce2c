"""Does systemd run this host? DevStack starts every service as one of its units."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader


@dataclass(frozen=True, slots=True)
class Systemd:
    """Only a warning: the venv does without."""

    needed: bool = True  # by this stack.sh: until 2017 it started its services in screen

    id: ClassVar[str] = "systemd"
    title: ClassVar[str] = "systemd"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Look for the folder that only a running systemd makes, as sd_booted(3) does."""
        if host.exists("/run/systemd/system"):
            return Result(Code.SUCCESS, "systemd runs this host")
        if not self.needed:
            return Result(Code.SUCCESS, "systemd does not run this host, nor does stack.sh need it")
        return Result(
            Code.WARNING,
            "systemd does not run this host (a container?); stack.sh needs it, the venv does not",
            "Run stack.sh in a virtual machine, or a container that boots systemd.",
        )
