"""Is sudo there? DevStack and the services it starts call it from the first minute on."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import sudo
from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Reader


@dataclass(frozen=True, slots=True)
class SudoInstalled:
    """As root a missing sudo is no obstacle: it comes with the distro packages."""

    id: ClassVar[str] = "sudo"
    title: ClassVar[str] = "sudo installed"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Name the version: sudo and sudo-rs read sudoers differently."""
        if sudo.installed(host):
            said = host.run(Command(("sudo", "--version"), timeout=20)).text.splitlines()
            return Result(Code.SUCCESS, said[0] if said else "sudo is installed")
        if host.is_root:
            return Result(Code.SUCCESS, "not yet; it comes with the distro packages")
        return Result(Code.FAILURE, "sudo is not installed", "Install it as root.")
