"""Does something of somebody else's stand where the venv goes?"""

import stat
from dataclasses import dataclass
from typing import ClassVar

from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader
from wizard.model.recipe import MARKS

_MARKS = {"pyvenv.cfg"} | MARKS


@dataclass(frozen=True, slots=True)
class VenvContent:
    """What this program did not make it never clears, with no option to."""

    venv: str

    id: ClassVar[str] = "venv-content"
    title: ClassVar[str] = "nothing of others at the venv's path"
    status: ClassVar[ExitStatus] = ExitStatus.NEEDS_PERSON

    def run(self, host: Reader) -> Result:
        """An empty folder and a virtual environment are fine; steps judge the latter."""
        try:
            found = host.stat(self.venv, follow=False)
        except OSError:
            return Result(Code.SUCCESS, f"{self.venv} is free")
        mode = found.st_mode
        if stat.S_ISLNK(mode):
            return self._in_the_way("is a link", "Give the path that it leads to, or remove it.")
        if not stat.S_ISDIR(mode):
            return self._in_the_way("is not a folder", f"Look at it: ls -l {self.venv}")
        names = host.listdir(self.venv)
        if not names and found.st_uid != host.user.uid:
            what = f"is an empty folder that does not belong to {host.user.name}"
            return self._in_the_way(what, f"Remove it: rmdir {self.venv}")
        if not names or not _MARKS.isdisjoint(names):
            return Result(Code.SUCCESS, f"{self.venv} is {'a venv' if names else 'empty'}")
        shown = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")  # noqa: PLR2004
        return self._in_the_way(
            f"has {len(names)} files or folders that are not a venv",
            f"Move them away, or choose another path: ls -A {self.venv}",
            (f"{self.venv} holds {shown}",),
        )

    def _in_the_way(self, what: str, cure: str, evidence: tuple[str, ...] = ()) -> Result:
        return Result(Code.FAILURE, f"{self.venv} {what}", cure, evidence)
