"""The one module that starts processes."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from wizard.engine.cancel import Cancel
from wizard.engine.ending import TICK, end_what_is_left, follow, signal_group
from wizard.engine.lock.holder import name_job
from wizard.engine.process_tree import AsRoot, holding
from wizard.model.machine import Account, Command, Completed, Ending, Identity

KILL_GRACE = 5.0  # seconds between TERM and KILL
FLOOD = 16 * 1024 * 1024  # bytes that one question may answer
NOT_FOUND = 127
TIMED_OUT = 124
_ASKED: set[int] = set()  # the questions under way, by process id
_LEFT_RUNNING: list[subprocess.Popen[bytes]] = []  # kept: Python would complain of them else
NOBODY = Account("nobody", 65534, 65534, "/nonexistent")


@dataclass(frozen=True, slots=True)
class Launch:
    """Everything the kernel needs to know to start a command."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: str
    account: Account | None  # become this user first; None: stay who we are


@dataclass(frozen=True, slots=True)
class Launcher:
    """Turns a command into a launch: who runs it, below which root, by sudo or directly."""

    root: str  # "/" or the folder of a system image
    are_root: bool
    environment: Callable[[Account], Mapping[str, str]]

    def launch(self, command: Command, user: Account) -> Launch:
        """Return how to start ``command`` for the work's user."""
        account = Account("root", 0, 0, "/root") if command.identity is Identity.ROOT else user
        if account.uid < 0:
            account = NOBODY  # the user is yet to be made: questions are asked without rights
        env = {**self.environment(account), **command.env}
        if self.root != "/":
            return Launch(self._below_root(command, account), env, "/", None)
        if self.are_root:
            become = None if command.identity is Identity.ROOT else account
            return Launch(command.argv, env, command.cwd, become)
        if command.identity is Identity.ROOT:
            return Launch(_by_sudo(command), env, command.cwd, None)
        return Launch(command.argv, env, command.cwd, None)

    def _below_root(self, command: Command, account: Account) -> tuple[str, ...]:
        who = f"--userspec={account.uid}:{account.gid}"
        inside = ("env", f"--chdir={command.cwd}", *command.argv)
        return ("chroot", who, "--groups=", "--", self.root, *inside)


def _by_sudo(command: Command) -> tuple[str, ...]:
    """Prefix sudo; it resets the environment, so what the command needs goes through env(1)."""
    variables = tuple(f"{name}={value}" for name, value in command.env.items())
    return ("sudo", "-n", "--", *(("env", *variables) if variables else ()), *command.argv)


def run(launch: Launch, *, stdin: bytes = b"", timeout: float) -> Completed:
    """Run a short question to its end and return what it said; never raises for its failure.

    Its three streams are memory files: nothing blocks, and a flood ends at ``FLOOD`` bytes.
    """
    given, said, complained = (os.memfd_create(name) for name in ("stdin", "stdout", "stderr"))
    try:
        os.write(given, stdin)
        os.lseek(given, 0, os.SEEK_SET)
        process = _popen(launch, stdin=given, stdout=said, stderr=complained)
        _ASKED.add(process.pid)
        try:
            in_time = _wait(process, timeout, (said, complained))
        finally:
            _ASKED.discard(process.pid)
        code = process.returncode if in_time else TIMED_OUT
        return Completed(code, _content(said), _content(complained))
    except OSError as error:
        return Completed(NOT_FOUND, stderr=f"{launch.argv[0]}: {error.strerror}".encode())
    finally:
        for fd in (given, said, complained):
            os.close(fd)


def stop_asking() -> None:
    """End every question that is under way: nobody waits for its answer any more."""
    for pid in tuple(_ASKED):
        signal_group(pid, signal.SIGKILL)


def _wait(process: subprocess.Popen[bytes], timeout: float, outputs: Sequence[int]) -> bool:
    """Wait for a question's answer; False when it had to be killed (too long, or too much)."""
    deadline = time.monotonic() + timeout
    pidfd = os.pidfd_open(process.pid)
    try:
        while process.poll() is None:
            select.select([pidfd], [], [], TICK)
            flooded = any(os.fstat(fd).st_size > FLOOD for fd in outputs)
            if flooded or time.monotonic() > deadline:
                signal_group(process.pid, signal.SIGKILL)
                select.select([pidfd], [], [], KILL_GRACE)  # sudo's children are beyond us
                process.poll()
                return False
    finally:
        os.close(pidfd)
    return True


def _content(fd: int) -> bytes:
    os.lseek(fd, 0, os.SEEK_SET)
    with os.fdopen(os.dup(fd), "rb") as file:
        return file.read(FLOOD)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended; ``left_running`` when it was not waited for."""

    returncode: int
    seconds: float
    left_running: bool = False


def supervise(
    launch: Launch,
    *,
    output: int,
    ending: Ending,
    nice: int,
    keep_fds: Sequence[int],
    cancel: Cancel,
    on_tick: Callable[[], None],
    as_root: AsRoot | None = None,
) -> Ended:
    """Run a long job whose output goes straight into the file ``output``.

    Our own death cannot hurt it: it holds no pipe of ours, and it inherits the lock (``keep_fds``).
    """
    started = time.monotonic()
    if ending is Ending.SPARE:
        launch = replace(launch, argv=(*holding(keep_fds), *launch.argv))
    try:
        process = _popen(
            launch,
            stdin=subprocess.DEVNULL,
            stdout=output,
            keep_fds=keep_fds,
            own_session=ending is Ending.SPARE,
        )
    except OSError as error:
        os.write(output, f"{launch.argv[0]}: {error.strerror}\n".encode())
        return Ended(NOT_FOUND, time.monotonic() - started)
    name_job(keep_fds, process.pid)
    if nice:
        os.setpriority(os.PRIO_PROCESS, process.pid, nice)
    left = follow(process, ending, cancel, on_tick, as_root)
    if process.returncode and ending is Ending.KILL:
        end_what_is_left(process)
    if left:
        _LEFT_RUNNING.append(process)
    return Ended(process.returncode or 0, time.monotonic() - started, left_running=left)


def detach(argv: Sequence[str], *, env: Mapping[str, str], output: int) -> Callable[[], int | None]:
    """Start something that is to outlive us; return what tells its exit status, None till then.

    A session of its own has no terminal: neither Ctrl-C nor the terminal's end (SIGHUP) reach it.
    """
    process = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(env),
        start_new_session=True,
    )
    _LEFT_RUNNING.append(process)
    return process.poll


def _popen(
    launch: Launch,
    *,
    stdin: int,
    stdout: int,
    stderr: int = subprocess.STDOUT,
    keep_fds: Sequence[int] = (),
    own_session: bool = False,
) -> subprocess.Popen[bytes]:
    """Start in a process group of its own, so that the terminal's Ctrl-C does not reach it.

    In a session of its own there is no terminal at all that something could ask on.
    """
    account = launch.account
    return subprocess.Popen(
        launch.argv,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        env=dict(launch.env),
        cwd=launch.cwd,
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else _groups(account),
        process_group=None if own_session else 0,
        start_new_session=own_session,
        pass_fds=tuple(keep_fds),
        umask=0o022,
    )


def _groups(account: Account) -> list[int]:
    return os.getgrouplist(account.name, account.gid)
