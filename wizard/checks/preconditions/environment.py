"""Does the caller's environment hold what stack.sh refuses or stumbles over?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader

_IN_THE_WAY = {
    "VIRTUAL_ENV": "stack.sh refuses to start in an active virtual environment",
    "POSIXLY_CORRECT": "stack.sh refuses to start with it",
    "GREP_OPTIONS": "it changes what stack.sh's greps find",
    "PYTHONHOME": "every Python that is started would look for its library there",
}


@dataclass(frozen=True, slots=True)
class Environment:
    """Only a warning: the build gives none of it to what it starts."""

    environ: Mapping[str, str]

    id: ClassVar[str] = "environment"
    title: ClassVar[str] = "no variables in the way"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Look at the caller's variables, not at the host."""
        del host
        found = [name for name in _IN_THE_WAY if self.environ.get(name)]
        if not found:
            return Result(Code.SUCCESS, "no virtual environment is active")
        leave = "deactivate" if found == ["VIRTUAL_ENV"] else f"unset {' '.join(found)}"
        return Result(
            Code.WARNING,
            f"{', '.join(found)} in this shell: {_IN_THE_WAY[found[0]]}",
            f"Before you start stack.sh from this shell: {leave}",
            tuple(f"{name}: {_IN_THE_WAY[name]}" for name in found),
        )
