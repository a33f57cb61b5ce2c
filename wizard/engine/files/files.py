"""Replace or remove one file: old or new at every instant, durable, and no save of others lost.

The new content is written beside the file, validated, made durable and then exchanged with it in
one step of the kernel. What came out is compared with what was read: if somebody saved meanwhile,
their text goes back in and we refuse.
"""

import dataclasses
import os
from collections.abc import Callable
from dataclasses import dataclass

from wizard.engine.files.refusals import changed, needs_person, refusal
from wizard.engine.files.renameat2 import Name, exchange, move, rename
from wizard.engine.files.staging import File, Staged, aside_name, open_folder, staged, sweep
from wizard.engine.files.target import (
    Identity,
    Present,
    Target,
    identity,
    is_untouched,
    locate,
    read_present,
)
from wizard.model.machine import Validate
from wizard.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Written:
    """A file that is about to be, or has been, created or replaced."""

    path: str  # the file itself, links resolved
    former: File | None  # None: there was none
    sha256: str  # of the new content
    mode: int
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A file that is about to be, or has been, removed."""

    path: str
    former: File


AnnounceWrite = Callable[[Written], Problem | None]
"""Told what is about to happen when all is ready for it; a Problem stops it."""
AnnounceRemoval = Callable[[Removed], Problem | None]


def replace(
    path: str,
    content: bytes,
    *,
    expected: bytes | None,
    mode: int,
    owner: tuple[int, int] | None = None,
    validate: Validate | None = None,
    announce: AnnounceWrite | None = None,
) -> Written | Problem:
    """Create or replace a file; ``expected`` is what was read before, None for no file.

    A file that is there keeps its mode, owner and extended attributes; ``mode`` and ``owner`` are
    for a new one. A symbolic link is followed, and stays.
    """
    target = locate(path)
    if isinstance(target, Problem):
        return target
    uid, gid = owner or (os.geteuid(), os.getegid())
    try:
        for problem in sweep(target.folder):
            return problem
        with open_folder(target.folder) as folder:
            present = read_present(folder, target, expected)
            if isinstance(present, Problem):
                return present
            new = File(content, mode, uid, gid)
            if present is not None:
                new = dataclasses.replace(present.file, content=content)
            return _Writing(folder, target, present, new).run(validate, announce)
    except OSError as error:
        return refusal(error, target.path)


def remove(
    path: str, *, expected: bytes, announce: AnnounceRemoval | None = None
) -> Removed | Problem:
    """Remove a file that still has the bytes ``expected``; the target of a link, not the link."""
    target = locate(path)
    if isinstance(target, Problem):
        return target
    try:
        with open_folder(target.folder) as folder:
            present = read_present(folder, target, expected)
            if isinstance(present, Problem):
                return present
            if present is None:
                return needs_person("is no longer there", target.path)
            removed = Removed(target.path, present.file)
            if announce and (problem := announce(removed)):
                return problem
            return _take_away(folder, target, present.identity) or removed
    except OSError as error:
        return refusal(error, target.path)


@dataclass(frozen=True, slots=True)
class _Writing:
    """One replacement under way."""

    folder: int
    target: Target
    present: Present | None
    new: File

    def run(self, validate: Validate | None, announce: AnnounceWrite | None) -> Written | Problem:
        """Stage, validate, announce, install."""
        former = self.present.file if self.present else None
        new = self.new
        written = Written(self.target.path, former, new.sha256, new.mode, new.uid, new.gid)
        with staged(self.folder, self.target.name, new) as temporary:
            candidate = Target(self.target.folder, temporary.name)
            if validate and (problem := validate(candidate.path)):
                return problem
            os.fsync(temporary.descriptor)
            if announce and (problem := announce(written)):
                return problem
            problem = self._install(temporary)
        os.fsync(self.folder)
        return problem or written

    def _install(self, temporary: Staged) -> Problem | None:
        if self.present is None:
            move(*self._names(temporary))
            return None
        temporary.become_whole(self.present.identity.sha256, self.new.sha256)
        temporary.precious = True
        try:
            exchanged = exchange(*self._names(temporary))
        except OSError:
            temporary.precious = False  # nothing has moved
            raise
        if not exchanged:
            temporary.precious = False
            return self._rename_over(temporary, self.present)
        if is_untouched(self.folder, temporary.name, self.present.identity):
            temporary.precious = False
            return None
        return self._give_back(temporary)

    def _names(self, temporary: Staged) -> tuple[Name, Name]:
        return Name(self.folder, temporary.name), Name(self.folder, self.target.name)

    def _rename_over(self, temporary: Staged, present: Present) -> Problem | None:
        """Without the exchange a save is lost if it falls between this look and the rename."""
        if identity(self.folder, self.target.name) != present.identity:
            return changed(self.target.path)
        rename(*self._names(temporary))
        return None

    def _give_back(self, temporary: Staged) -> Problem:
        """Put the save that came out back in; while newer ones come out, put those in.

        It ends when what comes out is what we had put in the time before: nobody saved meanwhile.
        """
        try:
            put_in = Identity(*_device_and_inode(temporary.descriptor), self.new.sha256)
            while True:
                save = identity(self.folder, temporary.name)
                exchange(*self._names(temporary))
                if identity(self.folder, temporary.name) == put_in:
                    break
                put_in = save
        except OSError:
            kept = Target(self.target.folder, temporary.name).path
            what = f"was saved by somebody else while we replaced it; their text is in {kept}"
            return needs_person(what, self.target.path)
        temporary.precious = False
        return changed(self.target.path)


def _device_and_inode(descriptor: int) -> tuple[int, int]:
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino


def _take_away(folder: int, target: Target, present: Identity) -> Problem | None:
    """Move the file aside, see that it is the one that was read, then delete it."""
    here = Name(folder, target.name)
    aside = Name(folder, aside_name(target.name, present.sha256))
    move(here, aside)
    if is_untouched(folder, aside.name, present):
        os.unlink(aside.name, dir_fd=folder)
        os.fsync(folder)
        return None
    try:
        move(aside, here)
    except OSError:
        kept = Target(target.folder, aside.name).path
        what = f"was saved by somebody else while we removed it; an earlier text is in {kept}"
        return needs_person(what, target.path)
    os.fsync(folder)
    return changed(target.path)
