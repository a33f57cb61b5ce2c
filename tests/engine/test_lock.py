import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from wizard.engine.lock import lock_file
from wizard.engine.lock.holder import (
    Holder,
    Process,
    named_jobs,
    processes_with,
    started,
    this_process,
)
from wizard.engine.lock.lock import Lock, acquire
from wizard.engine.lock.lock_file import lock_path, shared_folder
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
REPOSITORY = Path(__file__).parents[2]

RUN = """
import os, subprocess, sys, time
from pathlib import Path
from wizard.engine.lock.holder import name_job, this_process
from wizard.engine.lock.lock import acquire
folder, job, *targets = sys.argv[1:]
lock = acquire(targets, this_process("20260101-120000-abcd", "/run/folder"), folder=Path(folder))
if job:
    started = subprocess.Popen(["sleep", job], pass_fds=lock.fds, stdout=subprocess.DEVNULL)
    if "named" in os.environ:
        name_job(lock.fds, started.pid)
print("ready", flush=True)
sys.stdin.readline()
lock.release()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "lock"
    path.mkdir()
    return path


@pytest.fixture
def venv(tmp_path: Path) -> str:
    return str(tmp_path / "global-venv")


@contextmanager
def other_run(
    folder: Path, *targets: str, job: str = "", named: bool = False
) -> Iterator[subprocess.Popen[Any]]:
    """Another process with a run that holds locks until it reads a line."""
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(folder), job, *targets],
        cwd=REPOSITORY,
        env={**os.environ, **({"named": ""} if named else {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "ready\n"
    if job:
        wait_for_job(folder, f"sleep {job}")
    with run:
        yield run
        run.kill()


def take(folder: Path, *targets: str) -> Lock | Problem:
    return acquire(targets, this_process("mine", "/mine"), folder=folder)


def locked(outcome: Lock | Problem) -> Problem:
    assert isinstance(outcome, Problem)
    assert outcome.status is ExitStatus.LOCKED
    return outcome


def taken(outcome: Lock | Problem) -> Lock:
    assert isinstance(outcome, Lock), outcome
    return outcome


class TestAcquire:
    def test_leaves_no_file_after_release(self, folder: Path, venv: str) -> None:
        lock = taken(take(folder, venv))
        assert len(list(folder.iterdir())) == 1
        lock.release()
        assert list(folder.iterdir()) == []

    def test_says_in_the_file_who_holds_it(self, folder: Path, venv: str) -> None:
        lock = taken(take(folder, venv))
        said = json.loads(lock_path(venv, folder).read_text())
        lock.release()
        assert said["pid"] == os.getpid()
        assert said["start"] == started(os.getpid())
        assert (said["run"], said["folder"]) == ("mine", "/mine")

    def test_lets_everybody_read_who_holds_it(self, folder: Path, venv: str) -> None:
        before = os.umask(0o077)
        try:
            lock = taken(take(folder, venv))
        finally:
            os.umask(before)
        assert stat.S_IMODE(lock_path(venv, folder).stat().st_mode) == 0o644
        lock.release()

    def test_takes_every_spelling_of_a_path_for_the_same(
        self, folder: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "venv").mkdir()
        (tmp_path / "link").symlink_to("venv")
        lock = taken(take(folder, str(tmp_path / "venv")))
        locked(take(folder, f"{tmp_path}/link/../link/"))
        lock.release()

    def test_takes_the_same_target_twice_for_one(self, folder: Path, venv: str) -> None:
        lock = taken(take(folder, venv, venv))
        assert len(lock.fds) == 1
        lock.release()

    def test_keeps_different_targets_apart(self, folder: Path, venv: str) -> None:
        with other_run(folder, venv):
            taken(take(folder, venv + "2")).release()

    def test_takes_all_or_none(self, folder: Path, tmp_path: Path) -> None:
        targets = [str(tmp_path / name) for name in "abcdef"]
        with other_run(folder, targets[3]):
            locked(take(folder, *targets))
            others = [target for target in targets if target != targets[3]]
            taken(take(folder, *others)).release()

    def test_takes_over_the_file_of_a_killed_run(self, folder: Path, venv: str) -> None:
        with other_run(folder, venv) as run:
            run.kill()
            run.wait()
            assert lock_path(venv, folder).exists()
            taken(take(folder, venv)).release()

    def test_locks_the_new_file_when_the_old_one_is_removed_meanwhile(
        self, folder: Path, venv: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = lock_path(venv, folder)
        real = lock_file.open_file
        calls: list[Path] = []

        def removed_meanwhile(path: Path) -> int:
            descriptor = real(path)
            if not calls:
                path.unlink()
            calls.append(path)
            return descriptor

        monkeypatch.setattr(lock_file, "open_file", removed_meanwhile)
        lock = taken(take(folder, venv))
        assert len(calls) == 2
        assert lock_file.is_at(lock.fds[0], path)
        lock.release()

    def test_two_runs_that_want_the_same_two_targets_both_get_their_turn(
        self, folder: Path, tmp_path: Path
    ) -> None:
        contest = """
