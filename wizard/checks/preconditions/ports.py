"""Are the ports free on which DevStack's services listen?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader

_USED = {80: "Apache", 3306: "MySQL", 5672: "RabbitMQ", 11211: "memcached"}
_LISTENS = "0A"  # the state, as the kernel writes it


@dataclass(frozen=True, slots=True)
class Ports:
    """Once stack.sh has run it is DevStack that listens; before, it is somebody else."""

    checkout: str  # "" for none

    id: ClassVar[str] = "ports"
    title: ClassVar[str] = "ports free"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Read the kernel's tables."""
        if self.checkout and host.exists(f"{self.checkout}/.stackenv"):
            return Result(Code.SUCCESS, "stack.sh has run here")
        taken = sorted(set(_listened_on(host)) & set(_USED))
        if not taken:
            return Result(Code.SUCCESS, ", ".join(f"{port}" for port in _USED))
        names = ", ".join(f"{port} ({_USED[port]})" for port in taken)
        ports = " or ".join(f"sport = :{port}" for port in taken)
        return Result(
            Code.WARNING,
            f"somebody listens on {names} already, where DevStack's own will want to",
            f"See who, and stop them or leave that service out: ss -ltnp '{ports}'",
        )


def _listened_on(host: Reader) -> Iterator[int]:
    for name in ("tcp", "tcp6"):
        try:
            rows = host.read(f"/proc/net/{name}").decode().splitlines()[1:]
        except OSError:
            continue
        for fields in map(str.split, rows):
            if fields[3] == _LISTENS:
                yield int(fields[1].rpartition(":")[2], 16)
