"""Does DevStack know the processor? It stops where it has no image to boot for it."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.machine import Command, Reader

_KNOWN = ("x86_64", "aarch64", "ppc64le", "s390x")


@dataclass(frozen=True, slots=True)
class Architecture:
    """Only a warning: the venv can be made on any."""

    id: ClassVar[str] = "architecture"
    title: ClassVar[str] = "processor"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Ask the kernel."""
        found = harmless(host.run(Command(("uname", "-m"))).text.strip())
        if not found or found in _KNOWN:
            return Result(Code.SUCCESS, found or "the kernel does not say which")
        return Result(
            Code.WARNING,
            f"DevStack does not know the processor {found} and will stop",
            f"Run stack.sh on one of {', '.join(_KNOWN)}.",
        )
