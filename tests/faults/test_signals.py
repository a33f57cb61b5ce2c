"""Six kinds of job by seven things that happen to the one in front of them, in a real terminal."""

import os
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pexpect
import pytest

from tests.faults.front import JOBS, SLOW_ADDRESS
from wizard.engine.lock.holder import this_process
from wizard.engine.lock.lock import acquire
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

pytestmark = [pytest.mark.host, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]
NEVER_KILLED = "dpkg"
LIVES_ON = "the engine is killed"
EVENTS = {
    "Ctrl-C": ExitStatus.INTERRUPTED,
    "TERM": ExitStatus.TERMINATED,
    "HUP": ExitStatus.TERMINATED,
    "Ctrl-\\": ExitStatus.TERMINATED,
    "time runs out": ExitStatus.TIMED_OUT,
    "the terminal closes": None,
    LIVES_ON: None,
}
MATRIX = [(kind, event) for kind in JOBS for event in EVENTS]
POSTINST = (
    '#!/bin/sh\necho begin >>"$FAULT_FOLDER/told"\nsleep 1.5\necho end >>"$FAULT_FOLDER/told"\n'
)
PATIENCE = 60.0


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """What the jobs need: a package, and a server that takes connections and never answers."""
    control = tmp_path / "deb/DEBIAN"
    control.mkdir(parents=True)
    lines = ("Package: slow", "Version: 1", "Architecture: all", "Maintainer: a <a@localhost>")
    (control / "control").write_text("\n".join((*lines, "Description: slow", "")))
    (control / "postinst").write_text(POSTINST)
    (control / "postinst").chmod(0o755)
    build = ["dpkg-deb", "-b", str(control.parent), str(tmp_path / "slow.deb")]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    for place in ("info", "updates", "triggers"):
        (tmp_path / "tree/var/lib/dpkg" / place).mkdir(parents=True)
    for name in ("status", "available"):
        (tmp_path / "tree/var/lib/dpkg" / name).touch()
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        (tmp_path / SLOW_ADDRESS).write_text(f"127.0.0.1:{listening.getsockname()[1]}")
        yield tmp_path


class Front:
    """The program in a terminal."""

    def __init__(self, folder: Path, kind: str, timeout: float) -> None:
        self.folder = folder
        arguments = [str(ROOT / "tests/faults/front.py"), str(folder), kind, str(timeout)]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.child = pexpect.spawn(sys.executable, arguments, env=env, timeout=PATIENCE)
        self.settings = termios.tcgetattr(self.child.child_fd)

    def jobs(self) -> list[int]:
        """Every process of the job: it has the lock or the job's log open, or what it works on."""
        return [pid for pid in everybody() - {self.child.pid} if uses(pid, self.folder)]

    def wait_until(self, *, there: bool) -> None:
        """Wait until there are processes of the job, or until there are none."""
        deadline = time.monotonic() + PATIENCE
        while bool(self.jobs()) != there:
            assert time.monotonic() < deadline, f"jobs: {self.jobs()}"
            assert there is False or self.child.isalive(), self.child.read()
            time.sleep(0.02)

    def meet(self, event: str) -> None:
        """Let it happen."""
        if event == "Ctrl-C":
            self.child.sendintr()
        elif event == "Ctrl-\\":
            self.child.send("\x1c")
        elif event == "the terminal closes":
            os.close(os.dup(self.child.child_fd))
            self.child.ptyproc.fileobj.close()
        elif event == LIVES_ON:
            self.child.kill(signal.SIGKILL)
        elif event != "time runs out":
            self.child.kill(getattr(signal, f"SIG{event}"))


def everybody() -> set[int]:
    return {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}


def uses(pid: int, folder: Path) -> bool:
    with suppress(OSError):
        opened = Path(f"/proc/{pid}/fd").iterdir()
        return any(str(descriptor.readlink()).startswith(f"{folder}/") for descriptor in opened)
    return False


def ended(front: Front) -> int | None:
    """Wait for the front to end, without its terminal if need be."""
    deadline = time.monotonic() + PATIENCE
    while True:
        pid, status = os.waitpid(front.child.pid, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        assert time.monotonic() < deadline, "the front does not end"
        time.sleep(0.02)


def whatever_lives_on_is_named(front: Front, kind: str) -> None:
    """A job whose engine was killed keeps the next run out; here it is ended, unless it is dpkg."""
    problem = locked(front.folder)
    assert problem is None or "pid " in problem.what
    for pid in front.jobs() if kind != NEVER_KILLED else ():
        assert problem is not None
        os.kill(pid, signal.SIGKILL)


def locked(folder: Path) -> Problem | None:
    """Say who keeps the next run from starting, if anybody."""
    lock = acquire((str(folder),), this_process("next", ""), folder=folder)
    if isinstance(lock, Problem):
        return lock
    lock.release()
    return None


@pytest.mark.parametrize(("kind", "event"), MATRIX, ids=[f"{k}-{e}" for k, e in MATRIX])
def test_the_terminal_is_restored_no_dpkg_is_interrupted_and_nothing_is_orphaned(
    folder: Path, kind: str, event: str
) -> None:
    front = Front(folder, kind, timeout=1.5 if event == "time runs out" else 300)
    front.wait_until(there=True)
    if kind == NEVER_KILLED:
        while not (folder / "told").exists():
            time.sleep(0.02)
    front.meet(event)
    status = ended(front)
    if EVENTS[event] is not None:
        assert status == EVENTS[event]
    if event != "the terminal closes":
        assert termios.tcgetattr(front.child.child_fd) == front.settings
    if event == LIVES_ON:
        whatever_lives_on_is_named(front, kind)
    front.wait_until(there=False)
    assert locked(folder) is None
    if kind == NEVER_KILLED:
        assert (folder / "told").read_text().split() == ["begin", "end"]
        states = (folder / "tree/var/lib/dpkg/status").read_text()
        assert "Status: install ok installed" in states
