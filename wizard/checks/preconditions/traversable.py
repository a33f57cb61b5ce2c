"""Can services enter the folders that they are to run from?"""

import stat
from dataclasses import dataclass
from typing import ClassVar

from wizard.checks.preconditions.folders import on_the_way
from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader


@dataclass(frozen=True, slots=True)
class Traversable:
    """stack.sh stops at mode 0700 only; 0750 it lets pass, and Apache fails at the end."""

    paths: tuple[str, ...]  # DEST and the venv

    id: ClassVar[str] = "traversable"
    title: ClassVar[str] = "folders open to services"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Look at every folder on the way."""
        modes = self.closed(host)
        if not modes:
            return Result(Code.SUCCESS, f"{' and '.join(self.paths)} can be entered by all")
        return Result(
            Code.WARNING,
            f"only some users may enter {', '.join(modes)}: services that Apache and uWSGI run"
            " will not start",
            f"chmod o+x {' '.join(modes)}",
            tuple(f"{folder} has mode {mode:04o}" for folder, mode in modes.items()),
        )

    def closed(self, host: Reader) -> dict[str, int]:
        """Return the folders that only some may enter, with their modes."""
        return {
            folder: stat.S_IMODE(status.st_mode)
            for path in self.paths
            for folder, status in on_the_way(host, path)
            if stat.S_ISDIR(status.st_mode) and not status.st_mode & stat.S_IXOTH
        }
