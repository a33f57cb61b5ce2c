"""One run at a time for each venv and each local.conf.

The lock is the kernel's (flock): it ends with the last process that has the file open, so a killed
run leaves none behind, and a job that inherited ``fds`` keeps it.
"""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wizard.engine.lock import lock_file
from wizard.engine.lock.holder import (
    MOST_BYTES,
    Holder,
    Process,
    decode,
    named_jobs,
    processes_with,
)
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

PATIENCE = 1.0  # seconds in which one that nobody can name may turn out to be over


@dataclass(frozen=True, slots=True)
class Lock:
    """Held locks; pass ``fds`` on to a job that must keep them (``pass_fds``)."""

    held: tuple[tuple[Path, int], ...]

    @property
    def fds(self) -> tuple[int, ...]:
        """The open files: closed at exec unless passed on."""
        return tuple(descriptor for _, descriptor in self.held)

    def release(self) -> None:
        """Let go, latest first; jobs that inherited a lock keep it."""
        for path, descriptor in reversed(self.held):
            lock_file.release(descriptor, path)


def acquire(
    targets: Iterable[str], holder: Holder, *, folder: Path | None = None
) -> Lock | Problem:
    """Lock all targets, or none and say who has one.

    Nobody waits for anybody, and all go by the same order, so two runs cannot block each other
    with one lock each.
    """
    folder = folder or lock_file.shared_folder()
    wanted = {lock_file.lock_path(target, folder): target for target in targets}
    held: list[tuple[Path, int]] = []
    for path in sorted(wanted):
        descriptor = _take(path, wanted[path])
        if isinstance(descriptor, Problem):
            Lock(tuple(held)).release()
            return descriptor
        _sign(descriptor, holder)
        held.append((path, descriptor))
    return Lock(tuple(held))


def _take(path: Path, target: str) -> int | Problem:
    try:
        return _awaited(path, target)
    except OSError as error:
        return Problem(
            f"cannot be opened to lock {target}: {error.strerror}",
            str(path),
            f"Look who made it: ls -l -- {path}",
            ExitStatus.LOCKED,
        )


def _awaited(path: Path, target: str) -> int | Problem:
    """Take the lock, or name who has it.

    Who is not a run that says so has most often just begun, or just ended: it is looked at twice,
    and given time where it cannot be named.
    """
    deadline = time.monotonic() + PATIENCE
    looked = False
    while (descriptor := _tried(path)) is None:
        holder, jobs = _holders(path)
        if holder is not None and holder.is_alive:
            return _by_run(holder, target)
        if jobs and looked:
            return _by_job(holder, jobs, target)
        if time.monotonic() > deadline:
            return _nameless(path, target)
        looked = True
        time.sleep(PATIENCE / 20)
    return descriptor


def _tried(path: Path) -> int | None:
    try:
        return lock_file.take(path)
    except BlockingIOError:
        return None


def _sign(descriptor: int, holder: Holder) -> None:
    """Say who we are; in somebody else's file we cannot, and then others ask /proc."""
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, holder.encode())
    except OSError:
        return


def _holders(path: Path) -> tuple[Holder | None, tuple[Process, ...]]:
    """Return the run that has signed the file, and the processes that have it open."""
    descriptor = lock_file.open_file(path)
    try:
        status = os.fstat(descriptor)
        content = os.pread(descriptor, MOST_BYTES, 0)
    finally:
        os.close(descriptor)
    seen = (*named_jobs(content), *processes_with(status.st_dev, status.st_ino))
    return decode(content), tuple({job.pid: job for job in seen}.values())


def _by_run(holder: Holder, target: str) -> Problem:
    who = f"run {holder.run} of {holder.user} (pid {holder.pid}, since {holder.clock})"
    if holder.is_stopped:
        cure = f"Let it go on (fg in its terminal, or kill -CONT {holder.pid}), or end it"
        return _problem(f"is locked by {who}, which is stopped", target, cure)
    return _problem(
        f"is locked by {who}", target, f"Follow it: devstack-venv --attach {holder.run}"
    )


def _by_job(holder: Holder | None, jobs: tuple[Process, ...], target: str) -> Problem:
    """The run is gone, or never said who it is; something that inherited the lock is not."""
    named = " and ".join(f"pid {job.pid} ({job.command})" for job in jobs)
    if holder is not None:
        run = f"a job of run {holder.run} (since {holder.clock})"
        named = f"{run}, which itself is over, still runs: {named}"
    return _problem(f"is locked by {named}", target, "Wait for it to end")


def _nameless(path: Path, target: str) -> Problem:
    """Root's processes hide what they have open: say how to look."""
    what = "is locked by a process that may not be looked at from here, such as one of root's"
    look = f"sudo find /proc -maxdepth 3 -path '*/fd/*' -lname '{path}'"
    return _problem(what, target, f"See its pid: {look}; wait for it to end")


def _problem(what: str, target: str, cure: str) -> Problem:
    return Problem(what, target, cure, ExitStatus.LOCKED)
