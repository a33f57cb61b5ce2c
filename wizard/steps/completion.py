"""Verifies every installed file and writes the marker that makes the venv count as complete."""

import json
from dataclasses import dataclass

from uv import find_uv_bin

from wizard.facts.venv_folder import Complete, guests, look, python_version
from wizard.model import shipped
from wizard.model.machine import Command, Completed, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.recipe import Recipe
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite

_SHOWN = 5  # damaged files


@dataclass(frozen=True, slots=True)
class Completion:
    """The last word on the venv: without its marker the next run builds it again.

    pip and uv are not crash-safe, and running them again does not mend what a crash left.
    """

    recipe: Recipe
    needs: frozenset[str] = frozenset({"pypi-packages", "bytecode"})
    id: str = "completion"
    title: str = "verify and mark"

    def state(self, host: Reader) -> State:
        """Satisfied by a marker with the same inputs."""
        match look(host, self.recipe):
            case Complete(inputs) if inputs == self.recipe.inputs:
                return Satisfied("complete")
            case _:
                return Pending("compare every file with its record")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Name the file; what it will hold is not known yet."""
        del host
        return (WouldWrite(self.recipe.marker, "+ hash of the inputs, names and versions\n"),)

    def apply(self, host: Machine) -> Outcome:
        """Verify, write the marker, and only then let go of the venv that waited aside."""
        said = host.run(verification(self.recipe))
        try:
            report = json.loads(said.stdout)
        except ValueError:
            return Problem(f"the venv's Python could not verify it: {_last_line(said)}")
        if report["broken"]:
            return self._damaged(host, report["broken"], report["damaged"])
        version = python_version(host, self.recipe.bin_python)
        marker = {
            "schema": 1,
            "inputs": self.recipe.inputs,
            "python": version,
            "packages": report["packages"],
        }
        text = json.dumps(marker, indent=1, sort_keys=True) + "\n"
        problem = host.write_file(self.recipe.marker, text.encode(), expected=None)
        if problem is not None:
            return problem
        kept = self._let_go(host)
        if isinstance(kept, Problem):
            return kept
        return Done(f"{report['files']} files, {len(report['packages'])} packages{kept}")

    def _damaged(self, host: Machine, broken: list[str], packages: list[str]) -> Problem:
        """Name the files, and where uv had them from: built again from there they are the same."""
        more = " and more" if len(broken) > _SHOWN else ""
        what = f"the installation is damaged: {'; '.join(broken[:_SHOWN])}{more}"
        if self.recipe.installer != "uv":
            return Problem(what, cure="Look after the disk (dmesg), then build again")
        folder, names = f"{host.user.home}/.cache/uv", " ".join(packages)
        host.log(f"damaged, and so most likely in uv's cache {folder} ({find_uv_bin()}): {names}")
        return Problem(what)

    def _let_go(self, host: Machine) -> Problem | str:
        """Remove the venv that waited aside; one with what no build made stays, and is named."""
        aside = self.recipe.aside
        if not host.exists(aside):
            return ""
        if theirs := guests(host, aside):
            return f"; the earlier one stays, for it holds {', '.join(theirs)}: {aside}"
        return host.remove_tree(aside) or ""


def verification(recipe: Recipe) -> Command:
    """Return the command whose JSON says what is installed and what is broken."""
    script = shipped.read("verify_records.py")
    return Command((recipe.bin_python, "-I", "-"), input=script, timeout=600)


def _last_line(said: Completed) -> str:
    lines = said.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"status {said.returncode}"
