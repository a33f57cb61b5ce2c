"""What rpm and dnf know, on Fedora, CentOS Stream, RHEL and its rebuilds."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wizard.facts import rpm
from wizard.facts.occupant import Occupant, by_kernel, by_pid_file
from wizard.model.machine import Command, Identity, Reader
from wizard.model.problem import Problem
from wizard.model.suggestion import nearest

_CACHE = "/var/cache/dnf"
_PID_FILES = (
    f"{_CACHE}/metadata_lock.pid",
    f"{_CACHE}/download_lock.pid",
    "/var/lib/dnf/rpmdb_lock.pid",
)
_QUERY = ("dnf", "--quiet", "--cacheonly", "repoquery", "--available")
_ALIKE = 3  # letters at the beginning that a suggestion shares


@dataclass(frozen=True, slots=True)
class Dnf:
    """Asks rpm and dnf; dnf as root, because a user has a cache of their own to fill first."""

    def installed(self, host: Reader) -> Mapping[str, str] | Problem:
        """Ask rpm."""
        return rpm.installed(host)

    def candidates(self, host: Reader, names: Sequence[str]) -> Mapping[str, str]:
        """Ask the cache; it is empty before the first refresh."""
        form = ("--latest-limit=1", "--qf", "%{name}\\t%{evr}\\n")
        return rpm.pairs(_ask(host, *form, "--", *names))

    def index_age(self, host: Reader) -> float | None:
        """Look at the solver's files, one for each repository."""
        written = rpm.newest(host, _CACHE, ".solv")
        return None if written is None else time.time() - written

    def occupant(self, host: Reader) -> Occupant | None:
        """Look at dnf's files and rpm's lock."""
        return by_pid_file(host, _PID_FILES) or by_kernel(host, rpm.LOCKS)

    def interrupted(self, host: Reader) -> Problem | None:
        """Return nothing: dnf repeats what was interrupted by itself."""
        del host
        return None

    def suggestions(self, host: Reader, name: str) -> tuple[str, ...]:
        """Return who provides the name, else the name that looks most like it."""
        if providers := _ask(host, "--qf", "%{name}\\n", "--whatprovides", name).split():
            return tuple(dict.fromkeys(providers))
        alike = _ask(host, "--qf", "%{name}\\n", "--", f"{name[:_ALIKE]}*").split()
        return tuple(filter(None, (nearest(name, alike),)))


def _ask(host: Reader, *arguments: str) -> str:
    return host.run(Command((*_QUERY, *arguments), Identity.ROOT, timeout=120)).text
