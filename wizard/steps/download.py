"""Fetches the PyPI packages into the installer's cache while the distro packages install."""

import re
from dataclasses import dataclass

from wizard.facts.venv_folder import Complete, look
from wizard.model.machine import Command, Identity, Machine, Reader
from wizard.model.packages.package_index import PackageIndex
from wizard.model.recipe import OURS, Recipe, Tools
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun
from wizard.steps.pypi_packages import Watch, pip_command, uv_command


@dataclass(frozen=True, slots=True)
class Download:
    """Brings what is ready-made (wheels); what must be compiled waits for the distro packages.

    It can only save time: whatever goes wrong here is left to the installation to say.
    """

    recipe: Recipe
    tools: Tools
    index: PackageIndex
    skip: frozenset[str] = frozenset()  # PyPI names that need distro packages not there yet
    waits: bool = True  # whether there are distro packages to wait for meanwhile
    needs: frozenset[str] = frozenset({"venv"})
    id: str = "download"
    title: str = "download ahead"
    may_fail: bool = True

    def state(self, host: Reader) -> State:
        """Satisfied when there is nothing to install, or nothing to do it beside."""
        if not self.waits:
            return Satisfied("no distro package to wait for")
        match look(host, self.recipe):
            case Complete(inputs) if inputs == self.recipe.inputs:
                return Satisfied("nothing to fetch")
            case _:
                return Pending("fetch wheels into the cache")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the one command."""
        del host
        return (WouldRun(self._command().shown(), Identity.STACK),)

    def apply(self, host: Machine) -> Outcome:
        """Install into a folder that is thrown away: the cache keeps the packages."""
        problem = host.write_file(self._list, self._wanted().encode(), expected=None)
        if problem is not None:
            return Done(f"left to the installation: {problem.what}")
        watch = Watch(host)
        ended = host.job(self._command(), watch)
        if host.exists(self._scratch):
            host.remove_tree(self._scratch)
        if not ended.ok:
            return Done("left to the installation")
        return Done(watch.summary)

    @property
    def _list(self) -> str:
        return f"{self.recipe.path}/{OURS}/download.txt"

    @property
    def _scratch(self) -> str:
        return f"{self.recipe.path}/{OURS}/download"

    def _wanted(self) -> str:
        """Return the requirements without those that cannot be built yet."""
        lines = self.recipe.requirements.splitlines(keepends=True)
        return "".join(line for line in lines if _name(line) not in self.skip)

    def _command(self) -> Command:
        if self.recipe.installer == "pip":
            verb = ("download", "--only-binary=:all:", "--dest", self._scratch)
            command = pip_command(self.recipe, self.index, *verb)
        else:
            verb = ("install", "--target", self._scratch, "--no-build")
            command = uv_command(self.recipe, self.tools, self.index, *verb)
        argv = tuple(self._list if a == self.recipe.requirements_file else a for a in command.argv)
        return Command(argv, command.identity, command.env, timeout=0, nice=command.nice)


def _name(line: str) -> str:
    """Return the canonical name that a rendered requirement line begins with."""
    found = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""
