"""The distribution's package manager: what it knows, and whether it can be used now."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from wizard.facts.apt import Apt
from wizard.facts.dnf import Dnf
from wizard.facts.occupant import Occupant
from wizard.facts.zypper import Zypper
from wizard.model.distribution import Family
from wizard.model.machine import Reader
from wizard.model.problem import Problem

DAY = 86400.0  # seconds after which an index counts as old


class PackageManager(Protocol):
    """Questions to apt, dnf or zypper; names given to it are real names, not capabilities."""

    def installed(self, host: Reader) -> Mapping[str, str] | Problem:
        """Return every installed package and its version, by one query."""
        ...

    def candidates(self, host: Reader, names: Sequence[str]) -> Mapping[str, str]:
        """Return the version that would be installed of each name that has one, by one query."""
        ...

    def index_age(self, host: Reader) -> float | None:
        """Return the seconds since the index was refreshed, None when there is none."""
        ...

    def occupant(self, host: Reader) -> Occupant | None:
        """Return the process that holds one of its locks."""
        ...

    def interrupted(self, host: Reader) -> Problem | None:
        """Return what an interrupted run left behind, with the command that ends it."""
        ...

    def suggestions(self, host: Reader, name: str) -> tuple[str, ...]:
        """Return what may have been meant by a name without a candidate."""
        ...


_OF: Mapping[Family, PackageManager] = {
    Family.DEB: Apt(),
    Family.RPM: Dnf(),
    Family.SUSE: Zypper(),
}


def of(family: Family) -> PackageManager:
    """Return the package manager of a family."""
    return _OF[family]
