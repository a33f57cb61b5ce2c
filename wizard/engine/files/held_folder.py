"""A folder for the time of some work, swept away by the next run should this one be killed.

Whoever works in it holds it by a lock of the kernel: a folder that nobody holds is a dead run's.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def held_folder(home: Path, prefix: str) -> Iterator[Path]:
    """Make a folder below ``home``, ours alone; it goes at the end. Raises OSError."""
    sweep(home, prefix)
    folder, descriptor = _make(home, prefix)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def sweep(home: Path, prefix: str) -> None:
    """Remove what killed runs left; what somebody holds or others own stays."""
    for folder in home.glob(f"{prefix}*"):
        with suppress(OSError):
            _sweep(folder)


def _sweep(folder: Path) -> None:
    descriptor = os.open(folder, _OPEN)
    try:
        if os.fstat(descriptor).st_uid == os.geteuid() and _hold(descriptor):
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)


def _make(home: Path, prefix: str) -> tuple[Path, int]:
    """Make and hold a folder; again when another run swept it away before it was held."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=home))
        with suppress(FileNotFoundError):
            descriptor = os.open(folder, _OPEN)
            if _hold(descriptor) and folder.exists():
                return folder, descriptor
            os.close(descriptor)


def _hold(descriptor: int) -> bool:
    """Take the folder for this process; False when another one has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
