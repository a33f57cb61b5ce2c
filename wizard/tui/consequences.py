"""What follows from the answers about the virtual environment, for the form that asks for them."""

from collections.abc import Iterator

from wizard.checks.preconditions.disk import Disk
from wizard.checks.preconditions.venv_content import VenvContent
from wizard.checks.preconditions.venv_place import VenvPlace
from wizard.engine.planning import planning
from wizard.engine.planning.package_choice import requirements
from wizard.engine.planning.survey import Survey
from wizard.facts.venv_folder import python_version
from wizard.model.check import Code
from wizard.model.devstack import Kind
from wizard.model.problem import Problem

Consequence = tuple[str, str, str]  # a mark, its tone as a style, a sentence

_MARKS = {
    Code.SUCCESS: ("✓", "$text-success"),
    Code.WARNING: ("!", "$text-warning"),
    Code.FAILURE: ("✗", "$text-error"),
}
_PLAIN = ("·", "$text-muted")

EXPLAINED = {
    "use": (
        (
            "One virtual environment holds all of DevStack's Python packages, apart from those of "
            "the distribution: pip no longer meets files that the package manager owns."
        ),
        "Without it nothing is built, and local.conf says so.",
    ),
    "path": (
        (
            "A folder of its own. Letters, digits, . _ and - only: DevStack, sudo and Apache read "
            "it too."
        ),
    ),
    "python": (
        (
            "The distribution's own: its uWSGI and mod_wsgi embed that one and load nothing built "
            "for another."
        ),
    ),
    "site": (
        (
            "Whether the venv sees Python packages of the distribution. As the DevStack at hand "
            "does it, unless you know better."
        ),
    ),
    "installer": (
        "uv resolves and installs in seconds. pip is slower, and what DevStack itself uses.",
    ),
    "constraints": (
        (
            "A file or URL with tested versions, such as upper-constraints.txt of OpenStack's "
            "requirements. Nothing here means the newest that fit."
        ),
    ),
}


def of(found: Survey | tuple[Problem, ...]) -> tuple[Consequence, ...]:
    """Return what the answers lead to on this host; asks the host."""
    if isinstance(found, tuple):
        return tuple((*_MARKS[Code.FAILURE], str(problem)) for problem in found)
    if not found.settings.use_venv.value:
        return tuple(_without(found))
    return tuple(_with(found))


def _without(found: Survey) -> Iterator[Consequence]:
    yield (*_PLAIN, "nothing is installed, and no venv is made")
    yield (*_PLAIN, f"{local_conf(found)} says USE_VENV=False")


def _with(found: Survey) -> Iterator[Consequence]:
    path = found.settings.path.value
    for check in (VenvPlace(path), VenvContent(path), Disk(path, requirements(found))):
        result = check.run(found.host)
        yield (*_MARKS[result.code], result.details)
    yield _python(found)
    if (site := _site_packages(found)) is not None:
        yield site
    yield (*_PLAIN, f"sudo looks for programs in {path}/bin, too")
    yield (*_PLAIN, f"{local_conf(found)} says so to DevStack")


def local_conf(found: Survey) -> str:
    """Return the path of the file that will be written."""
    return planning.local_conf_step(found).path


def _python(found: Survey) -> Consequence:
    python = found.python
    if version := python_version(found.host, python.path):
        return (*_MARKS[Code.SUCCESS], f"{python.path} is Python {version}")
    if found.settings.python.value:
        return (*_MARKS[Code.FAILURE], f"{python.path} does not run")
    return (*_PLAIN, f"{python.path} comes with the distro package {python.package}")


def _site_packages(found: Survey) -> Consequence | None:
    wants = found.devstack is not None and found.devstack.kind is Kind.GLOBAL
    if found.devstack is None or wants == found.settings.system_site_packages.value:
        return None
    word = "sees" if wants else "does not see"
    text = f"this DevStack's own venv {word} the system's packages: services may miss something"
    return (*_MARKS[Code.WARNING], text if wants else text.partition(":")[0])
