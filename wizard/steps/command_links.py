"""Step: DevStack's links in /usr/local/bin lead into the venv, wherever it is."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts.links import is_same_file, link
from wizard.model.devstack_links import FOLDERS, HARD_CODED
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun


@dataclass(frozen=True, slots=True)
class CommandLinksStep:
    """Makes the one path that stack.sh gives its links lead to the venv.

    stack.sh makes the links anew on each run, so they are left as they are; clean.sh removes the
    folder that this one is in, and then it is to be done again.
    """

    venv: str
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "command-links-target"
    title: ClassVar[str] = "command links"

    def state(self, host: Reader) -> State:
        """Look what is at that path; an environment of DevStack's own is not ours to move."""
        if self._is_done(host):
            return Satisfied(f"{HARD_CODED} is the venv")
        if host.exists(HARD_CODED):
            return Problem(
                "another environment is here, and DevStack's links lead to it",
                HARD_CODED,
                f"If nobody needs it: sudo mv {HARD_CODED} {HARD_CODED}.old, and again --fix",
                ExitStatus.NEEDS_PERSON,
            )
        return Pending(f"{HARD_CODED} is to lead to the venv")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show it as a command."""
        del host
        return (WouldRun(f"ln -s {self.venv} {HARD_CODED}", Identity.ROOT),)

    def apply(self, host: Machine) -> Outcome:
        """Make the folders that it is in, its user's as DevStack would, and the link."""
        for folder in FOLDERS:
            if not host.exists(folder) and (problem := host.make_directory(folder)):
                return problem
        problem = host.make_link(HARD_CODED, self.venv)
        return problem or Done(f"{HARD_CODED} leads to {self.venv}")

    def is_free(self, host: Reader) -> bool:
        """Whether nothing else is at that path: for a build, that is no reason to stop."""
        return self._is_done(host) or not host.exists(HARD_CODED)

    def _is_done(self, host: Reader) -> bool:
        """Whether that path is the venv, or will be once the venv is there."""
        found = link(host, HARD_CODED)
        leads_there = found is not None and found.target == self.venv
        return leads_there or is_same_file(host, HARD_CODED, self.venv)
