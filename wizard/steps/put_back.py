"""Brings the older venv back when the build of a new one in its place did not work."""

from dataclasses import dataclass

from wizard.facts.venv_folder import Incomplete, look
from wizard.model.machine import Machine, Reader
from wizard.model.recipe import Recipe
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State


@dataclass(frozen=True, slots=True)
class PutBack:
    """Not part of a plan that works: the engine applies it when a build ends otherwise."""

    recipe: Recipe
    needs: frozenset[str] = frozenset()
    id: str = "put-back"
    title: str = "earlier venv"

    def state(self, host: Reader) -> State:
        """Pending when an older venv waits aside."""
        waiting = host.exists(self.recipe.aside)
        return Pending("put the earlier venv back") if waiting else Satisfied("none")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Nothing to show: it is a rename."""
        del host
        return ()

    def apply(self, host: Machine) -> Outcome:
        """Remove what was begun and rename the older one back."""
        if isinstance(look(host, self.recipe), Incomplete):
            problem = host.remove_tree(self.recipe.path)
            if problem is not None:
                return problem
        return host.rename(self.recipe.aside, self.recipe.path) or Done("is back in its place")
