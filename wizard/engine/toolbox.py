"""Puts uv and virtualenv where the work's user can reach them.

As root this program may lie in a folder that only root may enter (``/root``), while pip, uv and
virtualenv never run as root; so they are copied for the time of the run. Otherwise they are used
where they are.
"""

import errno
import importlib.metadata
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from packaging.requirements import Requirement

from wizard.engine.files.held_folder import held_folder
from wizard.model.recipe import Tools

PREFIX = "devstack-venv-tools-"
_ELSEWHERE = ("var/tmp", "tmp")  # where else, should the first place be full or not executable


@contextmanager
def staged(home: Path, *, are_root: bool, root: str) -> Iterator[Tools]:
    """Yield tools that the work's user can run, as paths inside the system acted on."""
    if not are_root:
        yield Tools(_uv(), str(_library()))
        return
    places = (home, *(Path(root, place) for place in _ELSEWHERE))
    with ExitStack() as stack:
        copied = (_copied(place, root, stack) for place in places if place.is_relative_to(root))
        yield next(filter(None, copied), None) or Tools(_uv(), str(_library()))


def _copied(home: Path, root: str, stack: ExitStack) -> Tools | None:
    """Copy them into a folder that goes with ``stack``; None where that cannot be."""
    with ExitStack() as attempt:
        try:
            folder = _folder(home, attempt)
            shutil.copy(_uv(), folder / "uv")
            _copy_library(folder / "library")
        except OSError:
            return None
        stack.push(attempt.pop_all())
    inside = Path("/", folder.relative_to(root))
    return Tools(str(inside / "uv"), str(inside / "library"))


def _folder(home: Path, stack: ExitStack) -> Path:
    """Make a folder that everybody may read and run programs from. Raises OSError."""
    home.mkdir(mode=0o711, parents=True, exist_ok=True)  # to be passed through, not to be read
    if os.statvfs(home).f_flag & os.ST_NOEXEC:
        raise PermissionError(errno.EACCES, "mounted noexec", str(home))
    folder = stack.enter_context(held_folder(home, PREFIX))
    folder.chmod(0o755)
    return folder


def _uv() -> str:
    """Return uv's binary: its package knows where it was installed."""
    import uv  # noqa: PLC0415 -- only a build needs it

    return os.fspath(uv.find_uv_bin())


def _library() -> Path:
    return Path(str(importlib.metadata.distribution("virtualenv").locate_file("")))


def _copy_library(target: Path) -> None:
    """Copy virtualenv and all it needs, with the metadata by which it finds its plugins."""
    for name in sorted(_closure("virtualenv")):
        for file in importlib.metadata.distribution(name).files or ():
            if ".." not in file.parts and file.suffix != ".pyc":
                destination = target / file
                destination.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), destination)


def _closure(name: str) -> set[str]:
    """Return the distribution and all it requires for any Python, as far as installed here."""
    found: set[str] = set()
    wanted = [name]
    while wanted:
        current = wanted.pop()
        if current in found or not _is_installed(current):
            continue
        found.add(current)
        requires = map(Requirement, importlib.metadata.requires(current) or ())
        wanted += [need.name for need in requires if "extra" not in str(need.marker)]
    return found


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
