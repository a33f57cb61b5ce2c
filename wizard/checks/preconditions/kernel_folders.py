"""Are /proc and /dev there? In a system image they are what its builder mounts."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader

_WITNESSES = {"/proc": "/proc/version", "/dev": "/dev/null"}


@dataclass(frozen=True, slots=True)
class KernelFolders:
    """Packages cannot be set up, and no Python made, without them."""

    id: ClassVar[str] = "kernel-folders"
    title: ClassVar[str] = "/proc and /dev mounted"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Look for a file that each of them has as soon as it is mounted."""
        missing = [folder for folder, file in _WITNESSES.items() if not host.exists(file)]
        if not missing:
            return Result(Code.SUCCESS, "/proc and /dev are mounted")
        return Result(
            Code.FAILURE,
            f"{' and '.join(missing)} not mounted here",
            "Mount them below the root of the image first: mount -t proc proc DIR/proc and"
            " mount --rbind /dev DIR/dev",
        )
