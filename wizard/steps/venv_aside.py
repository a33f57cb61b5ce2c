"""Puts a venv that counts as complete aside, so that the build makes a new one."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts.venv_folder import Complete, Foreign, look
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.recipe import Recipe
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun


@dataclass(frozen=True, slots=True)
class VenvAside:
    """The old one waits until the new one is complete, and comes back if that fails."""

    recipe: Recipe
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "rebuild-venv"
    title: ClassVar[str] = "earlier venv"

    def state(self, host: Reader) -> State:
        """Pending for one of ours that counts as complete; else the build makes one anyway."""
        match look(host, self.recipe):
            case Complete():
                return Pending("put it aside, and build another")
            case Foreign(what):
                cure = "Move it away, or choose another place with --venv-path"
                where, status = self.recipe.path, ExitStatus.NEEDS_PERSON
                return Problem(f"there is {what}", where, cure, status)
            case _:
                return Satisfied("none that counts as complete")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show what becomes of it."""
        del host
        return (WouldRun(f"mv {self.recipe.path} {self.recipe.aside}", Identity.STACK),)

    def apply(self, host: Machine) -> Outcome:
        """Rename it, in the place of one that waits there from before."""
        waiting = host.exists(self.recipe.aside)
        cleared = host.remove_tree(self.recipe.aside) if waiting else None
        return cleared or host.rename(self.recipe.path, self.recipe.aside) or Done("is aside")
