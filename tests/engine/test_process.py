"""How processes are started, followed and ended."""

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from wizard.engine import ending, process
from wizard.engine.cancel import Cancel
from wizard.engine.environment import scrubbed
from wizard.engine.process import Launch, Launcher, run, supervise
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Account, Command, Ending, Identity

ME = Account("me", os.getuid(), os.getgid(), "/tmp")
PATH = {"PATH": "/usr/bin:/bin"}


def launch(*argv: str) -> Launch:
    return Launch(argv, PATH, "/", None)


def shell(script: str) -> Launch:
    return launch("sh", "-c", script)


def test_a_question_gets_its_input_and_returns_both_streams() -> None:
    said = run(shell("cat; echo no >&2; exit 3"), stdin=b"yes", timeout=5)
    assert (said.returncode, said.stdout, said.stderr) == (3, b"yes", b"no\n")


def test_a_program_that_is_not_there_is_status_127() -> None:
    said = run(launch("no-such-program"), timeout=5)
    assert said.returncode == 127
    assert b"no-such-program" in said.stderr


def test_a_question_that_takes_too_long_is_killed_with_its_children() -> None:
    started = time.monotonic()
    said = run(shell("sleep 60 & echo $!; wait"), timeout=0.3)
    assert said.returncode == 124
    assert time.monotonic() - started < 5
    child = Path("/proc", said.stdout.decode().strip())
    while child.exists():  # the kernel reaps it in its own time
        assert time.monotonic() - started < 10
        time.sleep(0.05)


def test_a_flood_of_output_is_cut_off() -> None:
    said = run(launch("yes"), timeout=30)
    assert said.returncode == 124
    assert len(said.stdout) <= process.FLOOD


def follow(
    job: Launch, output: Path, *, ending: Ending = Ending.KILL, cancel: Cancel | None = None
) -> process.Ended:
    with output.open("wb") as file:
        return supervise(
            job,
            output=file.fileno(),
            ending=ending,
            nice=0,
            keep_fds=(),
            cancel=cancel or Cancel(),
            on_tick=lambda: None,
        )


@pytest.mark.parametrize("others", ["sleep 60", "trap '' TERM; sleep 60 & wait"])
def test_what_a_failed_job_leaves_running_is_ended_so_that_nothing_keeps_its_lock(
    tmp_path: Path, others: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "KILL_GRACE", 0.5)
    ended = follow(shell(f"({others}) & echo $!; exit 3"), tmp_path / "log")
    assert ended.returncode == 3
    orphan = Path("/proc", (tmp_path / "log").read_text().strip(), "stat")
    assert not orphan.exists() or orphan.read_text().split()[2] == "Z"


def test_a_package_manager_that_failed_keeps_what_it_started(tmp_path: Path) -> None:
    follow(shell("sleep 60 & echo $!; exit 3"), tmp_path / "log", ending=Ending.LET_FINISH)
    service = int((tmp_path / "log").read_text())
    os.kill(service, signal.SIGKILL)


def test_a_job_that_inherits_a_lock_is_named_in_the_locks_file(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("ab") as lock, (tmp_path / "log").open("wb") as log:
        lock.write(b"the run\n")
        lock.flush()
        supervise(
            shell("echo $$"),
            output=log.fileno(),
            ending=Ending.KILL,
            nice=0,
            keep_fds=(lock.fileno(),),
            cancel=Cancel(),
            on_tick=lambda: None,
        )
    run_, job = (tmp_path / "lock").read_text().splitlines()
    assert run_ == "the run"
    assert json.loads(job)["pid"] == int((tmp_path / "log").read_text())


def stop_soon(cancel: Cancel, *statuses: ExitStatus) -> None:
    for number, status in enumerate(statuses):
        threading.Timer(0.3 * (number + 1), cancel.stop, [status]).start()


def test_a_jobs_output_goes_straight_into_the_file(tmp_path: Path) -> None:
    ended = follow(shell("echo one; echo two >&2"), tmp_path / "log")
    assert ended.returncode == 0
    assert (tmp_path / "log").read_text() == "one\ntwo\n"


def test_a_job_has_no_standard_input(tmp_path: Path) -> None:
    assert follow(shell("read answer || echo nobody"), tmp_path / "log").returncode == 0
    assert (tmp_path / "log").read_text() == "nobody\n"


def test_a_job_that_may_be_killed_gets_term_first(tmp_path: Path) -> None:
    cancel = Cancel()
    stop_soon(cancel, ExitStatus.INTERRUPTED)
    ended = follow(
        shell("trap 'echo bye; exit 9' TERM; sleep 30 & wait"), tmp_path / "log", cancel=cancel
    )
    assert ended.returncode == 9
    assert (tmp_path / "log").read_text() == "bye\n"


def test_a_job_that_ignores_term_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "KILL_GRACE", 0.2)
    cancel = Cancel()
    stop_soon(cancel, ExitStatus.TERMINATED)
    ended = follow(shell("trap '' TERM; sleep 30"), tmp_path / "log", cancel=cancel)
    assert ended.returncode == -signal.SIGKILL


