"""Is the user's home a folder in which the user can work?"""

import stat
from dataclasses import dataclass
from typing import ClassVar

from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader


@dataclass(frozen=True, slots=True)
class Home:
    """pip, uv and git keep caches and settings in it."""

    id: ClassVar[str] = "home"
    title: ClassVar[str] = "home of the user"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """A user that is yet to be made gets a home, too."""
        user = host.user
        if user.uid < 0:
            return Result(Code.SUCCESS, f"{user.name} is yet to be made")
        try:
            home = host.stat(user.home)
        except OSError as error:
            return self._missing(user.name, user.home, error.strerror or str(error))
        if not stat.S_ISDIR(home.st_mode):
            return self._missing(user.name, user.home, "not a folder")
        if home.st_uid != user.uid:
            return Result(
                Code.WARNING,
                f"{user.home}, the home of {user.name}, belongs to user {home.st_uid}",
                f"As root: chown {user.name} {user.home}",
            )
        return Result(Code.SUCCESS, f"{user.home} is there and belongs to {user.name}")

    def _missing(self, name: str, home: str, why: str) -> Result:
        return Result(
            Code.FAILURE,
            f"{home}, the home of {name}, cannot be used: {why}",
            f"As root: install -d -o {name} -m 0755 {home}",
        )
