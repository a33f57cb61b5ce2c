"""Which distro and PyPI packages a build installs: the lists, the changes, the arguments."""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from wizard.engine.planning.survey import Survey
from wizard.model import shipped
from wizard.model.exit_status import ExitStatus
from wizard.model.packages import distro_list as package_list
from wizard.model.packages import requirement_list
from wizard.model.packages.distro_list import PackageList
from wizard.model.packages.requirement import Requirement, from_argument, from_line
from wizard.model.packages.requirement_list import RequirementList
from wizard.model.problem import Problem
from wizard.model.settings.settings import Origin, Setting

Problems = tuple[Problem, ...]

_TREE = re.compile(rb"\s*(?:-e\s|(?:git\+)?file:)").match


@dataclass(frozen=True, slots=True)
class PackageChoice:
    """What will be installed, and where both lists come from."""

    distro: PackageList
    pypi: RequirementList
    distro_list: str
    pypi_list: str
    places: Mapping[str, str] = field(default_factory=dict)  # of the distro packages' names


@dataclass(frozen=True, slots=True)
class Lists:
    """Both lists as they are shipped, with the constraints, before anybody changes them."""

    distro: PackageList
    pypi: RequirementList
    distro_list: str
    pypi_list: str

    def serving(self, requirements: RequirementList) -> PackageList:
        """Return the distro packages that these requirements call for."""
        git = ("pbr",) if requirements.needs_git else ()
        return self.distro.serving((*requirements.names, *git))


def listed(survey: Survey) -> Lists | Problems:
    """Read both lists (a checkout's own win over ours) and the constraints."""
    pypi_list, pypi = _pypi(survey)
    constraints = _constraints(survey)
    distro_list, distro = _distro(survey)
    if isinstance(pypi, tuple) or isinstance(constraints, tuple) or isinstance(distro, tuple):
        parts = (pypi, constraints, distro)
        return tuple(problem for part in parts if isinstance(part, tuple) for problem in part)
    pypi = RequirementList(
        (*pypi.requirements, *_as_devstack_sets_up(survey)),
        (*pypi.constraints, *constraints.constraints),
        (*pypi.constraint_urls, *constraints.constraint_urls),
    )
    return Lists(distro, pypi, distro_list, pypi_list)


def choose(survey: Survey) -> PackageChoice | Problems:
    """Read both lists and apply what the user changed; everything wrong with either at once."""
    lists = listed(survey)
    wanted = [_required(setting) for setting in survey.settings.pypi_add]
    wrong = tuple(found for found in wanted if isinstance(found, Problem))
    if isinstance(lists, tuple) or wrong:
        return (*(lists if isinstance(lists, tuple) else ()), *wrong)
    pypi = _changed_pypi(survey, lists.pypi, wanted)
    if isinstance(pypi, tuple):
        return pypi
    distro = _changed_distro(survey, lists.serving(pypi))
    if isinstance(distro, tuple):
        return distro
    places = _places(survey, lists.distro_list, distro)
    return PackageChoice(distro, pypi, lists.distro_list, lists.pypi_list, places)


def requirements(survey: Survey) -> int | None:
    """Return how many go into the venv; None where DevStack puts its own there, or nobody knows."""
    packages = choose(survey) if survey.devstack is None else ()
    return None if isinstance(packages, tuple) else len(packages.pypi.requirements)


def _distro(survey: Survey) -> tuple[str, PackageList | Problems]:
    path = _list_path(survey, f"{survey.distribution.family}/venv")
    try:
        content = _reader_of(survey, path)(path)
    except OSError as error:
        what = f"it cannot be read: {error.strerror or error}"
        return path, (Problem(what, path, "Mend or remove it", ExitStatus.ANSWERS),)
    return path, package_list.parse(content, path, survey.distribution)


def _changed_distro(survey: Survey, listed: PackageList) -> PackageList | Problems:
    settings = survey.settings
    where = next((s.where for s in settings.distro_add), "packages.distro.add")
    return listed.changed(
        [s.value for s in settings.distro_add],
        [s.value for s in settings.distro_remove],
        survey.distribution.family,
        where,
    )


def _places(survey: Survey, path: str, distro: PackageList) -> dict[str, str]:
    """Return where each name is written: FILE:LINE, or what added it."""
    added = {setting.value: setting.where for setting in survey.settings.distro_add}
    listed = {item.name: f"{path}:{item.line}" for item in distro.packages if item.line}
    return added | listed


def _pypi(survey: Survey) -> tuple[str, RequirementList | Problems]:
    path = _list_path(survey, "venv-requirements.txt")
    return path, requirement_list.parse(path, _reader_of(survey, path))


def _as_devstack_sets_up(survey: Survey) -> tuple[Requirement, ...]:
    """Return what this DevStack installs into an environment only while it makes it itself."""
    if survey.devstack is None:
        return ()
    source = f"{survey.devstack.directory}/inc/python"
    why = "its setup_devstack_virtualenv wants it before anything else is installed"
    found = (from_line(text, source, why) for text in survey.devstack.venv_packages)
    return tuple(item for item in found if isinstance(item, Requirement))


def _changed_pypi(
    survey: Survey, shipped_list: RequirementList, wanted: Iterable[Requirement | Problem]
) -> RequirementList | Problems:
    add = [found for found in wanted if isinstance(found, Requirement)]
    remove = [setting.value for setting in survey.settings.pypi_remove]
    changed = requirement_list.changed(shipped_list, add, remove)
    if isinstance(changed, tuple):
        return changed
    return requirement_list.constraint_conflicts(changed) or changed


def _required(setting: Setting[str]) -> Requirement | Problem:
    return from_argument(setting.value, setting.where or str(setting.origin), ExitStatus.ANSWERS)


def _constraints(survey: Survey) -> RequirementList | Problems:
    """Read the constraints file; a URL is left to the installer."""
    named, origin = survey.settings.constraints.value, survey.settings.constraints.origin
    if not named:
        return RequirementList()
    if "://" in named:
        return RequirementList(constraint_urls=(named,))
    read = _without_source_trees(survey.host.read) if origin is Origin.HOST else survey.host.read
    return requirement_list.parse_constraints(named, read)


def _without_source_trees(read: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """Leave out what an old DevStack writes into its own constraints for what it has cloned."""

    def read_rest(path: str) -> bytes:
        return b"".join(line for line in read(path).splitlines(keepends=True) if not _TREE(line))

    return read_rest


def _list_path(survey: Survey, name: str) -> str:
    """Return the path of the checkout's list if it has one, readable or not, else of ours."""
    if survey.devstack is not None:
        path = f"{survey.devstack.directory}/files/{name}"
        if survey.host.exists(path):
            return path
    return os.fspath(shipped.folder() / name)


def _reader_of(survey: Survey, path: str) -> Callable[[str], bytes]:
    """Our own list is not below ``--root``; everything else is the host's."""
    ours = os.fspath(shipped.folder())

    def read(wanted: str) -> bytes:
        if wanted.startswith(ours) and path.startswith(ours):
            return shipped.read(os.path.relpath(wanted, ours))
        return survey.host.read(wanted)

    return read
