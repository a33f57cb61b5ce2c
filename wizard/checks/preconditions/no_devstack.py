"""Has somebody marked this host as one where DevStack must not run?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader


@dataclass(frozen=True, slots=True)
class NoDevstackMark:
    """DevStack's own safety catch, a file in the home of the user."""

    id: ClassVar[str] = "no-devstack"
    title: ClassVar[str] = "host not marked against DevStack"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """The file's name is all that counts."""
        mark = f"{host.user.home}/.no-devstack"
        if not host.exists(mark):
            return Result(Code.SUCCESS, f"there is no {mark}")
        return Result(
            Code.WARNING,
            f"{mark} says that DevStack must not run here, and stack.sh will stop",
            f"If this is the right host: rm {mark}",
        )
