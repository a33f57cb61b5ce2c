"""DevStack's lists of distro packages, ``files/{debs,rpms,rpms-suse}/NAME``.

What a line means is what DevStack's ``get_packages`` makes of it, quirks included: a name ends at
the first ``#`` (or, with ``dist:`` or ``not:``, at the last ``#`` before it), several names on a
line are several packages, ``NOPRIME`` anywhere puts the line off, and the DevStack name of the
distribution is looked for anywhere in what follows ``dist:`` or ``not:``.

The comment names the PyPI packages that need the distro package, separated by commas; a colon
ends the names and begins an explanation::

    libldap-dev  # python-ldap
    gcc          # psycopg2, python-ldap: no wheels
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from wizard.model.distribution import Distribution, Family
from wizard.model.exit_status import ExitStatus
from wizard.model.packages.distro_name import why_refused
from wizard.model.problem import Problem

_INSTRUCTION = re.compile(r"\b(?:dist|not):\S*|NOPRIME|\btestonly\b")
_PYPI_NAME = re.compile(r"(?:for )?([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")


@dataclass(frozen=True, slots=True)
class DistroPackage:
    """A distro package and the PyPI packages that need it, as its comment spells them."""

    name: str
    needed_by: tuple[str, ...] = ()
    comment: str = ""
    line: int = 0  # 0: not from a file


@dataclass(frozen=True, slots=True)
class PackageList:
    """What a list says for one distribution.

    ``deferred`` holds what ``NOPRIME`` puts off: known, and installed only when asked for.
    """

    packages: tuple[DistroPackage, ...]
    deferred: tuple[DistroPackage, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What to install."""
        return tuple(package.name for package in self.packages)

    def needed_for(self, requirement: str) -> tuple[str, ...]:
        """Return the distro packages that a PyPI package needs, deferred ones included."""
        known = self.packages + self.deferred
        return tuple(package.name for package in known if _serves(package, {_key(requirement)}))

    def hurt_without(self, name: str) -> tuple[str, ...]:
        """Return the PyPI packages that need this distro package."""
        known = self.packages + self.deferred
        return next((package.needed_by for package in known if package.name == name), ())

    def serving(self, requirements: Iterable[str]) -> "PackageList":
        """Return the list with those deferred packages that these PyPI packages need."""
        wanted = {_key(name) for name in requirements}
        return _with(self, (item.name for item in self.deferred if _serves(item, wanted)))

    def changed(
        self, add: Iterable[str], remove: Iterable[str], family: Family, where: str
    ) -> "PackageList | tuple[Problem, ...]":
        """Return the list with a person's changes; ``where`` says where they stand."""
        add = tuple(add)
        if problems := tuple(_refusals(add, family, where)):
            return problems
        dropped = frozenset(remove)
        kept = tuple(package for package in self.packages if package.name not in dropped)
        return _with(replace(self, packages=kept), add)


def parse(
    content: bytes, file: str, distribution: Distribution
) -> PackageList | tuple[Problem, ...]:
    """Read a list as DevStack would on this distribution; every bad line at once."""
    packages: list[DistroPackage] = []
    deferred: list[DistroPackage] = []
    problems: list[Problem] = []
    for number, line in enumerate(content.decode(errors="replace").split("\n"), start=1):
        put_off = "NOPRIME" in line
        words = _words(line, "" if put_off else distribution.devstack_name)
        problems += _refusals(words, distribution.family, f"{file}:{number}")
        needed_by, comment = _needed_by(line), _comment(line)
        (deferred if put_off else packages).extend(
            DistroPackage(name, needed_by, comment, number) for name in words
        )
    return tuple(problems) or PackageList(tuple(_merged(packages)), tuple(_merged(deferred)))


def _with(listed: PackageList, names: Iterable[str]) -> PackageList:
    """Return the list with further packages; a deferred one brings its reasons along."""
    known = {package.name: package for package in listed.deferred}
    added = (known.get(name, DistroPackage(name)) for name in names)
    packages = tuple(_merged((*listed.packages, *added)))
    chosen = {package.name for package in packages}
    deferred = tuple(package for package in listed.deferred if package.name not in chosen)
    return PackageList(packages, deferred)


def _words(line: str, devstack_name: str) -> tuple[str, ...]:
    """Return the names on a line, none when its conditions exclude this distribution."""
    names = line.partition("#")[0]
    for kind in ("dist", "not"):
        found = re.search(_condition(kind), line, re.DOTALL)
        if found is None:
            continue
        names = found[1]
        named = _is_named(devstack_name, found[2])
        if devstack_name and named is (kind == "not"):
            return ()
    return tuple(word for word in re.split(r"[ \t]+", names) if word)


def _condition(kind: str) -> str:
    return rf"(.*)#.*{kind}:([^ ]*)"


def _is_named(devstack_name: str, distributions: str) -> bool:
    """Say whether DevStack would find the name, which it takes as a regular expression."""
    pattern = re.escape(devstack_name.lower()).replace(r"\.", ".")
    return re.search(pattern, distributions.lower()) is not None


def _comment(line: str) -> str:
    return line.partition("#")[2].strip()


def _needed_by(line: str) -> tuple[str, ...]:
    names = _INSTRUCTION.sub("", _comment(line)).partition(":")[0].split(",")
    found = (_PYPI_NAME.fullmatch(name.strip()) for name in names)
    return tuple(match[1] for match in found if match)


def _refusals(names: Iterable[str], family: Family, where: str) -> Iterator[Problem]:
    for name in names:
        if name.endswith("\r"):
            cure = f"Run: sed -i 's/\\r$//' {where.partition(':')[0]}"
            yield Problem("the line has a Windows line ending", where, cure, ExitStatus.ANSWERS)
        elif reason := why_refused(name, family):
            yield Problem(reason, where, status=ExitStatus.ANSWERS)


def _merged(packages: Iterable[DistroPackage]) -> Iterator[DistroPackage]:
    """Yield each name once; who needs it is collected from all its lines."""
    by_name: dict[str, DistroPackage] = {}
    for package in packages:
        first = by_name.get(package.name, package)
        needed_by = dict.fromkeys((*first.needed_by, *package.needed_by))
        by_name[package.name] = replace(first, needed_by=tuple(needed_by))
    return iter(by_name.values())


def _serves(package: DistroPackage, requirements: set[str]) -> bool:
    return any(_key(name) in requirements for name in package.needed_by)


def _key(name: str) -> str:
    return canonicalize_name(name)
