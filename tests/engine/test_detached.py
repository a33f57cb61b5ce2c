"""The engine in a session of its own: how it starts, what outlives what, how it stops."""

import os
import signal
import sys
import time
from pathlib import Path

import pexpect
import pytest

from tests.engine.slow_build import OPTIONS, prepare
from wizard.engine import detached
from wizard.engine.files.staging import digest
from wizard.engine.runs.follow import Follower, engine, follow
from wizard.model.events import Finding, Reversed, RunFinished, RunStarted
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

STARTER = """
import os, time
from pathlib import Path
from wizard.engine import detached
from wizard.engine.files.staging import digest
home = Path(os.environ["DEVSTACK_VENV_STATE"])
print("FOLDER", detached.start({options}, os.environ, home), "END")
time.sleep(60)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def started(place: Path, seconds: float = 0) -> Path:
    environ = prepare(place, seconds=seconds)
    folder = detached.start(OPTIONS, environ, place / "state")
    assert isinstance(folder, Path), folder
    return folder


def status(folder: Path) -> int | None:
    """Follow a run to its end and return its exit status; None when it was broken off."""
    events = [stamped.event for stamped in follow(folder)]
    assert isinstance(events[0], RunStarted)
    return events[-1].status if isinstance(events[-1], RunFinished) else None


def left(place: Path, folder: Path) -> list[str]:
    """Wait for the engine of a run to be gone; return what is in the state folder then."""
    deadline = time.monotonic() + 60
    while engine(folder) is not None:
        assert time.monotonic() < deadline, "the engine does not end"
        time.sleep(0.02)
    return [entry.name for entry in (place / "state").iterdir()]


def in_terminal(place: Path, seconds: float) -> tuple[pexpect.spawn, Path]:
    """Start a build from a process that has a terminal, as the wizard does."""
    code = STARTER.format(options=OPTIONS)
    environ = prepare(place, seconds=seconds)
    child = pexpect.spawn(sys.executable, ["-c", code], env=environ, cwd=str(place))
    child.expect(r"FOLDER (\S+) END")
    return child, Path(child.match[1].decode())


def test_a_build_is_followed_from_its_first_event_to_its_last(place: Path) -> None:
    assert status(started(place)) == ExitStatus.DONE
    assert "USE_VENV=False" in (place / "local.conf").read_text()


def test_the_engine_leads_a_session_without_a_terminal(place: Path) -> None:
    folder = started(place, seconds=3)
    pid = engine(folder)
    assert pid is not None
    assert os.getsid(pid) == pid
    terminal = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[4]
    assert terminal == "0"
    assert Path(f"/proc/{pid}/fd/0").readlink() == Path("/dev/null")
    assert status(folder) == ExitStatus.DONE


def test_what_it_says_goes_to_a_file_in_the_run_folder(place: Path) -> None:
    folder = started(place)
    assert status(folder) == ExitStatus.DONE
    assert "run_started" in (folder / detached.SPOKEN).read_text()
    assert left(place, folder) == ["runs"]


def test_closing_the_terminal_does_not_stop_it(place: Path) -> None:
    child, folder = in_terminal(place, seconds=3)
    child.close(force=False)  # the kernel hangs up on who is in the foreground
    assert not child.isalive()
    assert engine(folder) is not None
    assert status(folder) == ExitStatus.DONE


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_end_of_who_started_it_does_not_stop_it(place: Path, number: signal.Signals) -> None:
    child, folder = in_terminal(place, seconds=3)
    child.kill(number)
    child.wait()
    assert engine(folder) is not None
    assert status(folder) == ExitStatus.DONE
    child.close()


def test_ctrl_c_in_the_terminal_does_not_reach_it(place: Path) -> None:
    child, folder = in_terminal(place, seconds=3)
    child.sendintr()
    child.wait()
    assert status(folder) == ExitStatus.DONE
    child.close()


def test_stop_ends_it_in_order(place: Path) -> None:
    folder = started(place, seconds=60)
    begun = time.monotonic()
    assert detached.stop(folder)
    assert status(folder) == ExitStatus.TERMINATED
    assert time.monotonic() - begun < 20


def test_there_is_nothing_to_stop_when_it_is_over(place: Path) -> None:
    folder = started(place)
    assert status(folder) == ExitStatus.DONE
    while engine(folder) is not None:
        time.sleep(0.05)
    assert not detached.stop(folder)


def test_a_killed_engine_is_noticed(place: Path) -> None:
    folder = started(place, seconds=60)
    pid = engine(folder)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert status(folder) is None
    follower = Follower(folder)
    while not follower.over:
        follower.news()
    assert follower.broken_off
    follower.close()


def test_a_build_that_is_refused_says_everything_that_is_wrong(place: Path) -> None:
    environ = prepare(place)
    (place / "answers.toml").write_text('[venv]\npath = "relative"\nspeed = 3\n')
    problems = detached.start(OPTIONS, environ, place / "state")
    assert isinstance(problems, tuple)
    assert len(problems) == 2
    assert {problem.status for problem in problems} == {ExitStatus.ANSWERS}
    assert all(problem.what for problem in problems)
    assert list((place / "state").iterdir()) == []


def test_wrong_usage_is_a_problem_in_its_own_words(place: Path) -> None:
    problems = detached.start(("--no-such-option",), prepare(place), place / "state")
    assert isinstance(problems, tuple)
    assert "--no-such-option" in problems[0].what
    assert problems[0].status == ExitStatus.USAGE


def test_a_state_folder_that_cannot_be_made_is_a_problem(place: Path) -> None:
    (place / "file").touch()
    problems = detached.start(OPTIONS, prepare(place), place / "file" / "state")
    assert isinstance(problems, tuple)
    assert problems[0].status == ExitStatus.HOST


def test_a_second_build_of_the_same_is_refused_while_the_first_runs(place: Path) -> None:
    environ = prepare(place, seconds=4)  # local.conf is the run's from here on
    folder = detached.start(OPTIONS, environ, place / "state")
    assert isinstance(folder, Path)
    problems = detached.start(OPTIONS, environ, place / "state")
    assert isinstance(problems, tuple)
    assert problems[0].status == ExitStatus.LOCKED
    assert status(folder) == ExitStatus.DONE


def test_undo_tells_what_it_puts_back(place: Path) -> None:
    environ = prepare(place)
    before = (place / "local.conf").read_text()
    folder = started(place)
    assert status(folder) == ExitStatus.DONE
    events = list(detached.undo((), folder.name, environ, place / "state"))
    assert (place / "local.conf").read_text() == before
    assert any(isinstance(event, Reversed) for event in events)
    assert isinstance(events[-1], RunFinished)
    assert events[-1].status == ExitStatus.DONE
    assert left(place, folder) == ["runs"]


def test_undo_of_a_run_that_is_not_there_is_refused(place: Path) -> None:
    events = list(detached.undo((), "20200101-000000-0000", prepare(place), place / "state"))
    assert any(isinstance(event, Finding | Problem) for event in events)


def test_the_next_run_removes_what_a_killed_one_left_beside_local_conf(place: Path) -> None:
    environ = prepare(place)
    old = (place / "local.conf").read_bytes()
    displaced = place / f".local.conf.{'1' * 16}.{digest(old)[:16]}-{'0' * 16}.devstack-venv~"
    for _ in range(2):  # the second writes nothing
        folder = detached.start(OPTIONS, environ, place / "state")
        assert isinstance(folder, Path), folder
        assert status(folder) == ExitStatus.DONE
        displaced.write_bytes(old)
    folder = detached.start(OPTIONS, environ, place / "state")
    assert isinstance(folder, Path), folder
    assert status(folder) == ExitStatus.DONE
    assert not displaced.exists()
