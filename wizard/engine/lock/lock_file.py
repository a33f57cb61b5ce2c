"""The file behind a lock: where it is, opened so that nobody can lead us elsewhere by it.

It must be the same file for every user, so it is in a folder that all may write; there anybody may
have put anything under any name, and the kernel (fs.protected_regular) forbids O_CREAT on others'
files.
"""

import errno
import fcntl
import hashlib
import os
import stat
from pathlib import Path

FOLDERS = ("/run/lock", "/var/lock", "/tmp")  # noqa: S108 -- opened with care
_EXISTING = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_WRITING = os.O_RDWR | os.O_APPEND  # threads name their jobs at the same time
_NEW = _WRITING | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_ATTEMPTS = 100  # others may remove and make the file again meanwhile


def shared_folder(candidates: tuple[str, ...] = FOLDERS) -> Path:
    """Return the first folder that everybody may write, so that all users choose the same."""
    for folder in candidates:
        try:
            mode = Path(folder).stat().st_mode
        except OSError:
            continue
        if mode & stat.S_ISVTX and mode & stat.S_IWOTH:
            return Path(folder)
    return Path(candidates[-1])


def lock_path(target: str, folder: Path) -> Path:
    """Return the lock file of a target, the same however its path is spelt."""
    name = hashlib.sha256(os.fsencode(os.path.realpath(target))).hexdigest()[:32]
    return folder / f"devstack-venv-{name}.lock"


def take(path: Path) -> int:
    """Open and lock the file; BlockingIOError when it is held. Raises OSError."""
    for _ in range(_ATTEMPTS):
        descriptor = open_file(path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if is_at(descriptor, path):
                return descriptor
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)  # it was removed by the one who released it: lock the new one
    raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path))


def open_file(path: Path) -> int:
    """Open the file, for reading only where it is somebody else's. Raises OSError."""
    for _ in range(_ATTEMPTS):
        try:
            return _checked(_open_existing(path), path)
        except FileNotFoundError:
            pass
        try:
            descriptor = os.open(path, _NEW, 0o644)
        except FileExistsError:
            continue
        os.fchmod(descriptor, 0o644)  # others must be able to read who holds it
        return descriptor
    raise OSError(errno.EBUSY, "it comes and goes", str(path))


def release(descriptor: int, path: Path) -> None:
    """Let go; the file goes too, unless a job that inherited the lock still holds it.

    Closing is not unlocking: the lock belongs to all who share the open file.
    """
    ours = is_at(descriptor, path)
    os.close(descriptor)
    if not ours:
        return
    try:
        again = take_existing(path)
    except OSError:
        return
    try:
        if is_at(again, path):
            path.unlink(missing_ok=True)
    except OSError:
        pass  # somebody else's file in a sticky folder, or a disk that fails: it locks nothing
    finally:
        os.close(again)


def take_existing(path: Path) -> int:
    """Lock the file if it is there and free. Raises OSError."""
    descriptor = _checked(_open_existing(path), path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def is_at(descriptor: int, path: Path) -> bool:
    """Whether the open file is the one that the path names now."""
    try:
        there = path.stat(follow_symlinks=False)
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(descriptor), there)


def _open_existing(path: Path) -> int:
    try:
        return os.open(path, _WRITING | _EXISTING)
    except PermissionError:
        return os.open(path, os.O_RDONLY | _EXISTING)


def _checked(descriptor: int, path: Path) -> int:
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, "is not a regular file", str(path))
