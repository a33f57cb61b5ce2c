"""Who holds a lock, by the kernel's own list or by a file with a process number in it."""

import os
from collections.abc import Iterable
from dataclasses import dataclass

from wizard.model.machine import Reader


@dataclass(frozen=True, slots=True)
class Occupant:
    """A process that holds a lock."""

    pid: int
    name: str
    lock: str

    def __str__(self) -> str:
        return f"{self.name} (process {self.pid})"


def by_kernel(host: Reader, paths: Iterable[str]) -> Occupant | None:
    """Return who has locked one of these files, as ``/proc/locks`` says."""
    locks = _read(host, "/proc/locks").splitlines()
    for path in paths:
        try:
            status = host.stat(path)
        except OSError:
            continue
        device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}"
        for fields in (line.split() for line in locks):
            if f"{device}:{status.st_ino}" in fields and "->" not in fields:
                return _process(host, fields[4], path)
    return None


def by_pid_file(host: Reader, paths: Iterable[str]) -> Occupant | None:
    """Return the living process whose number one of these files holds."""
    for path in paths:
        pid = _read(host, path).strip()
        if pid and host.exists(f"/proc/{pid}"):
            return _process(host, pid, path)
    return None


def _process(host: Reader, pid: str, lock: str) -> Occupant | None:
    if not pid.isdigit():
        return None
    return Occupant(int(pid), _read(host, f"/proc/{pid}/comm").strip() or "a process", lock)


def _read(host: Reader, path: str) -> str:
    try:
        return host.read(path).decode(errors="replace")
    except OSError:
        return ""
