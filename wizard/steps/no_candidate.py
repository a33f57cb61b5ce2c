"""Why no package source of a host has a package: its name is wrong, or the sources are."""

from collections.abc import Mapping

from wizard.facts import apt, package_manager
from wizard.model import shipped
from wizard.model.distribution import Family
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader
from wizard.model.problem import Problem

_SOURCES = "/etc/apt/sources.list and /etc/apt/sources.list.d"
_OWN = "Name the distribution's own there, then run this again"
_IN_THE_ANSWERS = "Mend the name in the answers, or take it out of them"


def why_unknown(
    host: Reader, family: Family, names: tuple[str, ...], places: Mapping[str, str]
) -> Problem:
    """Look at the sources first; ``places`` says where each name is written."""
    lacking = _lacking_sources(host, ", ".join(names)) if family is Family.DEB else None
    return lacking or Problem(
        f"this distribution has no package {', '.join(names)}",
        " and ".join(dict.fromkeys(place for name in names if (place := places.get(name)))),
        f"{_meant(host, family, names)}{_to_mend(names, places)}",
        ExitStatus.ANSWERS,
    )


def _lacking_sources(host: Reader, names: str) -> Problem | None:
    if not apt.has_source(host):
        what = "this host has no package source, so apt-get knows no package"
        return Problem(what, _SOURCES, _OWN, ExitStatus.HOST)
    if apt.has_main_archive(host):
        return None
    told = ", ".join(apt.sources(host)) or "none that could be read"
    what = (
        f"no package source of this host has {names}, nor what every release has, such as gcc:"
        f" the distribution's main archive is not among them ({told})"
    )
    return Problem(what, _SOURCES, _OWN, ExitStatus.HOST)


def _meant(host: Reader, family: Family, names: tuple[str, ...]) -> str:
    manager = package_manager.of(family)
    found = {name: manager.suggestions(host, name) for name in names}
    hints = [f"{' or '.join(meant)} for {name}" for name, meant in found.items() if meant]
    return f"Did you mean {', '.join(hints)}? " if hints else ""


def _to_mend(names: tuple[str, ...], places: Mapping[str, str]) -> str:
    """Send nobody to the answers for a name that they do not have."""
    written = [places.get(name, "") for name in names]
    if all(place.startswith(f"{shipped.folder()}/") for place in written):
        return (
            "The list is this program's own: look whether the package sources are all of the"
            " distribution's, or leave it out by packages.distro.remove in the answers"
        )
    return "Mend the name there, or take it out" if any(written) else _IN_THE_ANSWERS
