"""What is at the path of the venv: nothing, ours (complete or not), or somebody else's."""

import json
import stat
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from wizard.model.machine import Command, Reader
from wizard.model.recipe import MARKS, Recipe


@dataclass(frozen=True, slots=True)
class Absent:
    """Nothing there, or an empty folder."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something that we did not make: never touched."""

    what: str


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Ours, but a build did not come to its end."""


@dataclass(frozen=True, slots=True)
class Complete:
    """Ours, and whole when its marker was written."""

    inputs: str  # Recipe.inputs it was made from
    packages: dict[str, str]  # name -> version, at the time of the marker
    python: str  # "3.11.2"


VenvFolder = Absent | Foreign | Incomplete | Complete

# what virtualenv, installers and wheels leave at the top of a venv
_USUAL = MARKS | {"bin", "etc", "include", "lib", "lib64", "local", "man", "share", "src", "var"}
_USUAL |= {"pyvenv.cfg", ".gitignore", ".lock", "CACHEDIR.TAG"}


def look(host: Reader, recipe: Recipe) -> VenvFolder:
    """Return what is at the recipe's path; changes nothing."""
    if not host.exists(recipe.path):
        return Absent()
    names = host.listdir(recipe.path)
    if MARKS.isdisjoint(names):
        return _without_our_folder(host, recipe.path, names)
    try:
        marker = json.loads(host.read(recipe.marker))
        return Complete(marker["inputs"], marker["packages"], marker["python"])
    except (OSError, ValueError, KeyError, TypeError):
        return Incomplete()


def led_by(
    host: Reader, folders: Sequence[str], venv: str, earlier: Collection[str] = ()
) -> tuple[str, ...]:
    """Return a search path on which the venv's ``bin`` comes before those of our other venvs.

    Last but for these: it shadows no system command, and what still runs in an earlier venv
    finds what only that one has. ``earlier`` are folders that are ours, whatever they hold now.
    """
    own = f"{venv}/bin"
    others = [folder for folder in folders if folder != own]
    ours = [folder for folder in others if folder in earlier or is_bin_of_ours(host, folder)]
    there = (folder for folder in ours if host.exists(folder))
    return (*(folder for folder in others if folder not in ours), own, *there)


def is_bin_of_ours(host: Reader, folder: str) -> bool:
    """Whether these are the programs of a venv that this program made."""
    venv, _, name = folder.rpartition("/")
    return name == "bin" and not MARKS.isdisjoint(host.listdir(venv))


def added_since(host: Reader, path: str, then: Complete) -> frozenset[str]:
    """Return the packages that somebody else, such as stack.sh, has installed into it since."""
    minor = ".".join(then.python.split(".")[:2])
    folders = host.listdir(f"{path}/lib/python{minor}/site-packages")
    found = (name.partition("-")[0] for name in folders if name.endswith(".dist-info"))
    known = {canonicalize_name(name) for name in then.packages}
    return frozenset(map(canonicalize_name, found)) - known


def guests(host: Reader, path: str) -> tuple[str, ...]:
    """Return what somebody keeps at the top of a venv and no build would bring back."""
    return tuple(name for name in host.listdir(path) if name not in _USUAL)


def _without_our_folder(host: Reader, path: str, names: tuple[str, ...]) -> Absent | Foreign:
    if "pyvenv.cfg" in names:
        return Foreign("a virtual environment that devstack-venv did not make")
    if names:
        return Foreign(f"a folder with {len(names)} files or folders that are not a venv")
    try:
        is_folder = stat.S_ISDIR(host.stat(path, follow=False).st_mode)
    except OSError as error:
        return Foreign(f"something that cannot be looked at ({error.strerror})")
    return Absent() if is_folder else Foreign("not a folder")


def python_version(host: Reader, python: str) -> str:
    """Return an interpreter's version ("3.11.2"), "" when it does not run."""
    script = "import platform; print(platform.python_version())"
    said = host.run(Command((python, "-I", "-S", "-c", script), timeout=20))
    return said.text.strip() if said.ok else ""
