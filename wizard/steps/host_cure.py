"""Does by commands what the cure of a precondition asks a person to type."""

from dataclasses import dataclass

from wizard.model.check import Check, Code, Result, Verdict
from wizard.model.machine import Command, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun


@dataclass(frozen=True, slots=True)
class HostCure:
    """Runs the commands unless the precondition holds, and asks it again afterwards."""

    precondition: Check
    commands: tuple[Command, ...]
    needs: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The precondition's own."""
        return self.precondition.id

    @property
    def title(self) -> str:
        """The precondition's own."""
        return self.precondition.title

    def state(self, host: Reader) -> State:
        """Ask the precondition."""
        said = self.precondition.run(host)
        return (Satisfied if _holds(said) else Pending)(said.details)

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the commands."""
        del host
        return tuple(WouldRun(command.shown(), command.identity) for command in self.commands)

    def apply(self, host: Machine) -> Outcome:
        """Run them one after the other."""
        for command in self.commands:
            ended = host.job(command)
            if not ended.ok:
                what = f"{command.shown()} ended with status {ended.returncode}"
                return Problem(what, cure=" ".join(ended.tail[-1:]))
        after = self.precondition.run(host)
        return Done(after.details) if _holds(after) else Problem(after.details)


def _holds(said: Verdict) -> bool:
    return isinstance(said, Result) and said.code is Code.SUCCESS
