"""Gives files of the venv that root owns back to the user whose venv it is."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts.venv_folder import Foreign, look
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Account, Command, Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.recipe import Recipe
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun


@dataclass(frozen=True, slots=True)
class VenvOwner:
    """Touches only what is root's, only inside the venv, and follows no link out of it."""

    recipe: Recipe
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "own-venv"
    title: ClassVar[str] = "owner of the venv"

    def state(self, host: Reader) -> State:
        """Count what belongs to root."""
        found = look(host, self.recipe)
        if isinstance(found, Foreign):
            where, cure = self.recipe.path, "Give it to its user yourself, if it is meant to be"
            return Problem(f"there is {found.what}", where, cure, ExitStatus.NEEDS_PERSON)
        number = self._number(host)
        return Pending(f"{number} files are root's") if number else Satisfied("none is root's")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the command."""
        command = self._command(host.user)
        return (WouldRun(command.shown(), command.identity),)

    def apply(self, host: Machine) -> Outcome:
        """Do it, and note it: an undo names what stays."""
        number = self._number(host)
        host.note("ownership", path=self.recipe.path, was="root", now=host.user.name, files=number)
        ended = host.job(self._command(host.user))
        if not ended.ok:
            said = next(iter(ended.tail), f"chown ended with status {ended.returncode}")
            return Problem(said, self.recipe.path)
        return Done(f"{number} files are {host.user.name}'s again")

    def _number(self, host: Reader) -> int:
        if not host.exists(self.recipe.path):
            return 0
        find = ("find", self.recipe.path, "-xdev", "-user", "root", "-printf", "x")
        return len(host.run(Command(find, Identity.ROOT, timeout=300)).stdout)

    def _command(self, user: Account) -> Command:
        whose = f"{user.uid}:{user.gid}"
        argv = ("chown", "-R", "-P", "-h", "--from=root", whose, "--", self.recipe.path)
        return Command(argv, Identity.ROOT, timeout=600)
