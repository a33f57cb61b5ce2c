"""Requirements files: the usual format, read whole, every bad line named.

Understood: names with extras, specifiers and markers, ``NAME @ URL``, ``-e``, ``-r``, ``-c``,
comments and a backslash at the end of a line. Refused, with the reason: whatever would change how
the installer itself works (indexes, build options, hashes) and ``${VARIABLE}``. A relative path is
relative to the folder of the file that it stands in.
"""

import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations, groupby

from wizard.model.exit_status import ExitStatus
from wizard.model.packages.requirement import Kind, Requirement, editable, from_line
from wizard.model.packages.requirement_lines import Line, lines
from wizard.model.problem import Problem

MOST_PROBLEMS = 20

Read = Callable[[str], bytes]
"""Gives the bytes of a file; raises OSError."""


@dataclass(frozen=True, slots=True)
class RequirementList:
    """What to install, and under which constraints.

    ``constraint_urls`` are constraints files to be fetched, as ``-c URL`` names them.
    """

    requirements: tuple[Requirement, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    constraint_urls: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The canonical names of what is required."""
        return frozenset(item.name for item in self.requirements if item.name)

    @property
    def needs_git(self) -> bool:
        """Whether an installer calls git."""
        return any(item.needs_git for item in self.requirements)


def parse(path: str, read: Read) -> RequirementList | tuple[Problem, ...]:
    """Read a requirements file and all that it includes; at most 20 problems and their number."""
    return _parse(path, read, constrains=False)


def parse_constraints(path: str, read: Read) -> RequirementList | tuple[Problem, ...]:
    """Read a constraints file, such as upper-constraints.txt."""
    return _parse(path, read, constrains=True)


def changed(
    listed: RequirementList, add: Iterable[Requirement] = (), remove: Iterable[str] = ()
) -> RequirementList | tuple[Problem, ...]:
    """Return the list with further requirements and without some names, equal ones merged.

    Two requirements of one name that no version can meet together are a problem.
    """
    dropped = frozenset(remove)
    kept = (item for item in listed.requirements if not item.name or item.name not in dropped)
    merged: dict[str, Requirement] = {}
    for item in (*kept, *add):
        merged.setdefault(item.text, item)
    unique = tuple(merged.values())
    return _first(tuple(_conflicts(unique))) or replace(listed, requirements=unique)


def constraint_conflicts(listed: RequirementList) -> tuple[Problem, ...]:
    """Return what is required in no version that the constraints allow."""
    found = (pair for item in listed.constraints for pair in _same_name(item, listed.requirements))
    return tuple(
        _clash(item, constraint) for constraint, item in found if _exclude(constraint, item)
    )


def rendered(requirements: Iterable[Requirement]) -> str:
    """Return a requirements or constraints file of our own: one requirement a line."""
    return "".join(f"{item.text}\n" for item in requirements)


def _parse(path: str, read: Read, *, constrains: bool) -> RequirementList | tuple[Problem, ...]:
    reading = _Reading(read)
    reading.file(path, path, constrains=constrains)
    if reading.problems:
        return _first(tuple(reading.problems))
    constraints, urls = tuple(reading.constraints), tuple(reading.constraint_urls)
    return changed(RequirementList(tuple(reading.requirements), constraints, urls))


@dataclass(slots=True)
class _Reading:
    """What has been found so far, and which files are open."""

    read: Read
    requirements: list[Requirement] = field(default_factory=list)
    constraints: list[Requirement] = field(default_factory=list)
    constraint_urls: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    open_files: list[str] = field(default_factory=list)
    read_files: set[tuple[str, bool]] = field(default_factory=set)

    def file(self, path: str, source: str, *, constrains: bool) -> None:
        path = posixpath.normpath(path)
        if path in self.open_files:
            self.refuse(f"{path} includes itself", source)
        elif (path, constrains) not in self.read_files:
            self.open_files.append(path)
            self.lines_of(path, source, constrains=constrains)
            self.open_files.pop()
            self.read_files.add((path, constrains))

    def lines_of(self, path: str, source: str, *, constrains: bool) -> None:
        folder = posixpath.dirname(path)
        for line in lines(self.text(path, source)):
            self.line(line, f"{path}:{line.number}", folder, constrains=constrains)

    def text(self, path: str, source: str) -> str:
        try:
            return self.read(path).decode("utf-8-sig")
        except OSError as error:
            self.refuse(f"{path} can't be read: {error.strerror or error}", source)
        except UnicodeDecodeError as error:
            self.refuse(f"{path} is not UTF-8 (byte {error.start + 1})", source)
        return ""

    def line(self, line: Line, source: str, folder: str, *, constrains: bool) -> None:
        match line.option:
            case "-r" | "-c":
                constrains = constrains or line.option == "-c"
                self.included(line.text, source, folder, constrains=constrains)
            case "-e" if not constrains:
                self.add(editable(line.text, folder, source, line.comment), self.requirements)
            case "-e":
                self.refuse("an editable can't be a constraint", source)
            case _:
                into = self.constraints if constrains else self.requirements
                self.add(from_line(line.text, source, line.comment), into)

    def included(self, target: str, source: str, folder: str, *, constrains: bool) -> None:
        if not target or "$" in target:
            self.refuse(f"{target!r} is no file name: variables are not expanded here", source)
        elif "://" not in target:
            self.file(posixpath.join(folder, target), source, constrains=constrains)
        elif constrains and target.startswith(("https://", "http://")):
            self.constraint_urls.append(target)
        else:
            self.refuse(f"{target} can't be included: download it and include the file", source)

    def add(self, found: Requirement | Problem, into: list[Requirement]) -> None:
        if isinstance(found, Problem):
            self.problems.append(found)
        else:
            into.append(found)

    def refuse(self, what: str, source: str) -> None:
        self.problems.append(Problem(what, source, status=ExitStatus.ANSWERS))


def _conflicts(requirements: Iterable[Requirement]) -> Iterator[Problem]:
    named = sorted((item for item in requirements if item.name), key=lambda item: item.name)
    for _, group in groupby(named, key=lambda item: item.name):
        for one, other in combinations(group, 2):
            if _exclude(one, other):
                yield _clash(other, one)


def _exclude(one: Requirement, other: Requirement) -> bool:
    """Say whether nothing can be both, where both apply."""
    if Kind.EDITABLE in (one.kind, other.kind):
        return one.kind is not other.kind or one.text != other.text
    first, second = one.parsed, other.parsed
    if str(first.marker) != str(second.marker):
        return False
    if first.url and second.url:
        return first.url != second.url
    return (first.specifier & second.specifier).is_unsatisfiable()


def _clash(one: Requirement, other: Requirement) -> Problem:
    what = f"{one.text} can't be had together with {other.text} ({other.source})"
    return Problem(what, one.source, status=ExitStatus.ANSWERS)


def _same_name(
    item: Requirement, others: Iterable[Requirement]
) -> Iterator[tuple[Requirement, Requirement]]:
    return ((item, other) for other in others if other.name == item.name)


def _first(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return the first problems, and how many more there are."""
    more = len(problems) - MOST_PROBLEMS
    if more <= 0:
        return problems
    rest = Problem(f"and {more} more problems", status=ExitStatus.ANSWERS)
    return (*problems[:MOST_PROBLEMS], rest)
