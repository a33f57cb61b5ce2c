"""Makes the virtual environment, empty but for pip, from the distribution's own Python."""

from dataclasses import dataclass
from typing import assert_never

from wizard.facts.venv_folder import (
    Absent,
    Complete,
    Foreign,
    Incomplete,
    added_since,
    guests,
    look,
    python_version,
)
from wizard.facts.venv_programs import damage
from wizard.model.exit_status import ExitStatus
from wizard.model.known_secrets import known_secrets
from wizard.model.machine import Command, Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.recipe import OURS, Recipe, Tools
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun

# a folder that cannot be made: virtualenv then unpacks pip into a temporary one and removes it
NO_CACHE = "/nonexistent/app-data"


@dataclass(frozen=True, slots=True)
class VirtualEnvironment:
    """Runs virtualenv (it gives ``activate_this.py``) as the work's user, never as root."""

    recipe: Recipe
    tools: Tools
    folders: tuple[str, ...] = ()  # those of DevStack's that the venv may be in, outer first
    needs: frozenset[str] = frozenset({"stack-user"})
    id: str = "venv"
    title: str = "virtual environment"

    def state(self, host: Reader) -> State:
        """Satisfied by a complete venv of ours with the same inputs and the same Python."""
        found = look(host, self.recipe)
        match found:
            case Absent():
                return Pending(f"build {self.recipe.path}")
            case Incomplete():
                return Pending("build again: an earlier build did not come to its end")
            case Foreign(what):
                return Problem(
                    f"there is {what}",
                    self.recipe.path,
                    "Move it away, or choose another place with --venv-path",
                    ExitStatus.NEEDS_PERSON,
                )
            case Complete():
                judged = self._judge(host, found)
                return (isinstance(judged, Pending) and self._occupied(host)) or judged
            case _:
                assert_never(found)

    def _occupied(self, host: Reader) -> Problem | None:
        """Where the venv would wait aside, an earlier one may still hold what somebody keeps."""
        if theirs := guests(host, self.recipe.aside):
            return Problem(
                f"an earlier environment still holds {', '.join(theirs)}",
                self.recipe.aside,
                "Move that to another place, and remove what is left",
                ExitStatus.NEEDS_PERSON,
            )
        return None

    def _judge(self, host: Reader, found: Complete) -> State:
        if found.inputs != self.recipe.inputs:
            return Pending(
                f"build again: what it is made from has changed{self._after(host, found)}"
            )
        version = python_version(host, self.recipe.bin_python)
        if not version:
            return Pending("build again: its Python does not run")
        if version != python_version(host, self.recipe.python):
            return Pending(f"build again: the distribution's Python is no longer {version}")
        if lost := damage(host, self.recipe.path, found):
            return Pending(f"build again: {lost}{self._after(host, found)}")
        return Satisfied(f"complete, {len(found.packages)} packages, Python {version}")

    def _after(self, host: Reader, found: Complete) -> str:
        """Say what has to follow where stack.sh has installed into it since."""
        added = added_since(host, self.recipe.path, found)
        return f"; then run stack.sh again: it had installed {len(added)} more" if added else ""

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the one command; the old venv, if any, waits aside until the new one is complete."""
        del host
        return (WouldRun(self._command().shown(), Identity.STACK),)

    def apply(self, host: Machine) -> Outcome:
        """Put an older venv aside and make the new one in its place: venvs cannot be moved."""
        problem = (
            self._make_room(host)
            or self._make_folders(host)
            or host.make_tree(self.recipe.path)
            or self._inputs(host)
        )
        if problem is not None:
            return problem
        ended = host.job(self._command())
        if not ended.ok:
            return Problem(_why(ended.tail), self.recipe.path)
        return Done(f"Python {python_version(host, self.recipe.bin_python)}")

    def _make_room(self, host: Machine) -> Problem | None:
        match look(host, self.recipe):
            case Incomplete():
                return host.remove_tree(self.recipe.path)
            case Complete():
                cleared = host.remove_tree(self.recipe.aside) if self._waiting(host) else None
                return cleared or host.rename(self.recipe.path, self.recipe.aside)
            case _:
                return None

    def _make_folders(self, host: Machine) -> Problem | None:
        """Give DevStack's folders to its user: stack.sh does so only where it makes them itself."""
        above = [folder for folder in self.folders if self.recipe.path.startswith(f"{folder}/")]
        missing = (folder for folder in above if not host.exists(folder))
        return next(filter(None, map(host.make_directory, missing)), None)

    def _waiting(self, host: Machine) -> bool:
        return host.exists(self.recipe.aside)

    def _inputs(self, host: Machine) -> Problem | None:
        """Keep what it is made from inside it; from here on it counts as ours."""
        return (
            host.make_directory(f"{self.recipe.path}/{OURS}")
            or _write(host, self.recipe.requirements_file, self.recipe.requirements)
            or _write(host, self.recipe.constraints_file, self.recipe.constraints)
            or _write(host, self.recipe.build_constraints_file, self.recipe.build_constraints)
        )

    def _command(self) -> Command:
        site = ("--system-site-packages",) if self.recipe.system_site_packages else ()
        options = ("--no-periodic-update", "--no-setuptools", "--app-data", NO_CACHE, *site)
        argv = (self.recipe.python, "-m", "virtualenv", *options, "--", self.recipe.path)
        return Command(
            argv, env={"PYTHONPATH": self.tools.library, "PYTHONDONTWRITEBYTECODE": "1"}, timeout=0
        )


def _write(host: Machine, path: str, text: str) -> Problem | None:
    """For everybody to read, unless an address in it has a password."""
    mode = 0o600 if known_secrets(text) else 0o644
    return host.write_file(path, text.encode(), expected=None, mode=mode)


def _why(tail: tuple[str, ...]) -> str:
    telling = (line for line in reversed(tail) if line.strip() and "SystemExit" not in line)
    said = next(telling, "it said nothing")
    return f"virtualenv stopped: {said.strip()}"
