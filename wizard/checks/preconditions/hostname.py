"""Does the host know its own name? RabbitMQ does not start without."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader


@dataclass(frozen=True, slots=True)
class Hostname:
    """stack.sh mends this by itself, but not where /etc/hosts is mounted from outside."""

    id: ClassVar[str] = "hostname"
    title: ClassVar[str] = "hostname in /etc/hosts"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Compare whole words, as DevStack does."""
        name = _text(host, "/proc/sys/kernel/hostname").strip().partition(".")[0]
        lines = (line.partition("#")[0] for line in _text(host, "/etc/hosts").splitlines())
        names = {word.partition(".")[0] for line in lines for word in line.split()[1:]}
        if not name or name in names:
            return Result(Code.SUCCESS, f"{name} is in /etc/hosts")
        return Result(
            Code.WARNING,
            f"{name}, the name of this host, is not in /etc/hosts",
            f"As root: echo '127.0.0.1 {name}' >> /etc/hosts",
        )


def _text(host: Reader, path: str) -> str:
    try:
        return host.read(path).decode(errors="replace")
    except OSError:
        return ""