import random, sys, time
from pathlib import Path
from wizard.engine.lock.holder import this_process
from wizard.engine.lock.lock import Lock, acquire
folder, *targets = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
won = 0
end = time.monotonic() + 1
while time.monotonic() < end:
    time.sleep(random.random() / 1000)
    lock = acquire(targets, this_process("x", "y"), folder=Path(folder))
    if isinstance(lock, Lock):
        won += 1
        lock.release()
print(won)
"""
        targets = [str(tmp_path / "a"), str(tmp_path / "b")]
        runs = [
            subprocess.Popen(
                [sys.executable, "-c", contest, str(folder), *order],
                cwd=REPOSITORY,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for order in (targets, targets[::-1])
        ]
        for run in runs:
            assert run.stdout is not None
            assert run.stdout.readline() == "ready\n"
        for run in runs:
            assert run.stdin is not None
            run.stdin.write("go\n")
            run.stdin.flush()
        won = [int(run.communicate(timeout=60)[0]) for run in runs]
        assert min(won) > 0
        assert list(folder.iterdir()) == []


class TestMessage:
    def test_names_the_run_its_user_and_since_when(self, folder: Path, venv: str) -> None:
        with other_run(folder, venv) as run:
            problem = locked(take(folder, venv))
        assert problem.where == venv
        assert f"pid {run.pid}, since {time.strftime('%H:')}" in problem.what
        assert "run 20260101-120000-abcd of " in problem.what
        assert problem.cure == "Follow it: devstack-venv --attach 20260101-120000-abcd"

    def test_says_that_the_holder_is_stopped(self, folder: Path, venv: str) -> None:
        with other_run(folder, venv) as run:
            run.send_signal(signal.SIGSTOP)
            wait_for_state(run.pid, "T")
            problem = locked(take(folder, venv))
            run.send_signal(signal.SIGCONT)
        assert "which is stopped" in problem.what
        assert f"kill -CONT {run.pid}" in problem.cure

    def test_names_the_job_that_outlives_a_killed_run(self, folder: Path, venv: str) -> None:
        with other_run(folder, venv, job="600") as run:
            run.kill()
            run.wait()
            problem = locked(take(folder, venv))
            assert "a job of run 20260101-120000-abcd" in problem.what
            assert "(sleep 600)" in problem.what
            job = int(problem.what.split("pid ")[1].split()[0])
            os.kill(job, signal.SIGKILL)
            wait_for_end(job)
        taken(take(folder, venv)).release()

    @as_root
    def test_names_the_job_of_root_to_another_user(self, tmp_path: Path, venv: str) -> None:
        with other_run(for_all(tmp_path), venv, job="600", named=True) as run:
            run.kill()
            run.wait()
            os.seteuid(NOBODY)
            try:
                problem = locked(take(tmp_path / "lock", venv))
            finally:
                os.seteuid(0)
            assert "a job of run 20260101-120000-abcd" in problem.what
            assert re.search(r"still runs: pid \d+ \(sleep 600\)", problem.what)
            end_holders_of(lock_path(venv, tmp_path / "lock"))

    @as_root
    def test_says_how_to_find_one_that_it_may_not_see(self, tmp_path: Path, venv: str) -> None:
        with other_run(for_all(tmp_path), venv, job="600") as run:
            run.kill()
            run.wait()
            os.seteuid(NOBODY)
            try:
                problem = locked(take(tmp_path / "lock", venv))
            finally:
                os.seteuid(0)
            assert "may not be looked at from here" in problem.what
            look = problem.cure.partition("sudo ")[2].partition(";")[0]
            found = subprocess.run(["sh", "-c", look], capture_output=True, text=True, check=False)
            assert (
                f"pid {found.stdout.split('/')[2]} (" in locked(take(tmp_path / "lock", venv)).what
            )
            end_holders_of(lock_path(venv, tmp_path / "lock"))

    def test_takes_the_lock_of_a_job_that_is_just_ending(
        self, folder: Path, venv: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with other_run(folder, venv, job="600") as run:
            run.kill()
            run.wait()

            def ends_while_it_is_looked_for(device: int, inode: int) -> tuple[Process, ...]:
                for job in processes_with(device, inode):
                    os.kill(job.pid, signal.SIGKILL)
                    wait_for_end(job.pid)
                return ()

            name = "wizard.engine.lock.lock.processes_with"
            monkeypatch.setattr(name, ends_while_it_is_looked_for)
            taken(take(folder, venv)).release()

    def test_believes_a_run_that_signs_a_moment_after_it_has_the_lock(
        self, folder: Path, venv: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with other_run(folder, venv) as run:
            path = lock_path(venv, folder)
            said = path.read_bytes()
            path.write_bytes(Holder(1, -5, "root", 0.0, "old", "/f").encode())

            def signs_while_it_is_looked_for(device: int, inode: int) -> tuple[Process, ...]:
                path.write_bytes(said)
                return processes_with(device, inode)

            name = "wizard.engine.lock.lock.processes_with"
            monkeypatch.setattr(name, signs_while_it_is_looked_for)
            assert f"(pid {run.pid}, since" in locked(take(folder, venv)).what

    def test_does_not_name_a_run_that_is_dead_and_not_buried(self, folder: Path, venv: str) -> None:
        with other_run(folder, venv, job="600") as run:
            run.kill()
            os.waitid(os.P_PID, run.pid, os.WEXITED | os.WNOWAIT)
            assert "which itself is over, still runs" in locked(take(folder, venv)).what
            end_holders_of(lock_path(venv, folder))

    def test_does_not_name_a_job_that_is_over(self, folder: Path, venv: str) -> None:
        with other_run(folder, venv) as run:
            content = lock_path(venv, folder).read_bytes()
            alive, dead = ({"pid": os.getpid(), "start": started(os.getpid()) + n} for n in (0, 1))
            lines = b"".join(json.dumps(job).encode() + b"\n" for job in (alive, dead))
            assert [job.pid for job in named_jobs(content + lines + b"{torn")] == [os.getpid()]
            assert run.poll() is None

    @pytest.mark.parametrize(
        "said", [b"", b"{", b"[]", b'{"pid": 1e999}', b'{"pid":1,"start":1}', b"\xff" * 5000]
    )
    def test_survives_whatever_the_file_says(self, folder: Path, venv: str, said: bytes) -> None:
        with other_run(folder, venv) as run:
            lock_path(venv, folder).write_bytes(said)
            problem = locked(take(folder, venv))
            assert f"pid {run.pid}" in problem.what

    def test_shows_no_control_characters_of_others(self, folder: Path, venv: str) -> None:
        me = Holder(os.getpid(), started(os.getpid()), "\x1b[2Jmallory", 0.0, "r\nun", "/f")
        with other_run(folder, venv):
            lock_path(venv, folder).write_bytes(me.encode())
            problem = locked(take(folder, venv))
        assert "of mallory" in problem.what
        assert str(problem).isprintable()

    def test_does_not_take_a_reused_pid_for_the_holder(self, folder: Path, venv: str) -> None:
        other = Holder(os.getpid(), started(os.getpid()) + 1, "somebody", 0.0, "old", "/f")
        with other_run(folder, venv):
            lock_path(venv, folder).write_bytes(other.encode())
            assert "a job of run old" in locked(take(folder, venv)).what


class TestInheritedLock:
    def test_outlives_the_run_that_released_it(self, folder: Path, venv: str) -> None:
        with other_run(folder, venv, job="600") as run:
            run.communicate("\n")
            assert lock_path(venv, folder).exists()
            locked(take(folder, venv))
            end_holders_of(lock_path(venv, folder))
        taken(take(folder, venv)).release()

    def test_is_passed_on_only_where_asked(self, folder: Path, venv: str) -> None:
        lock = taken(take(folder, venv))
        bystander = subprocess.Popen(["sleep", "600"])
        lock.release()
        taken(take(folder, venv)).release()
        bystander.kill()
        bystander.wait()


class TestHostileFolder:
    def test_a_link_is_not_followed(self, folder: Path, venv: str, tmp_path: Path) -> None:
        precious = tmp_path / "precious"
        precious.write_text("text")
        lock_path(venv, folder).symlink_to(precious)
        problem = locked(take(folder, venv))
        assert "cannot be opened" in problem.what
        assert precious.read_text() == "text"

    def test_a_link_to_nothing_makes_nothing(self, folder: Path, venv: str, tmp_path: Path) -> None:
        lock_path(venv, folder).symlink_to(tmp_path / "made")
        locked(take(folder, venv))
        assert not (tmp_path / "made").exists()

    def test_a_fifo_does_not_block(self, folder: Path, venv: str) -> None:
        os.mkfifo(lock_path(venv, folder))
        assert "not a regular file" in locked(take(folder, venv)).what

    @as_root
    def test_a_file_of_another_user_locks_all_the_same(self, tmp_path: Path, venv: str) -> None:
        folder = for_all(tmp_path)
        lock_path(venv, folder).touch(mode=0o644)
        os.seteuid(NOBODY)
        try:
            lock = taken(take(folder, venv))
            locked(take(folder, venv))
            lock.release()
        finally:
            os.seteuid(0)
        assert lock_path(venv, folder).exists()
        taken(take(folder, venv)).release()


class TestSharedFolder:
    def test_is_one_that_everybody_may_write(self, tmp_path: Path) -> None:
        for name, mode in (("private", 0o755), ("open", 0o777), ("shared", 0o1777)):
            (tmp_path / name).mkdir()
            (tmp_path / name).chmod(mode)
        places = tuple(str(tmp_path / name) for name in ("no", "private", "open", "shared"))
        assert shared_folder(places) == tmp_path / "shared"

    def test_is_there_on_this_host(self) -> None:
        assert os.access(shared_folder(), os.W_OK)


def for_all(tmp_path: Path) -> Path:
    """A folder like /run/lock."""
    folder = tmp_path / "lock"
    folder.mkdir()
    folder.chmod(0o1777)
    for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        parent.chmod(0o755)
    return folder


def wait_for_job(folder: Path, command: str) -> None:
    """A process that is about to become another program has no command line for an instant."""
    (file,) = (path.stat() for path in folder.iterdir())
    deadline = time.monotonic() + 10
    while command not in {one.command for one in processes_with(file.st_dev, file.st_ino)}:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for_state(pid: int, state: str) -> None:
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != state:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + 10
    while started(pid) != -1 and Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.01)


def end_holders_of(path: Path) -> None:
    for process in processes_with(path.stat().st_dev, path.stat().st_ino):
        if process.command == "sleep 600":
            os.kill(process.pid, signal.SIGKILL)
            wait_for_end(process.pid)
