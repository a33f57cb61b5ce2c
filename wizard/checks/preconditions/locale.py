"""Is there the locale that DevStack sets for everything it runs?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Reader

_WANTED = "en_US.utf8"


@dataclass(frozen=True, slots=True)
class Locale:
    """Without it every command of stack.sh complains."""

    id: ClassVar[str] = "locale"
    title: ClassVar[str] = "locale"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Ask for the list; a host without locale(1) has no locales either."""
        if _WANTED in host.run(Command(("locale", "-a"), timeout=20)).text.split():
            return Result(Code.SUCCESS, f"{_WANTED} is there")
        return Result(
            Code.WARNING,
            f"there is no {_WANTED}; stack.sh goes on, but each of its commands complains",
            _cure(host),
        )


def _cure(host: Reader) -> str:
    if host.which("apt-get"):
        return "As root: apt-get install locales && localedef -i en_US -f UTF-8 en_US.UTF-8"
    if host.which("zypper"):
        return "As root: zypper install glibc-locale"
    return "As root: dnf install glibc-langpack-en"
