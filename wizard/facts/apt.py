"""What dpkg and apt know, on Debian, Ubuntu and their derivatives."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wizard.facts.occupant import Occupant, by_kernel
from wizard.facts.package_records import unreadable
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Reader
from wizard.model.problem import Problem
from wizard.model.suggestion import nearest

_LOCKS = (
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
)
_LISTS = "/var/lib/apt/lists"
_UPDATES = "/var/lib/dpkg/updates"
_STATUS = "${Package}\\t${db:Status-Abbrev}\\t${Version}\\n"
_ALL = Command(("dpkg-query", "-W", "-f", _STATUS))
_HALF_DONE = frozenset("UFHWt")  # unpacked, half configured or installed, waiting for triggers
_ENDINGS = ("Packages", "Packages.lz4", "Packages.gz", "Packages.xz", "Packages.zst")
_IN_EVERY_ARCHIVE = ("base-files", "gcc", "make")  # of a release, and in no other together
_SOURCE = re.compile(r"^ {7,}-?\d+ (?!/var/lib/dpkg/status)(\S+)", re.MULTILINE)
_LIST = re.compile(r"^ -?\d+ (\S+:\S+)", re.MULTILINE)
_ALIKE = 3  # letters at the beginning that a suggestion shares


@dataclass(frozen=True, slots=True)
class Apt:
    """Asks dpkg and apt; nothing here needs root."""

    def installed(self, host: Reader) -> Mapping[str, str] | Problem:
        """Count only what is unpacked and configured (``ii``, or ``hi`` on hold)."""
        answer = host.run(_ALL)
        if not answer.ok:
            return unreadable(host, "dpkg", answer, "dpkg-query -W")
        return {row[0]: row[2] for row in _rows(answer.text) if row[1][1:2] == "i"}

    def candidates(self, host: Reader, names: Sequence[str]) -> Mapping[str, str]:
        """Ask apt-cache policy, which is silent on what it does not know."""
        answer = host.run(Command(("apt-cache", "policy", "--", *names))).text
        found, name = {}, ""
        for line in answer.splitlines():
            if not line.startswith(" "):
                name = line.rstrip(":")
            elif line.startswith("  Candidate: ") and not line.endswith("(none)"):
                found[name] = line.partition(": ")[2]
        return found

    def index_age(self, host: Reader) -> float | None:
        """Look when ``partial`` was last used: that is so even where nothing was new."""
        if not any(name.endswith(_ENDINGS) for name in host.listdir(_LISTS)):
            return None
        try:
            return time.time() - host.stat(f"{_LISTS}/partial").st_mtime
        except OSError:
            return None

    def occupant(self, host: Reader) -> Occupant | None:
        """Look at apt's and dpkg's four locks."""
        return by_kernel(host, _LOCKS)

    def interrupted(self, host: Reader) -> Problem | None:
        """Look for what dpkg has not written down yet, and for half-installed packages.

        While somebody is at work all of that is as it should be.
        """
        if self.occupant(host):
            return None
        names = " ".join(half_done(host))
        if not names and not any(name.isdigit() for name in host.listdir(_UPDATES)):
            return None
        return Problem(
            f"half set up: {names} (dpkg was interrupted, or a script of theirs failed)"
            if names
            else "dpkg was interrupted",
            cure="Run: sudo dpkg --configure -a (or the same --auto command again with --cure"
            " dpkg-interrupted, which does it first)",
            status=ExitStatus.HOST,
        )

    def suggestions(self, host: Reader, name: str) -> tuple[str, ...]:
        """Return who provides the name, else the name that looks most like it."""
        shown = host.run(Command(("apt-cache", "showpkg", "--", name))).text
        providers = shown.partition("Reverse Provides:")[2].split("\n")[1:]
        if found := tuple(dict.fromkeys(line.split()[0] for line in providers if line.strip())):
            return found
        alike = host.run(Command(("apt-cache", "pkgnames", "--", name[:_ALIKE]))).text.split()
        return tuple(filter(None, (nearest(name, alike),)))


def half_done(host: Reader) -> tuple[str, ...]:
    """Return the packages that dpkg has begun with: --audit would tell root alone."""
    return tuple(row[0] for row in _rows(host.run(_ALL).text) if row[1][1:2] in _HALF_DONE)


def has_source(host: Reader) -> bool:
    """Whether apt is told of any place that has packages; True where it does not answer."""
    said = host.run(Command(("apt-get", "update", "--print-uris")))
    return not said.ok or bool(said.text.strip())


def has_main_archive(host: Reader) -> bool:
    """Whether a source has what every release has; what dpkg has installed says nothing of it."""
    asked = (Command(("apt-cache", "policy", "--", name)) for name in _IN_EVERY_ARCHIVE)
    return all(_SOURCE.search(host.run(command).text) for command in asked)


def sources(host: Reader) -> tuple[str, ...]:
    """Return the addresses that apt has lists of, each once."""
    listed = _LIST.findall(host.run(Command(("apt-cache", "policy"))).text)
    return tuple(dict.fromkeys(listed))


def _rows(text: str) -> Iterator[list[str]]:
    """Yield name, state and version of each package."""
    rows = (line.split("\t") for line in text.splitlines())
    yield from (row for row in rows if len(row) == 3)  # noqa: PLR2004
