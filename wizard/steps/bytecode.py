"""Compiles the venv's modules ahead of their first import, on all cores, at low priority.

pip does this one file after the other while it installs, uv not at all. Without it a service
whose user cannot write into the venv compiles everything again at each start.
"""

from dataclasses import dataclass

from wizard.facts.venv_folder import Complete, look
from wizard.model.machine import Command, Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.recipe import Recipe
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun

LOWEST_PRIORITY = 19


@dataclass(frozen=True, slots=True)
class Bytecode:
    """Runs compileall beside the steps that follow the installation."""

    recipe: Recipe
    needs: frozenset[str] = frozenset({"pypi-packages"})
    id: str = "bytecode"
    title: str = "bytecode"
    may_fail: bool = True

    def state(self, host: Reader) -> State:
        """Satisfied when the venv is complete."""
        match look(host, self.recipe):
            case Complete(inputs) if inputs == self.recipe.inputs:
                return Satisfied("compiled")
            case _:
                return Pending("compile on all cores")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the one command."""
        del host
        return (WouldRun(self._command().shown(), Identity.STACK),)

    def apply(self, host: Machine) -> Outcome:
        """Compile; a file that is not valid for this Python is its package's own affair."""
        ended = host.job(self._command())
        if ended.returncode < 0:
            return Problem(f"compileall was ended by signal {-ended.returncode}")
        return Done("compiled" if ended.ok else "compiled, but for files that this Python cannot")

    def _command(self) -> Command:
        argv = (self.recipe.bin_python, "-I", "-m", "compileall", "-q", "-j", "0")
        return Command((*argv, f"{self.recipe.path}/lib"), timeout=0, nice=LOWEST_PRIORITY)
