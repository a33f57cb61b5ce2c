"""Is there memory enough for what stack.sh starts?"""

import re
from dataclasses import dataclass
from typing import ClassVar

from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader

_KIB = 1024
_GIB = 1 << 30
_WANTED = 4_000_000_000  # a machine sold with 4 GB shows a little less than 4 GiB
_TOTAL = re.compile(r"^MemTotal:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Memory:
    """Only a warning: the build itself is content with less."""

    id: ClassVar[str] = "memory"
    title: ClassVar[str] = "memory"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Read what the kernel has."""
        try:
            found = _TOTAL.search(host.read("/proc/meminfo").decode(errors="replace"))
        except OSError:
            found = None
        if found is None:
            return Result(Code.SUCCESS, "the kernel does not say how much there is")
        total = int(found[1]) * _KIB
        if total >= _WANTED:
            return Result(Code.SUCCESS, f"{total / _GIB:.1f} GiB")
        return Result(
            Code.WARNING,
            f"{total / _GIB:.1f} GiB; DevStack wants 4 or more",
            "Give the machine more memory, or enable fewer services in local.conf.",
        )
