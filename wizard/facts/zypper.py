"""What rpm and zypper know, on openSUSE and SLES."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wizard.facts import rpm
from wizard.facts.occupant import Occupant, by_kernel, by_pid_file
from wizard.model.machine import Command, Reader
from wizard.model.problem import Problem
from wizard.model.suggestion import nearest

_RAW = "/var/cache/zypp/raw"
_PID_FILES = ("/run/zypp.pid", "/var/run/zypp.pid")
_SEARCH = ("zypper", "--non-interactive", "--no-refresh", "--xmlout", "search", "--type=package")
_SOLVABLE = re.compile(r"<solvable ([^>]*)>")
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_ALIKE = 3  # letters at the beginning that a suggestion shares


@dataclass(frozen=True, slots=True)
class Zypper:
    """Asks rpm and zypper; searching needs no root."""

    def installed(self, host: Reader) -> Mapping[str, str] | Problem:
        """Ask rpm."""
        return rpm.installed(host)

    def candidates(self, host: Reader, names: Sequence[str]) -> Mapping[str, str]:
        """Search for exact names; repositories come in the order of their priority."""
        found: dict[str, str] = {}
        for item in _search(host, "--match-exact", "--details", "--", *names):
            found.setdefault(item["name"], item.get("edition", ""))
        return found

    def index_age(self, host: Reader) -> float | None:
        """Look at the newest folder of what was downloaded, one for each repository."""
        written = rpm.newest(host, _RAW, "")
        return None if written is None else time.time() - written

    def occupant(self, host: Reader) -> Occupant | None:
        """Look at zypp's file and rpm's lock."""
        return by_pid_file(host, _PID_FILES) or by_kernel(host, rpm.LOCKS)

    def interrupted(self, host: Reader) -> Problem | None:
        """Return nothing: zypper repeats what was interrupted by itself."""
        del host
        return None

    def suggestions(self, host: Reader, name: str) -> tuple[str, ...]:
        """Return who provides the name, else the name that looks most like it."""
        providers = _search(host, "--match-exact", "--provides", "--", name)
        if found := tuple(dict.fromkeys(item["name"] for item in providers)):
            return found
        alike = [item["name"] for item in _search(host, "--", f"{name[:_ALIKE]}*")]
        return tuple(filter(None, (nearest(name, alike),)))


def _search(host: Reader, *arguments: str) -> list[dict[str, str]]:
    """Return the attributes of what was found; real repositories before what is installed only."""
    answer = host.run(Command((*_SEARCH, *arguments), timeout=120)).text
    items = [dict(_ATTRIBUTE.findall(found)) for found in _SOLVABLE.findall(answer)]
    return sorted(items, key=lambda item: item.get("repository") == "(System Packages)")
