"""Which distro package brings what a build looked for in vain, on this host."""

import shlex
import tomllib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from wizard.facts import package_manager
from wizard.model import shipped
from wizard.model.diagnosis.rule import Kind, Missing
from wizard.model.distribution import Family
from wizard.model.machine import Command, Reader
from wizard.model.packages.distro_name import why_refused

TABLE = "providers.toml"
_ROOM = 30.0  # seconds that the host's own index may take


def likely(family: Family, missing: Missing) -> tuple[str, ...]:
    """Return the packages that the shipped table names; asks nobody."""
    table = _table()[missing.kind]
    row = table.get(missing.name) or _by_pattern(table, missing.name)
    said = (row or {}).get(family.value, ())
    return (said,) if isinstance(said, str) else tuple(said)


def provider(host: Reader, family: Family, missing: Missing) -> str | None:
    """Return a package that this host's index has; None where nobody knows one.

    A host without any index is believed to have what the table says.
    """
    manager = package_manager.of(family)
    names = likely(family, missing)
    if names:
        if manager.index_age(host) is None:
            return names[0]
        known = manager.candidates(host, names)
        if found := next((name for name in names if name in known), None):
            return found
    return next(_asked(host, family, missing), None)


def install_command(family: Family, package: str) -> str:
    """Return the command that installs a package, as a person types it."""
    return f"sudo {family.package_manager} install {package}"


def search_command(family: Family, missing: Missing) -> str:
    """Return the command that asks which package has it."""
    what = shlex.quote(missing.name if family is Family.DEB else f"*/{missing.name}")
    search = {
        Family.DEB: "apt-file search",
        Family.RPM: "dnf provides",
        Family.SUSE: "zypper search --file-list",
    }
    return f"{search[family]} {what}"


def _asked(host: Reader, family: Family, missing: Missing) -> Iterator[str]:
    """Ask the host's own index of files, where it has one."""
    for argv in _questions(family, missing):
        if host.which(argv[0]) is None:
            continue
        answer = host.run(Command(argv, timeout=_ROOM))
        for line in answer.text.splitlines() if answer.ok else ():
            name = line.partition(":")[0].strip() if family is Family.DEB else line.strip()
            if why_refused(name, family) is None:
                yield name


def _questions(family: Family, missing: Missing) -> Iterator[tuple[str, ...]]:
    if family is Family.DEB:
        for pattern in _file_patterns(missing):
            yield ("apt-file", "search", "--regexp", pattern)
    elif family is Family.RPM:
        for what in _capabilities(missing):
            yield (*("dnf", "--quiet", "repoquery", "--qf", "%{name}\\n"), "--whatprovides", what)


def _file_patterns(missing: Missing) -> Iterator[str]:
    name = "".join(f"[{c}]" if not c.isalnum() and c != "/" else c for c in missing.name)
    match missing.kind:
        case Kind.HEADER:
            yield f"^/usr/include/{name}$"
            yield f"^/usr/include/.*/{name}$"
        case Kind.LIBRARY:
            yield f"/lib{name}[.]so$"
        case Kind.COMMAND:
            yield f"^/usr/s?bin/{name}$"
        case Kind.MODULE:
            yield f"/pkgconfig/{name}[.]pc$"


def _capabilities(missing: Missing) -> Iterator[str]:
    match missing.kind:
        case Kind.HEADER:
            yield f"/usr/include/{missing.name}"
            yield f"*/{missing.name}"
        case Kind.LIBRARY:
            yield f"*/lib{missing.name}.so"
        case Kind.COMMAND:
            yield f"/usr/bin/{missing.name}"
        case Kind.MODULE:
            yield f"pkgconfig({missing.name})"


def _by_pattern(table: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    return next(
        (row for pattern, row in table.items() if "*" in pattern and fnmatchcase(name, pattern)),
        None,
    )


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(shipped.read(TABLE).decode())
