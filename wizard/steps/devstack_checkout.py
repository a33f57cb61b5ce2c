"""The step that clones DevStack, as the work's user."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts.releases import QUIET, URL
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun


@dataclass(frozen=True, slots=True)
class DevstackCheckout:
    """Clones one branch with its history: DevStack's users update, compare and change it."""

    directory: str
    release: str
    url: str = URL
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "devstack-checkout"
    title: ClassVar[str] = "DevStack checkout"

    def state(self, host: Reader) -> State:
        """Nothing that is there already is touched."""
        if host.exists(f"{self.directory}/stack.sh"):
            return Satisfied("there is one")
        if host.listdir(self.directory):
            cure = "Move it away, or name another folder"
            what = "there is something else"
            return Problem(what, self.directory, cure, ExitStatus.NEEDS_PERSON)
        return Pending(f"clone {self.release}")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the one command."""
        del host
        return (WouldRun(self._command().shown(), Identity.STACK),)

    def apply(self, host: Machine) -> Outcome:
        """Git itself clears away what it began when it fails; the folder we made goes, too."""
        is_new = not host.exists(self.directory)
        if is_new and (problem := host.make_directory(self.directory)):
            return problem
        host.note("checkout", directory=self.directory)
        ended = host.job(self._command())
        if ended.ok:
            return Done(f"{self.release} in {self.directory}")
        if is_new and host.exists(self.directory) and not host.listdir(self.directory):
            host.remove_tree(self.directory)  # else it would look like a checkout that broke
        said = next((line for line in reversed(ended.tail) if "fatal: " in line), "")
        why = said.removeprefix("fatal: ") or f"git ended with status {ended.returncode}"
        return Problem(f"DevStack could not be cloned: {why}", self.directory)

    def _command(self) -> Command:
        options = ("--branch", self.release, "--progress")
        argv = ("git", "clone", *options, "--", self.url, self.directory)
        return Command(argv, env=QUIET, timeout=0)
