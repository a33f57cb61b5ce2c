"""One run at a time for each venv and each local.conf.

The lock is the kernel's (flock): it ends with the last process that has the file open, so a killed
run leaves none behind, and a job that inherited ``fds`` keeps it.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wizard.engine.lock import lock_file
from wizard.engine.lock.holder import MOST_BYTES, Holder, Process, decode, processes_with
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem


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
        return lock_file.take(path)
    except BlockingIOError:
        return _held(path, target)
    except OSError as error:
        return Problem(
            f"cannot be opened to lock {target}: {error.strerror}",
            str(path),
            f"Look who made it: ls -l -- {path}",
            ExitStatus.LOCKED,
        )


def _sign(descriptor: int, holder: Holder) -> None:
    """Say who we are; in somebody else's file we cannot, and then others ask /proc."""
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, holder.encode(), 0)
    except OSError:
        return


def _held(path: Path, target: str) -> Problem:
    """Say who holds the lock."""
    try:
        descriptor = lock_file.open_file(path)
    except OSError:
        return _problem("is locked by a run that has just begun or ended", target, "Try again")
    try:
        status = os.fstat(descriptor)
        holder = decode(os.pread(descriptor, MOST_BYTES, 0))
        if holder and holder.is_alive:
            return _by_run(holder, target)
        return _by_job(holder, processes_with(status.st_dev, status.st_ino), target)
    finally:
        os.close(descriptor)


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
    run = (
        f"a job of run {holder.run} (since {holder.clock}), which itself is over," if holder else ""
    )
    named = " and ".join(f"pid {job.pid} ({job.command})" for job in jobs)
    match run, named:
        case "", "":
            what, cure = "is locked by a process of another user", "See sudo lslocks"
        case "", _:
            what, cure = f"is locked by {named}", "Wait for it to end"
        case _, "":
            what, cure = f"is locked by {run} still runs", "See it with sudo lslocks; wait for it"
        case _:
            what, cure = f"is locked by {run} still runs: {named}", "Wait for it to end"
    return _problem(what, target, cure)


def _problem(what: str, target: str, cure: str) -> Problem:
    return Problem(what, target, cure, ExitStatus.LOCKED)
