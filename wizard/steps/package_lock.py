"""Runs a package manager when no other one is at work, without touching anybody's lock."""

import time

from wizard.facts import package_manager
from wizard.model.distribution import Family
from wizard.model.events import WAITING
from wizard.model.machine import Command, JobEnded, Machine
from wizard.model.problem import Problem
from wizard.steps import package_commands
from wizard.steps.package_commands import Output

_SLICE = 30  # seconds until the lock is looked at again, whatever its holder does
_WAITED = (0, 124)  # the holder ended, or the slice did


def run_alone(
    host: Machine, family: Family, command: Command, output: Output, lock_timeout: int
) -> JobEnded | Problem:
    """Run a job, again when somebody took the lock in between, for ``lock_timeout`` seconds."""
    deadline = time.monotonic() + lock_timeout
    while True:
        if problem := _wait(host, family, deadline):
            return problem
        ended = host.job(command, output)
        if not package_commands.found_locked(family, ended.returncode):
            return ended
        if time.monotonic() > deadline:
            return ended


def wait_until_free(host: Machine, family: Family, seconds: int) -> Problem | None:
    """Wait until nobody holds a lock of the package manager."""
    return _wait(host, family, time.monotonic() + seconds)


def _wait(host: Machine, family: Family, deadline: float) -> Problem | None:
    """Wait for whoever holds a lock; the wait is a job, so that a run can be told to stop."""
    waited = ""
    while occupant := package_manager.of(family).occupant(host):
        left = min(_SLICE, int(deadline - time.monotonic()))
        if left <= 0:
            return Problem(
                f"{occupant} still holds {occupant.lock}",
                cure=f"Wait until it is done (ps -fp {occupant.pid}), then run this again; "
                "never delete the lock.",
            )
        host.progress(0, 0, f"{WAITING}{occupant}")
        host.log(f"{occupant} holds {occupant.lock}: waiting.")
        wait = ("timeout", str(left), "tail", f"--pid={occupant.pid}", "-f", "/dev/null")
        if host.job(Command(wait, timeout=2 * _SLICE)).returncode not in _WAITED:
            return Problem(f"stopped while waiting for {occupant}")
        waited = str(occupant)
    if waited:
        host.progress(0, 0, f"{waited} is done")
    return None