def test_a_package_manager_is_let_finish(tmp_path: Path) -> None:
    cancel = Cancel()
    stop_soon(cancel, ExitStatus.INTERRUPTED)
    ended = follow(
        shell("sleep 1; echo whole"), tmp_path / "log", ending=Ending.LET_FINISH, cancel=cancel
    )
    assert (ended.returncode, ended.left_running) == (0, False)
    assert (tmp_path / "log").read_text() == "whole\n"


def test_a_second_signal_leaves_the_package_manager_running(tmp_path: Path) -> None:
    cancel = Cancel()
    stop_soon(cancel, ExitStatus.INTERRUPTED, ExitStatus.INTERRUPTED)
    ended = follow(
        shell("sleep 2; echo whole"), tmp_path / "log", ending=Ending.LET_FINISH, cancel=cancel
    )
    assert ended.left_running
    time.sleep(2.2)
    assert (tmp_path / "log").read_text() == "whole\n"


def test_time_running_out_counts_as_a_wish_to_stop() -> None:
    cancel = Cancel(timeout=0.0)
    assert cancel.wanted
    assert cancel.status is ExitStatus.TIMED_OUT


def test_the_first_reason_to_stop_is_the_one_that_counts() -> None:
    cancel = Cancel()
    cancel.stop(ExitStatus.TERMINATED)
    cancel.stop(ExitStatus.INTERRUPTED)
    assert cancel.status is ExitStatus.TERMINATED
    assert cancel.hurry


def test_nothing_of_the_callers_environment_reaches_a_command() -> None:
    environ = {
        "VIRTUAL_ENV": "/v",
        "PYTHONPATH": "/p",
        "PIP_INDEX_URL": "x",
        "BASH_ENV": "/b",
        "LD_PRELOAD": "/l",
        "PATH": "/evil",
        "https_proxy": "proxy:3128",
        "SSL_CERT_FILE": "/ca.pem",
    }
    env = scrubbed(ME, environ)
    assert env["https_proxy"] == "proxy:3128"
    assert env["SSL_CERT_FILE"] == "/ca.pem"
    assert env["HOME"] == "/tmp"
    assert not {"VIRTUAL_ENV", "PYTHONPATH", "PIP_INDEX_URL", "BASH_ENV", "LD_PRELOAD"} & set(env)
    assert "/evil" not in env["PATH"]


def launcher(*, are_root: bool, root: str = "/") -> Launcher:
    return Launcher(root, are_root, lambda account: {"HOME": account.home})


def test_a_user_asks_sudo_for_what_needs_root() -> None:
    command = Command(("apt-get", "update"), Identity.ROOT, env={"A": "b"})
    assert launcher(are_root=False).launch(command, ME).argv == (
        *("sudo", "-n", "--", "env", "A=b"),
        *("apt-get", "update"),
    )


def test_root_becomes_the_works_user_without_sudo() -> None:
    started = launcher(are_root=True).launch(Command(("id",)), ME)
    assert (started.argv, started.account) == (("id",), ME)


def test_a_user_that_does_not_exist_yet_is_nobody() -> None:
    missing = Account("stack", -1, -1, "/opt/stack")
    started = launcher(are_root=True).launch(Command(("id",)), missing)
    assert started.account == process.NOBODY


def test_below_another_root_commands_are_chrooted_as_the_user() -> None:
    started = launcher(are_root=True, root="/image").launch(Command(("id",)), ME)
    assert started.argv[:4] == ("chroot", f"--userspec={ME.uid}:{ME.gid}", "--groups=", "--")
    assert started.argv[4] == "/image"
    assert started.argv[-1] == "id"
