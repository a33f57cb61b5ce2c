"""What an undo leaves as it is, in sentences that say how to remove it."""

import shlex
from collections.abc import Iterable, Iterator

from wizard.engine.journal.records import Noted

STACK = "stack"  # the kind of note that says that stack.sh was run


def sentences(notes: Iterable[Noted], package_manager: str) -> tuple[str, ...]:
    """Name what stays: the packages of all notes in one sentence, then each of the others."""
    notes = tuple(notes)
    packages = _packages(notes)
    others = tuple(note for note in notes if note.kind != "packages")
    return (*_about_packages(packages, package_manager), *map(_about, others))


def _packages(notes: Iterable[Noted]) -> tuple[str, ...]:
    """Return names, sorted, from items like ``libpq-dev=15.3``."""
    found = set()
    for note in notes:
        installed = note.data.get("installed")
        if note.kind == "packages" and isinstance(installed, list | tuple):
            found |= {str(item).partition("=")[0] for item in installed}
    return tuple(sorted(found))


def _about_packages(names: tuple[str, ...], package_manager: str) -> Iterator[str]:
    if names:
        what = "1 distro package stays" if len(names) == 1 else f"{len(names)} distro packages stay"
        yield f"{what}; to remove: sudo {package_manager} remove -- {shlex.join(names)}"


def act(note: Noted) -> str:
    """Return what undo does about a note before all else; "" where it only names it."""
    if note.kind != STACK:
        return ""
    return f"run {note.data.get('directory')}/unstack.sh if services of it are up"


def by_hand(directory: str, script: str) -> str:
    """Return the command that runs a script of a checkout."""
    return f"cd {shlex.quote(directory)} && ./{script}"


def _about(note: Noted) -> str:
    if note.kind == "user":
        name = str(note.data.get("name", ""))
        home = f" with the home {note.data['home']}" if "home" in note.data else ""
        return f"the user {name}{home} stays; to remove: sudo userdel -- {shlex.quote(name)}"
    if note.kind == STACK:
        clean = by_hand(str(note.data.get("directory", "")), "clean.sh")
        return f"databases, services and sources that stack.sh made stay; to remove: {clean}"
    return f"{note.kind} stays: " + ", ".join(f"{key} {note.data[key]}" for key in note.data)
