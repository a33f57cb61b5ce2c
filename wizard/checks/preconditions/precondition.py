"""What a precondition is: a check, and the exit status that its failure ends the run with."""

from typing import Protocol

from wizard.model.check import Check, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader


class Precondition(Check, Protocol):
    """FAILURE is for what stops the build; WARNING for what will stop stack.sh later."""

    @property
    def status(self) -> ExitStatus:
        """HOST, or NEEDS_PERSON where somebody's own files are in the way."""
        ...

    def run(self, host: Reader) -> Result:
        """Ask the host; whether it holds can be said at any time."""
        ...
