"""Waits for a job to end, and ends it when the run is to stop."""

import os
import select
import signal
import time
from collections.abc import Callable
from typing import Protocol

from wizard.engine.cancel import Cancel
from wizard.engine.process_tree import AsRoot, Tree, is_empty
from wizard.model.machine import Ending

KILL_GRACE = 5.0  # seconds between TERM and KILL
TICK = 0.05  # seconds between two looks at a job's output


class Job(Protocol):
    """A process that we started."""

    @property
    def pid(self) -> int:
        """Its id."""
        ...

    def poll(self) -> int | None:
        """Return its exit status, None while it runs."""
        ...


def follow(
    job: Job, ending: Ending, cancel: Cancel, on_tick: Callable[[], None], as_root: AsRoot | None
) -> bool:
    """Wait for the job to end, telling it to when we must; True when some was left running."""
    stop = _WAYS[ending](job.pid, as_root)
    pidfd = os.pidfd_open(job.pid)
    try:
        while job.poll() is None or (cancel.wanted and not stop.is_over):
            select.select([pidfd], [], [], TICK)
            on_tick()
            if cancel.wanted and stop(hurry=cancel.hurry or cancel.overdue):
                return True
    finally:
        os.close(pidfd)
    return False


def end_what_is_left(job: Job) -> None:
    """End what a job that failed has started and not waited for: it would go on with our lock.

    uv gives up at the first package that cannot be built, and lets the compilers of others run.
    """
    started, end = time.monotonic(), _Kill(job.pid, None)
    while not is_empty(job.pid) and time.monotonic() - started < 2 * KILL_GRACE:
        end(hurry=False)
        time.sleep(TICK)


def signal_group(pid: int, number: signal.Signals) -> None:
    """Signal a process and those of its group."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return  # it is gone, or it is root's and sudo will pass the word on


class _Way(Protocol):
    """A way to end a job: called again and again, it returns True where it leaves some behind."""

    @property
    def is_over(self) -> bool:
        """Whether nothing is left that it is answerable for, beside the job itself."""
        ...

    def __call__(self, *, hurry: bool) -> bool: ...


class _Kill:
    """TERM to its group; KILL to what is there five seconds later."""

    is_over = True

    def __init__(self, pid: int, as_root: AsRoot | None) -> None:
        del as_root
        self._pid = pid
        self._told_at: float | None = None

    def __call__(self, *, hurry: bool) -> bool:
        del hurry
        if self._told_at is None:
            self._told_at = time.monotonic()
            signal_group(self._pid, signal.SIGTERM)
        elif time.monotonic() - self._told_at > KILL_GRACE:
            signal_group(self._pid, signal.SIGKILL)
        return False


class _LetFinish:
    """Nothing is done to it, and in a hurry nobody waits for it."""

    is_over = True

    def __init__(self, pid: int, as_root: AsRoot | None) -> None:
        del pid, as_root

    def __call__(self, *, hurry: bool) -> bool:
        return hurry


_WAYS: dict[Ending, Callable[[int, AsRoot | None], _Way]] = {
    Ending.KILL: _Kill,
    Ending.LET_FINISH: _LetFinish,
    Ending.SPARE: Tree,
}
