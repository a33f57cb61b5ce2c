"""Writes what a cure adds into the user's answers file: the next build has it, too."""

from dataclasses import dataclass, replace
from typing import ClassVar

from wizard.model.diff import unified
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Machine, Reader
from wizard.model.problem import Problem
from wizard.model.settings.answers import Answers, PackageAnswers
from wizard.model.settings.answers_file import parse
from wizard.model.settings.answers_text import save
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite


@dataclass(frozen=True, slots=True)
class LastingAnswers:
    """Adds packages; comments and order of the file stay."""

    path: str
    distro: tuple[str, ...] = ()
    pypi: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "answers"
    title: ClassVar[str] = "answers file"

    def state(self, host: Reader) -> State:
        """Compare with what the file says."""
        old, new = self._texts(host)
        if isinstance(new, Problem):
            return new
        if new == old:
            return Satisfied("says so already")
        return Pending(f"{', '.join((*self.distro, *self.pypi))} to be added")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the difference."""
        old, new = self._texts(host)
        if isinstance(new, Problem):
            return ()
        return (WouldWrite(self.path, unified(self.path, old, new)),)

    def apply(self, host: Machine) -> Outcome:
        """Write it."""
        old, new = self._texts(host)
        if isinstance(new, Problem):
            return new
        return host.write_file(self.path, new.encode(), expected=old.encode()) or Done("written")

    def _texts(self, host: Reader) -> tuple[str, str | Problem]:
        """Return the file as it is and as it would be."""
        try:
            old = host.read(self.path).decode()
        except (OSError, UnicodeDecodeError) as error:
            status = ExitStatus.ANSWERS
            return "", Problem(f"the answers file cannot be read: {error}", self.path, "", status)
        answers = parse(old, self.path)
        new = (
            save(self._added(answers), old, self.path) if isinstance(answers, Answers) else answers
        )
        return old, new if isinstance(new, str) else new[0]

    def _added(self, answers: Answers) -> Answers:
        """Add; what was to be left out of the lists is wanted now."""
        return replace(
            answers,
            distro=_with(answers.distro, self.distro),
            pypi=_with(answers.pypi, self.pypi),
        )


def _with(said: PackageAnswers, names: tuple[str, ...]) -> PackageAnswers:
    add = tuple(dict.fromkeys((*said.add, *names)))
    return PackageAnswers(add, tuple(name for name in said.remove if name not in names))
