"""The temporary file beside a file: made, named, found again after a kill.

While it is written it is ``.NAME.RANDOM.part`` + SUFFIX, and held by a lock of its own, so that
nobody sweeps it away while it is in use. Once whole it is ``.NAME.RANDOM.OLD-NEW`` + SUFFIX with
the digests of the two contents that it may hold from then on: the new one, and after the exchange
the one that was there before. If a kill leaves it with a third, that is somebody's save, caught in
the instant of the exchange: it is kept, and named.
"""

import fcntl
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from wizard.engine.files.refusals import needs_person
from wizard.engine.files.renameat2 import Name, rename
from wizard.model.problem import Problem

SUFFIX = ".devstack-venv~"
_DIGITS = 16  # of a digest, in a name
_NAME_BYTES = 120  # of the file's own name, so that the whole stays below 255
_LITTER = re.compile(
    r"\..+\.[0-9a-f]{16}\.(?:part|(?P<old>[0-9a-f]{16})-(?P<new>[0-9a-f]{16}))" + re.escape(SUFFIX)
)
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def digest(content: bytes) -> str:
    """Return the sha256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class File:
    """A file's bytes and what it has besides."""

    content: bytes
    mode: int
    uid: int
    gid: int
    extended: Mapping[str, bytes] = field(default_factory=dict)  # ACL, SELinux, user.*

    @property
    def sha256(self) -> str:
        """The digest of its content."""
        return digest(self.content)


@contextmanager
def open_folder(path: str) -> Iterator[int]:
    """Open a folder, so that no later change of its path can lead us elsewhere."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def open_regular(folder: int, name: str) -> Iterator[int]:
    """Open a file for reading without following a link or waiting for a FIFO."""
    descriptor = os.open(name, _READ, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def read_all(descriptor: int) -> bytes:
    """Read an open file from its beginning."""
    parts = []
    offset = 0
    while part := os.pread(descriptor, 1 << 20, offset):
        parts.append(part)
        offset += len(part)
    return b"".join(parts)


@dataclass(slots=True)
class Staged:
    """The temporary file; ``precious`` while it may hold the only copy of somebody's save."""

    folder: int
    name: str
    descriptor: int
    precious: bool = False

    def become_whole(self, old: str, new: str) -> None:
        """Take the name that says which two contents the file may hold from now on."""
        whole = whole_name(self.name.removesuffix(f".part{SUFFIX}"), old, new)
        rename(Name(self.folder, self.name), Name(self.folder, whole))
        self.name = whole


@contextmanager
def staged(folder: int, name: str, file: File) -> Iterator[Staged]:
    """Write ``file`` beside ``name``; whatever the temporary name stands for at the end goes."""
    part = f"{_stem(name)}.part{SUFFIX}"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(part, flags, 0o600, dir_fd=folder)
    temporary = Staged(folder, part, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _fill(descriptor, file)
        yield temporary
    finally:
        os.close(descriptor)
        if not temporary.precious:
            with suppress(FileNotFoundError):
                os.unlink(temporary.name, dir_fd=folder)


def aside_name(name: str, sha256: str) -> str:
    """Return a name beside ``name`` for a file with that content on its way out."""
    return whole_name(_stem(name), sha256, sha256)


def whole_name(stem: str, old: str, new: str) -> str:
    """Return the name of a file that holds one of two contents."""
    return f"{stem}.{old[:_DIGITS]}-{new[:_DIGITS]}{SUFFIX}"


def _stem(name: str) -> str:
    own = os.fsdecode(os.fsencode(name)[:_NAME_BYTES])
    return f".{own}.{secrets.token_hex(8)}"


def _fill(descriptor: int, file: File) -> None:
    """Write everything and give the file its owner, mode and attributes, in the order they need."""
    view = memoryview(file.content)
    while view:
        view = view[os.write(descriptor, view) :]
    status = os.fstat(descriptor)
    if (status.st_uid, status.st_gid) != (file.uid, file.gid):
        os.fchown(descriptor, file.uid, file.gid)
    os.fchmod(descriptor, file.mode)
    present = extended(descriptor)
    for name, value in file.extended.items():
        if present.get(name) != value:
            os.setxattr(descriptor, name, value)


def extended(descriptor: int) -> dict[str, bytes]:
    """Return the extended attributes; none where the file system has no such thing."""
    try:
        return {name: os.getxattr(descriptor, name) for name in os.listxattr(descriptor)}
    except OSError:
        return {}


def sweep(folder: str) -> tuple[Problem, ...]:
    """Remove what killed runs left in a folder; a Problem for each file that holds a save."""
    with open_folder(folder) as descriptor:
        names = os.listdir(descriptor)  # noqa: PTH208 -- of an open folder
        found = [(name, match) for name in names if (match := _LITTER.fullmatch(name))]
        saves = [name for name, match in found if not _swept(descriptor, name, match)]
    return tuple(
        needs_person(
            "holds what somebody saved in the instant in which a run was killed",
            os.path.join(folder, name),  # noqa: PTH118
            "Compare it with the file it is named after, then delete it",
        )
        for name in saves
    )


def _swept(folder: int, name: str, match: re.Match[str]) -> bool:
    """Remove one leftover, unless it is in use or not ours; False when it holds a save."""
    with suppress(OSError), open_regular(folder, name) as descriptor:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return True
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if match["old"] is None:
            removable = status.st_uid in (os.geteuid(), os.fstat(folder).st_uid)
        elif digest(read_all(descriptor))[:_DIGITS] in (match["old"], match["new"]):
            removable = True
        else:
            return False
        if removable:
            os.unlink(name, dir_fd=folder)
    return True
