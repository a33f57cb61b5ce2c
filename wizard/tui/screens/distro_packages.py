"""Screen 3: what the distribution's package manager installs, and for whose sake."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from packaging.utils import canonicalize_name
from textual import work

from wizard.engine.planning.package_choice import Lists, choose, listed
from wizard.facts import package_manager
from wizard.model.packages.distro_list import DistroPackage
from wizard.model.packages.distro_name import why_refused
from wizard.model.problem import Problem
from wizard.model.settings.answers import Answers
from wizard.tui import words
from wizard.tui.help import DISTRO, Help
from wizard.tui.outcome import Given
from wizard.tui.package_edit import Change, Line, Listed, PackageEdit
from wizard.tui.screens.packages import PackagesScreen, Wording
from wizard.tui.threads import tell
from wizard.tui.widgets.cells import Cell, Column


class DistroPackagesScreen(PackagesScreen):
    """The *needed by* column is the point: it names the PyPI packages."""

    NUMBER: ClassVar[int] = 2
    HEADING: ClassVar[str] = "Distro packages"
    ABOUT: ClassVar[Help] = DISTRO
    COLUMNS: ClassVar[Sequence[Column]] = (
        Column("use", 3),
        Column("package", 18, 2),
        Column("needed by", 18, 4),
        Column("installed", 11, 1, 1),
        Column("candidate", 11, 1, 2),
    )
    WORDING: ClassVar[Wording] = Wording(
        "distro package", "Add a distro package", "its name, such as libxml2-dev"
    )

    def __init__(self, given: Given) -> None:
        self._known: dict[str, DistroPackage] = {}
        self._installed: Mapping[str, str] | None = None
        self._candidates: Mapping[str, str] | None = None
        self._used_pypi: frozenset[str] = frozenset()
        super().__init__(given)

    @property
    def answers(self) -> Answers:
        """The changes to the list."""
        return replace(self.given.answers, distro=self.edit.said)

    def first_edit(self) -> PackageEdit:
        """The list for this distribution, with what the PyPI packages call for."""
        survey, said = self.survey, self.given.answers.distro
        lists = listed(survey)
        if not isinstance(lists, Lists):
            return PackageEdit((), said, str)
        chosen = choose(survey)
        pypi = lists.pypi if isinstance(chosen, tuple) else chosen.pypi
        serving = lists.serving(pypi)
        self._used_pypi = pypi.names
        self._known = {one.name: one for one in (*serving.packages, *serving.deferred)}
        usual = tuple(Listed(name, name) for name in serving.names)
        later = tuple(Listed(one.name, one.name, usual=False) for one in serving.deferred)
        return PackageEdit((*usual, *later), said, str)

    def on_mount(self) -> None:
        """Show the list at once, the versions when the package manager has answered."""
        super().on_mount()
        self._ask()

    @work(thread=True, exclusive=True, group="versions", description="")
    def _ask(self) -> None:
        host, tool = self.survey.host, self._package_manager
        names = [line.key for line in self.edit.lines]
        installed = tool.installed(host)
        known: Mapping[str, str] = {} if isinstance(installed, Problem) else installed
        tell(self, self._heard, known, None)
        tell(self, self._heard, known, tool.candidates(host, names))

    def _heard(self, installed: Mapping[str, str], candidates: Mapping[str, str] | None) -> None:
        self._installed, self._candidates = installed, candidates
        if self.is_attached:
            self.show()

    @property
    def _package_manager(self) -> package_manager.PackageManager:
        return package_manager.of(self.survey.distribution.family)

    def cells(self, line: Line) -> Iterable[Cell]:
        """Name, who needs it, and both versions."""
        yield Cell(line.text)
        yield Cell(self._why(line))
        yield Cell(_version(self._installed, line.key))
        yield self._candidate(line)

    def _why(self, line: Line) -> str:
        package = self._known.get(line.key)
        if line.change is Change.ADDED and package is None:
            return "you added it"
        if line.change is Change.REMOVED:
            return "you removed it"
        return ", ".join(package.needed_by) if package else ""

    def _candidate(self, line: Line) -> Cell:
        if self._candidates is not None and line.key not in self._candidates:
            return Cell("unknown", "bad" if line.used else "dim")
        return Cell(_version(self._candidates, line.key))

    def counts(self) -> Iterable[str]:
        """How many are still to be installed."""
        if self._installed is not None:
            missing = [x for x in self.edit.lines if x.used and x.key not in self._installed]
            yield f"{len(missing)} to install"

    def explain_line(self, line: Line) -> None:
        """Say what it is for, and what breaks without it."""
        package = self._known.get(line.key)
        if package is None:
            self.explain(line.text, "You added it.", self._prospect(line))
            return
        reason = package.comment.partition(":")[2].strip()
        self.explain(line.text, words.sentence(reason), self._needed_words(package, line))

    def _prospect(self, line: Line) -> str:
        if self._candidates is not None and line.key not in self._candidates:
            tool = self.survey.distribution.family.package_manager
            return f"{tool} knows no such package: the build stops there. e edits, d removes it."
        return "It is installed with the others."

    def _needed_words(self, package: DistroPackage, line: Line) -> str:
        names = ", ".join(package.needed_by)
        if hurt := self._hurt(line):
            return f"Leaving it out breaks: {', '.join(hurt)}."
        if any(item.key == line.key and not item.usual for item in self.edit.listed):
            return f"Only for {names}, which is not among the PyPI packages."
        return f"Needed by {names}." if names else "No PyPI package of the list needs it."

    def _hurt(self, line: Line) -> tuple[str, ...]:
        package = self._known.get(line.key)
        needed_by = package.needed_by if package else ()
        return tuple(name for name in needed_by if _key(name) in self._used_pypi)

    def warn_without(self, line: Line) -> str:
        """Name the PyPI packages that suffer."""
        hurt = self._hurt(line)
        return f"{line.text} off: {', '.join(hurt)} may not build or run" if hurt else ""

    def judge(self, text: str) -> Problem | str | None:
        """Let only names through."""
        reason = why_refused(text, self.survey.distribution.family)
        if reason:
            return Problem(reason)
        return "It is on the list." if self.edit.line(text) else None

    def inquire(self, text: str) -> Problem | str | None:
        """Ask the package manager for a candidate."""
        found = self._package_manager.candidates(self.survey.host, (text,))
        if text in found:
            tell(self, self._learn, found)
            return None
        tool = self.survey.distribution.family.package_manager
        age = self._package_manager.index_age(self.survey.host)
        old = "Its index was never fetched: the build does that" if age is None else ""
        return Problem(f"{tool} knows no package {text}", cure=old)

    def _learn(self, found: Mapping[str, str]) -> None:
        self._candidates = {**(self._candidates or {}), **found}

    def offers(self, text: str) -> Sequence[str]:
        """Ask the package manager what looks like it."""
        return self._package_manager.suggestions(self.survey.host, text)


def _version(known: Mapping[str, str] | None, name: str) -> str:
    return "..." if known is None else known.get(name, "-")


def _key(name: str) -> str:
    return canonicalize_name(name)
