"""Screen 4: what goes into the virtual environment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from packaging.utils import canonicalize_name
from textual import work

from wizard.engine.planning.package_choice import Lists, listed
from wizard.engine.planning.survey import Survey
from wizard.facts.python_index import PythonIndex
from wizard.facts.venv_folder import Complete, look
from wizard.model.packages.requirement import Requirement, from_argument
from wizard.model.packages.requirement_list import RequirementList, constraint_conflicts
from wizard.model.problem import Problem
from wizard.model.recipe import Recipe
from wizard.model.settings.answers import Answers
from wizard.model.suggestion import nearest
from wizard.tui import words
from wizard.tui.help import PYPI, Help
from wizard.tui.outcome import Given
from wizard.tui.package_edit import Change, Line, Listed, PackageEdit
from wizard.tui.screens.packages import PackagesScreen, Wording
from wizard.tui.threads import tell
from wizard.tui.widgets.cells import Cell, Column

UNKNOWN = "none fits"


class PyPIPackagesScreen(PackagesScreen):
    """Requirements, each with the distro packages it needs and the version it would get."""

    NUMBER: ClassVar[int] = 3
    HEADING: ClassVar[str] = "PyPI packages"
    ABOUT: ClassVar[Help] = PYPI
    COLUMNS: ClassVar[Sequence[Column]] = (
        Column("use", 3),
        Column("requirement", 21, 2),
        Column("needs distro packages", 20, 4),
        Column("in venv", 9, 0, 2),
        Column("candidate", 11, 0, 1),
    )
    WORDING: ClassVar[Wording] = Wording(
        "requirement", "Add a PyPI package", "such as pymysql>=1.1 or oslo.db[mysql]"
    )

    def __init__(self, given: Given) -> None:
        self._lists: Lists | None = None
        self._requirements: dict[str, Requirement] = {}
        self._constraints: dict[str, Requirement] = {}
        self._installed: Mapping[str, str] | None = None
        self._candidates: dict[str, str] | None = None
        self._unreachable: Problem | None = None
        super().__init__(given)

    @property
    def answers(self) -> Answers:
        """The changes to the list."""
        return replace(self.given.answers, pypi=self.edit.said)

    def first_edit(self) -> PackageEdit:
        """The list, by canonical names."""
        said = self.given.answers.pypi
        lists = listed(self.survey)
        if not isinstance(lists, Lists):
            return PackageEdit((), said, _key)
        self._lists = lists
        named = [item for item in lists.pypi.requirements if item.name]
        self._requirements = {item.name: item for item in named}
        self._constraints = {item.name: item for item in lists.pypi.constraints}
        return PackageEdit(tuple(Listed(item.name, item.text) for item in named), said, _key)

    def on_mount(self) -> None:
        """Show the list at once, the versions when the index has answered."""
        super().on_mount()
        self._ask([line.text for line in self.edit.lines])

    @work(thread=True, exclusive=True, group="versions", description="")
    def _ask(self, requirements: Sequence[str]) -> None:
        survey = self.survey
        tell(self, self._heard, _in_venv(survey), None)
        found = self._index().candidates(survey.host, requirements)
        tell(self, self._heard, None, found)

    def _index(self) -> PythonIndex:
        """Call it in a thread: the first time it puts uv where the work's user can run it."""
        survey = self.survey
        pypi = self._lists.pypi if self._lists else RequirementList()
        limits = (survey.settings.constraints.value,) if pypi.constraints else ()
        files = tuple(limit for limit in (*limits, *pypi.constraint_urls) if limit)
        uv = self.session.tools().uv
        return PythonIndex(uv, survey.python.path, survey.index, files)

    def _heard(
        self,
        installed: Mapping[str, str] | None,
        candidates: Mapping[str, str] | Problem | None,
    ) -> None:
        if installed is not None:
            self._installed = installed
        if isinstance(candidates, Problem):
            self._unreachable, self._candidates = candidates, {}
        elif candidates is not None:
            self._candidates = dict(candidates)
        if self.is_attached:
            self.show()

    def cells(self, line: Line) -> Iterable[Cell]:
        """The requirement, what it needs, and both versions."""
        yield Cell(line.text)
        yield Cell(self._needs_words(line))
        yield Cell("..." if self._installed is None else self._installed.get(line.key, "-"))
        yield self._candidate(line)

    def _needs_words(self, line: Line) -> str:
        if (conflict := self._conflict(line)) is not None:
            return f"✗ {conflict}"
        if line.change is Change.REMOVED:
            return "you removed it"
        return ", ".join(self._needs(line)) or ("you added it" if line.change else "")

    def _needs(self, line: Line) -> tuple[str, ...]:
        return self._lists.distro.needed_for(line.key) if self._lists else ()

    def _conflict(self, line: Line) -> str | None:
        """Say which constraint is against it, in a few words."""
        constraint = self._constraints.get(line.key)
        if constraint is None or not line.used:
            return None
        wanted = from_argument(line.text, "")
        if isinstance(wanted, Problem):
            return None
        pair = RequirementList((wanted,), (constraint,))
        limit = constraint.text.removeprefix(constraint.parsed.name)
        return f"constraints: {limit}" if constraint_conflicts(pair) else None

    def _candidate(self, line: Line) -> Cell:
        if self._candidates is None:
            return Cell("...")
        if self._unreachable is not None:
            return Cell("-")
        version = self._candidates.get(line.key)
        return Cell(version) if version else Cell(UNKNOWN, "bad" if line.used else "dim")

    def counts(self) -> Iterable[str]:
        """Say when the index is out of reach."""
        if self._unreachable is not None:
            yield "index out of reach"

    def obstacle(self) -> Problem | None:
        """What the constraints exclude cannot be installed."""
        for line in self.edit.lines:
            if (conflict := self._conflict(line)) is not None:
                cure = "Edit it (e), take it off (Space), or change the constraints on screen 2"
                return Problem(f"{line.text} cannot be had: {conflict}", cure=cure)
        return None

    def explain_line(self, line: Line) -> None:
        """Say why it is there, what it needs, and what holds its version."""
        known = self._requirements.get(line.key)
        why = words.sentence(known.comment) if known else "You added it."
        needs = self._needs(line)
        brings = f"Needs distro packages: {', '.join(needs)}." if needs else ""
        constraint = self._constraints.get(line.key)
        held = f"Constraints: {constraint.text}." if constraint else ""
        edited = f"The list has: {known.text}." if known and known.text != line.text else ""
        network = words.sentence(str(self._unreachable)) if self._unreachable else ""
        self.explain(line.text, why, brings, held, edited, network)

    def warn_without(self, line: Line) -> str:
        """Nobody can say who imports it; the list's comment names who does."""
        known = self._requirements.get(line.key)
        return (
            f"{line.text} off; it is there for: {known.comment}" if known and known.comment else ""
        )

    def judge(self, text: str) -> Problem | str | None:
        """Let only requirements through."""
        found = from_argument(text, "")
        if isinstance(found, Problem):
            return Problem(found.what)
        listed_line = self.edit.line(found.name)
        return f"On the list as {listed_line.text}." if listed_line else None

    def inquire(self, text: str) -> Problem | str | None:
        """Let uv resolve it."""
        found = self._index().version(self.survey.host, text)
        if isinstance(found, Problem):
            return found
        tell(self, self._learn, _key(text), found)
        return None

    def _learn(self, key: str, version: str) -> None:
        self._candidates = {**(self._candidates or {}), key: version}

    def offers(self, text: str) -> Sequence[str]:
        """Look for a name like it among the constraints and the list."""
        known = {*self._constraints, *self._requirements} - {_key(text)}
        return tuple(filter(None, (nearest(_key(text), sorted(known)),)))


def _key(text: str) -> str:
    found = from_argument(text, "")
    return canonicalize_name(text) if isinstance(found, Problem) else found.name


def _in_venv(survey: Survey) -> Mapping[str, str]:
    """Return what a complete venv of ours holds already."""
    settings = survey.settings
    recipe = Recipe(settings.path.value, survey.python.path, False, "", "")  # noqa: FBT003
    match look(survey.host, recipe):
        case Complete(_, packages):
            return {canonicalize_name(name): version for name, version in packages.items()}
        case _:
            return {}
