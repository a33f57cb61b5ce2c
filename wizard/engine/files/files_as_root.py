"""Replace, remove and make files as root, by single commands: for a run that is not root itself.

Each command is one that sudo can allow by name (cat, install, mv, rm, ...). There is no exchange
among them, so a save in the instant between the last look and ``mv`` would be lost; these are
files that only root can save.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace as with_
from pathlib import Path, PurePath

from wizard.engine.files.file_system import Direct, FileSystem
from wizard.engine.files.files import AnnounceRemoval, AnnounceWrite, Removed, Written
from wizard.engine.files.folders import AnnounceFolders, missing_folders
from wizard.engine.files.held_folder import held_folder, sweep
from wizard.engine.files.refusals import needs_person
from wizard.engine.files.root_commands import RootCommands, Run, temporary_path
from wizard.engine.files.staging import File
from wizard.model.machine import Validate
from wizard.model.problem import Problem

ROOT = (0, 0)
_CANDIDATES = "devstack-venv-candidate-"


def replace_as_root(
    run: Run,
    path: str,
    content: bytes,
    *,
    expected: bytes | None,
    mode: int,
    owner: tuple[int, int] = ROOT,
    validate: Validate | None = None,
    announce: AnnounceWrite | None = None,
) -> Written | Problem:
    """Create or replace a file, as ``files.replace`` does."""
    root = RootCommands(run)
    present = root.present(path, expected)
    if isinstance(present, Problem):
        return present
    where, former = present
    new = File(content, mode, *owner) if former is None else with_(former, content=content)
    written = Written(where, former, new.sha256, new.mode, new.uid, new.gid)
    with _candidate(content) as candidate:
        if validate and (problem := validate(candidate)):
            return problem
        if announce and (problem := announce(written)):
            return problem
        temporary = temporary_path(where, written.sha256)
        problem = root.install(candidate, temporary, new) or root.put(temporary, where, expected)
    if problem:
        root.do("rm", "-f", "--", temporary)
        return problem
    return root.confirm(where, content) or written


def remove_as_root(
    run: Run, path: str, *, expected: bytes, announce: AnnounceRemoval | None = None
) -> Removed | Problem:
    """Remove a file that still has the bytes ``expected``."""
    root = RootCommands(run)
    present = root.present(path, expected)
    if isinstance(present, Problem):
        return present
    where, former = present
    if former is None:
        return needs_person("is no longer there", where)
    removed = Removed(where, former)
    if announce and (problem := announce(removed)):
        return problem
    temporary = temporary_path(where, former.sha256)
    problem = root.do("rm", "-f", "--", where, temporary) or root.sync(where)
    return problem or removed


def make_directories_as_root(
    run: Run,
    path: str,
    *,
    mode: int,
    owner: tuple[int, int] = ROOT,
    announce: AnnounceFolders | None = None,
) -> tuple[str, ...] | Problem:
    """Make a folder with this mode and owner; missing parents are root's, 0755."""
    root = RootCommands(run)
    missing = root.missing(path)
    if isinstance(missing, Problem) or not missing:
        return missing
    if announce and (problem := announce(missing)):
        return problem
    for folder in missing:
        uid, gid = owner if folder == path else ROOT
        bits = f"{mode if folder == path else 0o755:04o}"
        made = root.do("install", "-d", "-m", bits, "-o", f"{uid}", "-g", f"{gid}", "--", folder)
        if problem := made or root.sync(folder):
            return problem
    return missing


@contextmanager
def _candidate(content: bytes) -> Iterator[str]:
    """Write the content where nobody else can reach it."""
    with held_folder(Path(tempfile.gettempdir()), _CANDIDATES) as folder:
        path = folder / "candidate"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(content)
        yield str(path)


def sweep_candidates() -> None:
    """Remove what killed runs left of what they would have handed to root."""
    sweep(Path(tempfile.gettempdir()), _CANDIDATES)


