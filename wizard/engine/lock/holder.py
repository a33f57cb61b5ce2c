"""Who holds a lock: what the holder wrote into the lock file, and what /proc says of it.

The file's first line is the run, each further one a job that inherited the lock: /proc does not let
a user see which files root's processes have open, so sudo's have to be named.
"""

import json
import os
import pwd
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from wizard.model.foreign_text import harmless

_STATE, _START = 2, 21  # fields of /proc/PID/stat, counted from 0
MOST_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Holder:
    """A run that holds a lock."""

    pid: int
    start: int  # of the process, in ticks since boot: a pid alone may be used again
    user: str
    since: float  # seconds since the epoch
    run: str
    folder: str  # the run folder

    def encode(self) -> bytes:
        """Return what goes into the lock file."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @property
    def is_alive(self) -> bool:
        """Whether that very process still runs."""
        return _runs(self.pid, self.start)

    @property
    def is_stopped(self) -> bool:
        """Whether it is stopped (Ctrl-Z, SIGSTOP)."""
        fields = _stat(self.pid)
        return bool(fields) and fields[_STATE] in ("T", "t")

    @property
    def clock(self) -> str:
        """When it took the lock: the time, and the day unless it is today."""
        then = time.localtime(self.since)
        today = time.localtime()[:3] == then[:3]
        return time.strftime("%H:%M" if today else "%Y-%m-%d %H:%M", then)


def this_process(run: str, folder: str) -> Holder:
    """Describe ourselves."""
    pid = os.getpid()
    return Holder(pid, started(pid), _user_name(os.geteuid()), time.time(), run, folder)


def decode(content: bytes) -> Holder | None:
    """Read what a lock file says; anybody may have written it, so believe only its form."""
    try:
        said = json.loads(content.partition(b"\n")[0])
        numbers = int(said["pid"]), int(said["start"])
        words = [harmless(str(said[name])) for name in ("user", "run", "folder")]
        holder = Holder(*numbers, words[0], float(said["since"]), words[1], words[2])
        time.localtime(holder.since)
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        return None
    return holder


def started(pid: int) -> int:
    """Return when a process began, in ticks since boot; -1 when there is none."""
    fields = _stat(pid)
    return int(fields[_START]) if fields else -1


def is_zombie(pid: int) -> bool:
    """Whether a process has ended and only its parent has not heard of it."""
    return _stat(pid)[_STATE : _STATE + 1] == ["Z"]


def _runs(pid: int, start: int) -> bool:
    return started(pid) == start and not is_zombie(pid)


@dataclass(frozen=True, slots=True)
class Process:
    """A process that has the lock file open."""

    pid: int
    command: str


def name_job(descriptors: Iterable[int], pid: int) -> None:
    """Add a job to what the files of the locks that it inherited say.

    They are open to append, so the place in the call does not count; what is not a lock file, or
    is somebody else's, cannot be written like this and says nothing.
    """
    line = json.dumps({"pid": pid, "start": started(pid)}).encode() + b"\n"
    for descriptor in descriptors:
        with suppress(OSError):
            os.pwrite(descriptor, line, 0)


def named_jobs(content: bytes) -> Iterator[Process]:
    """Return the jobs that a lock file names and that still run."""
    for line in content.split(b"\n")[1:]:
        try:
            said = json.loads(line)
            pid, start = int(said["pid"]), int(said["start"])
        except (ValueError, KeyError, TypeError, OverflowError):
            continue
        if _runs(pid, start):
            yield Process(pid, _command(pid))


def processes_with(device: int, inode: int) -> tuple[Process, ...]:
    """Return the processes that have a file open, as far as we may look."""
    pids = {int(name) for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208 -- names
    return tuple(
        Process(pid, _command(pid))
        for pid in sorted(pids - {os.getpid()})
        if _has(f"/proc/{pid}", device, inode)
    )


def _has(process: str, device: int, inode: int) -> bool:
    """Whether a process has the file open; False also when we may not look."""
    try:
        with os.scandir(f"{process}/fd") as descriptors:
            return any(_is(descriptor, device, inode) for descriptor in descriptors)
    except OSError:
        return False


def _is(descriptor: os.DirEntry[str], device: int, inode: int) -> bool:
    try:
        status = descriptor.stat()
    except OSError:
        return False  # closed meanwhile
    return (status.st_dev, status.st_ino) == (device, inode)


def _command(pid: int) -> str:
    """Return a process's command line, or its name while it has none (it is just starting)."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:-1]
    except OSError:
        words = []
    line = " ".join(word.decode(errors="replace") for word in words)
    return harmless(line or "".join(_stat(pid)[1:2]))[:80]


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat; the second, the name, may hold spaces and brackets."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return []
    head, _, tail = text.rpartition(")")
    return [*head.split("(", 1), *tail.split()]


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
