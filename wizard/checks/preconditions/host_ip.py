"""Can DevStack find out at which address its services are to be reached?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.model.bash.values import Absent, values
from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.local_conf.meta_sections import localrc
from wizard.model.machine import Command, Reader

_NOT_THERE = 127
_SET = 'Set it: HOST_IP = "192.0.2.10" below [local_conf] in the answers file, with an address of'


@dataclass(frozen=True, slots=True)
class HostIp:
    """It takes the address on the way to everywhere else, unless local.conf names one."""

    local_conf: str
    settings: tuple[str, ...] = ()  # names that the run will write into local.conf

    id: ClassVar[str] = "host-ip"
    title: ClassVar[str] = "address of the host"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Look for HOST_IP, then for a default route, as DevStack does."""
        if "HOST_IP" in self.settings or _is_set(host, self.local_conf):
            return Result(Code.SUCCESS, "HOST_IP is set")
        said = host.run(Command(("ip", "-4", "route", "show", "default")))
        if said.returncode == _NOT_THERE:
            return Result(Code.SUCCESS, "nobody can be asked for routes yet")
        if "via" in said.text or "dev" in said.text:
            return Result(Code.SUCCESS, "a default route tells it")
        return Result(
            Code.WARNING,
            "there is no default route, so DevStack will not find out HOST_IP and stop",
            f"{_SET} this host: ip -4 address",
        )


def _is_set(host: Reader, path: str) -> bool:
    try:
        text = host.read(path)
    except OSError:
        return False
    return not isinstance(values(localrc(text)).of("HOST_IP"), Absent)