@dataclass(frozen=True, slots=True)
class AsRoot:
    """The acts of ``FileSystem`` by root, through commands that ``run`` gives to sudo."""

    run: Run

    @property
    def _root(self) -> RootCommands:
        return RootCommands(self.run)

    def content(self, path: str) -> bytes | Problem | None:
        """Read a file that may be replaced; None when there is none."""
        where = self._root.follow(path)
        file = where if isinstance(where, Problem) else self._root.read(where)
        return file.content if isinstance(file, File) else file

    def is_there(self, path: str) -> bool | Problem:
        """Whether something is at path, if only a link to nothing."""
        status = self._root.look(path)
        return status if isinstance(status, Problem) else status is not None

    def replace(
        self,
        path: str,
        content: bytes,
        *,
        expected: bytes | None,
        mode: int,
        owner: tuple[int, int] = ROOT,
        validate: Validate | None = None,
        announce: AnnounceWrite | None = None,
    ) -> Written | Problem:
        """Create or replace a file that still is as expected."""
        return replace_as_root(
            self.run,
            path,
            content,
            expected=expected,
            mode=mode,
            owner=owner,
            validate=validate,
            announce=announce,
        )

    def remove(
        self, path: str, *, expected: bytes, announce: AnnounceRemoval | None = None
    ) -> Removed | Problem:
        """Remove a file that still is as expected."""
        return remove_as_root(self.run, path, expected=expected, announce=announce)

    def make_directories(
        self,
        path: str,
        *,
        mode: int,
        owner: tuple[int, int] = ROOT,
        announce: AnnounceFolders | None = None,
    ) -> tuple[str, ...] | Problem:
        """Make a folder and its missing parents; return what was made."""
        return make_directories_as_root(self.run, path, mode=mode, owner=owner, announce=announce)

    def remove_directory(self, path: str) -> Problem | None:
        """Remove an empty folder; one that is gone is fine."""
        there = self.is_there(path)
        if there is True:
            return self._root.do("rmdir", "--", path) or self._root.sync(path)
        return there or None

    def rename(self, source: str, target: str) -> Problem | None:
        """Move to where nothing is."""
        if problem := self._root.do("mv", "-nT", "--", source, target):
            return problem
        left = self.is_there(source)
        if left is True:
            return needs_person(f"cannot become {target}, which is there already", source)
        return left or self._root.sync(target)

    def make_link(self, path: str, target: str) -> Problem | None:
        """Make a symbolic link where nothing is."""
        return self._root.do("ln", "-sT", "--", target, path) or self._root.sync(path)

    def link_target(self, path: str) -> str | None:
        """Return what a symbolic link says; None for anything else."""
        said = self._root.ask("readlink", "-n", "--", path)
        return os.fsdecode(said.stdout) if said.ok else None

    def remove_link(self, path: str) -> Problem | None:
        """Remove a symbolic link, not what it leads to."""
        return self._root.do("rm", "-f", "--", path) or self._root.sync(path)

    def remove_tree(self, path: str) -> Problem | None:
        """Remove a folder with all in it; ``rm`` follows no link, and leaves what is mounted."""
        return self._root.do("rm", "-rf", "--one-file-system", "--", path)

    def sweep(self, path: str, sha256: str) -> tuple[Problem, ...]:
        """Remove what a killed write of that content left beside path."""
        problem = self._root.do("rm", "-f", "--", temporary_path(path, sha256))
        return (problem,) if problem else ()


def file_system_for(run: Run, *, are_root: bool) -> Callable[[str], FileSystem]:
    """Return what acts on a path: ourselves where we may, else root by ``run``."""

    def choose(path: str) -> FileSystem:
        missing = missing_folders(path)
        folder = PurePath(missing[0] if missing else path).parent
        return Direct() if are_root or os.access(folder, os.W_OK) else AsRoot(run)

    return choose
