"""Runs a package manager when no other one is at work, without touching anybody's lock."""

from time import monotonic

from wizard.facts import package_manager
from wizard.facts.occupant import Occupant
from wizard.model.distribution import Family
from wizard.model.events import WAITING
from wizard.model.machine import Command, JobEnded, Machine
from wizard.model.problem import Problem
from wizard.steps import package_commands
from wizard.steps.package_commands import Output

_SLICE = 30  # seconds until the lock is looked at again, whatever its holder does
_LONG = 90  # seconds: whoever upgrades a few packages is done by then
_WAITED = (0, 124)  # the holder ended, or the slice did


def run_alone(
    host: Machine, family: Family, command: Command, output: Output, lock_timeout: int
) -> JobEnded | Problem:
    """Run a job, again when somebody took the lock in between, for ``lock_timeout`` seconds."""
    deadline = monotonic() + lock_timeout
    while True:
        if problem := _wait(host, family, deadline):
            return problem
        ended = host.job(command, output)
        if not package_commands.found_locked(family, ended.returncode):
            return ended
        if monotonic() > deadline:
            return ended


def wait_until_free(host: Machine, family: Family, seconds: int) -> Problem | None:
    """Wait until nobody holds a lock of the package manager."""
    return _wait(host, family, monotonic() + seconds)


def _wait(host: Machine, family: Family, deadline: float) -> Problem | None:
    """Wait for whoever holds a lock; the wait is a job, so that a run can be told to stop."""
    waited, began = "", monotonic()
    while occupant := package_manager.of(family).occupant(host):
        now = monotonic()
        left = min(_SLICE, int(deadline - now))
        if left <= 0:
            return _given_up(occupant, now - began)
        _tell(host, occupant, now - began)
        wait = ("timeout", str(left), "tail", f"--pid={occupant.pid}", "-f", "/dev/null")
        if host.job(Command(wait, timeout=2 * _SLICE)).returncode not in _WAITED:
            return Problem(f"stopped while waiting for {occupant}")
        waited = str(occupant)
    if waited:
        host.progress(0, 0, f"{waited} is done")
    return None


def _tell(host: Machine, occupant: Occupant, seconds: float) -> None:
    """Promise no end; after a while say how long it has been, and what a person may look at."""
    progress, line = f"{WAITING}{occupant}", f"{occupant} holds {occupant.lock}: waiting."
    if seconds >= _LONG:
        length = f"for {seconds // 60:.0f} min"
        progress += f", which has held the package lock {length}: see ps -fp {occupant.pid}"
        line = f"{occupant} has held {occupant.lock} {length}: waiting. {_what_to_do(occupant)}"
    host.progress(0, 0, progress)
    host.log(line)


def _given_up(occupant: Occupant, seconds: float) -> Problem:
    length = f" after {seconds // 60:.0f} min of waiting" if seconds >= _LONG else ""
    return Problem(
        f"{occupant} still holds {occupant.lock}{length}",
        cure=f"{_what_to_do(occupant)} Then run this again.",
    )


def _what_to_do(occupant: Occupant) -> str:
    return (
        f"What it does: ps -fp {occupant.pid}. If it works, let it end; if it hangs, stop it the"
        " way it was started (its window, systemctl stop); never delete the lock."
    )
