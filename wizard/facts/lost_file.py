"""A file that an installed package has brought, and that is not there any more.

The package manager's own records know: they keep the names of files that somebody deleted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.model.diagnosis.rule import Kind, Missing
from wizard.model.distribution import Family
from wizard.model.machine import Command, Reader

_ROOM = 30.0  # seconds; dpkg takes 0.1, rpm lists every file of every package
_PLAIN = re.compile(r"[\w./+-]+")
_OWNED = re.compile(r"([\w.+-]+)(?::\w+)?: (/.*)")  # what is diverted has more words
_RPM = ("rpm", "-qa", "--qf", "[%{=NAME}: %{FILENAMES}\\n]")
_STARTUP = ("crt1", "crti", "Scrt1")
_PLACES = {
    Kind.HEADER: re.compile(r"/usr/(?:include|lib/gcc)/"),
    Kind.LIBRARY: re.compile(r"(?:/usr)?/lib"),
    Kind.COMMAND: re.compile(r".*/(?:s?bin|gcc/.*)/[^/]+$"),
    Kind.MODULE: re.compile(r".*/pkgconfig/"),
}


@dataclass(frozen=True, slots=True)
class LostFile:
    """Its path, and the package that had brought it."""

    path: str
    owner: str


def lost_file(host: Reader, family: Family, missing: Missing) -> LostFile | None:
    """Return the file that was looked for in vain, where an installed package owns it."""
    name = _file_name(missing)
    if not _PLAIN.fullmatch(name):
        return None
    place = _PLACES[missing.kind]
    found = (file for file in _owned(host, family, name) if place.match(file.path))
    return next((file for file in found if not host.exists(file.path)), None)


def _owned(host: Reader, family: Family, name: str) -> Iterator[LostFile]:
    argv = ("dpkg", "-S", f"*/{name}") if family is Family.DEB else _RPM
    for line in host.run(Command(argv, timeout=_ROOM)).text.splitlines():
        found = _OWNED.fullmatch(line)
        if found and found[2].endswith(f"/{name}"):
            yield LostFile(found[2], found[1])


def _file_name(missing: Missing) -> str:
    match missing.kind:
        case Kind.LIBRARY if missing.name in _STARTUP:
            return f"{missing.name}.o"
        case Kind.LIBRARY if ".so" not in missing.name:
            return f"lib{missing.name}.so"
        case Kind.MODULE:
            return f"{missing.name}.pc"
        case _:
            return missing.name
