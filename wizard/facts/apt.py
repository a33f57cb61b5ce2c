"""What dpkg and apt know, on Debian, Ubuntu and their derivatives."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wizard.facts.occupant import Occupant, by_kernel
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
_ENDINGS = ("Packages", "Packages.lz4", "Packages.gz", "Packages.xz", "Packages.zst")
_ALIKE = 3  # letters at the beginning that a suggestion shares


@dataclass(frozen=True, slots=True)
class Apt:
    """Asks dpkg and apt; nothing here needs root."""

    def installed(self, host: Reader) -> Mapping[str, str] | Problem:
        """Count only what is unpacked and configured (``ii``, or ``hi`` on hold)."""
        answer = host.run(Command(("dpkg-query", "-W", "-f", _STATUS)))
        if not answer.ok:
            return Problem("dpkg does not answer which packages are installed", "dpkg-query")
        rows = (line.split("\t") for line in answer.text.splitlines())
        return {row[0]: row[2] for row in rows if len(row) == 3 and row[1][1:2] == "i"}  # noqa: PLR2004

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
        audit = host.run(Command(("dpkg", "--audit"))).text.splitlines()
        names = " ".join(line.split()[0] for line in audit if line.startswith(" "))
        if not names and not any(name.isdigit() for name in host.listdir(_UPDATES)):
            return None
        return Problem(
            f"dpkg was interrupted{f' while it installed {names}' if names else ''}",
            cure="Run: sudo dpkg --configure -a",
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
