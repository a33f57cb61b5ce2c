"""The screen of a real build in a real terminal: it may be left in any way, and come back to."""

import os
import re
import signal
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.slow_build import OPTIONS, prepare
from tests.tui.terminal import Terminal
from wizard.engine import detached
from wizard.engine.runs.follow import engine, follow
from wizard.model.events import RunFinished
from wizard.model.exit_status import ExitStatus

LEAVES_ALTERNATE_SCREEN = b"\x1b[?1049l"
SHOWS_CURSOR = b"\x1b[?25h"


def attached(folder: Path, environ: dict[str, str]) -> Terminal:
    """A terminal that shows a run."""
    return Terminal([sys.executable, "-m", "wizard", "--attach", folder.name], environ)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return prepare(tmp_path, seconds=6)


@pytest.fixture
def folder(
    tmp_path: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The run folder of a real build that takes some seconds."""
    monkeypatch.chdir(tmp_path)
    started = detached.start(OPTIONS, environ, tmp_path / "state")
    assert isinstance(started, Path), started
    yield started
    detached.stop(started)


def ends_well(folder: Path) -> bool:
    *_, last = (stamped.event for stamped in follow(folder))
    return isinstance(last, RunFinished) and last.status == ExitStatus.DONE


def test_the_screen_leads_from_a_build_to_its_result(folder: Path, environ: dict[str, str]) -> None:
    with attached(folder, environ) as terminal:
        terminal.shows("Building")
        terminal.shows("asking")
        terminal.shows("✓ Built in")
        terminal.shows("esc Leave")
        terminal.child.send("\x1b")
        assert terminal.ends() == ExitStatus.DONE
        assert LEAVES_ALTERNATE_SCREEN in terminal.written


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_ends_the_screen_in_order_and_not_the_build(
    folder: Path, environ: dict[str, str], number: signal.Signals
) -> None:
    with attached(folder, environ) as terminal:
        settings = termios.tcgetattr(terminal.child.child_fd)
        terminal.shows("Building")
        terminal.child.kill(number)
        assert terminal.ends() == ExitStatus.TERMINATED
        assert termios.tcgetattr(terminal.child.child_fd) == settings
        assert LEAVES_ALTERNATE_SCREEN in terminal.written
        assert terminal.written.rindex(SHOWS_CURSOR) > terminal.written.rindex(b"\x1b[?25l")
    assert engine(folder) is not None
    assert ends_well(folder)


def test_closing_the_terminal_ends_the_screen_and_not_the_build(
    folder: Path, environ: dict[str, str]
) -> None:
    with attached(folder, environ) as terminal:
        terminal.shows("Building")
        pid = terminal.child.pid
        terminal.child.ptyproc.fileobj.close()
        deadline = time.monotonic() + 10
        while os.waitpid(pid, os.WNOHANG) == (0, 0):
            assert time.monotonic() < deadline, "the screen outlives its terminal"
            time.sleep(0.05)
    assert ends_well(folder)


def test_after_a_kill_attaching_shows_everything_from_the_start(
    folder: Path, environ: dict[str, str]
) -> None:
    with attached(folder, environ) as terminal:
        terminal.shows("Building")
        terminal.child.kill(signal.SIGKILL)
        assert terminal.ends() is None
    with attached(folder, environ) as terminal:
        terminal.shows("block written")
        terminal.shows("✓ Built in")
    assert ends_well(folder)


def test_detaching_says_how_to_come_back(folder: Path, environ: dict[str, str]) -> None:
    with attached(folder, environ) as terminal:
        terminal.shows("Building")
        terminal.child.send("\x04")
        assert terminal.ends() == ExitStatus.DONE
        assert f"devstack-venv --attach {folder.name}".encode() in terminal.written
    assert ends_well(folder)


def test_stopping_asks_and_ends_in_order(folder: Path, environ: dict[str, str]) -> None:
    with attached(folder, environ) as terminal:
        terminal.shows("Building")
        terminal.child.send("\x03")
        terminal.shows("The build is still running")
        terminal.child.send("\t\r")
        terminal.shows("Stopped after")
    *_, last = (stamped.event for stamped in follow(folder))
    assert isinstance(last, RunFinished)
    assert last.status == ExitStatus.TERMINATED


def test_undo_on_the_result_puts_everything_back(
    tmp_path: Path, folder: Path, environ: dict[str, str]
) -> None:
    with attached(folder, environ) as terminal:
        terminal.shows("✓ Built in")
        assert "USE_VENV" in (tmp_path / "local.conf").read_text()
        terminal.shows("esc Leave")
        terminal.child.send("u")
        terminal.shows("Undo run")
        terminal.child.send("\r")
        terminal.shows("is undone")
    assert "USE_VENV" not in (tmp_path / "local.conf").read_text()


def test_nothing_hostile_in_a_log_reaches_the_terminal(
    folder: Path, environ: dict[str, str]
) -> None:
    with attached(folder, environ) as terminal:
        terminal.shows("Building")
        before = terminal.written
        with (folder / "build.log").open("ab") as log:
            log.write(b"\x1b]52;c;ZXZpbA==\x07\x1b[6n\x1b[?1000h\x1bcmarker \x9b2J end\n")
        terminal.shows("marker")
        new = terminal.written[len(before) :]
        for sequence in (b"]52", b"[6n", b"\x1bc", b"\x9b2J"):
            assert sequence not in new


@pytest.mark.parametrize("term", ["linux", "xterm-256color"])
def test_no_color_means_none(folder: Path, environ: dict[str, str], term: str) -> None:
    with attached(folder, environ | {"TERM": term, "NO_COLOR": "1"}) as terminal:
        terminal.shows("Building")
        terminal.shows("Stop")
        codes = re.findall(rb"\x1b\[([0-9;]*)m", terminal.written)
        parts = {part for code in codes for part in code.split(b";")}
        assert not parts & {b"38", b"48", *(b"%d" % n for n in (*range(30, 38), *range(40, 48)))}


def test_a_storm_of_window_changes_does_no_harm(folder: Path, environ: dict[str, str]) -> None:
    with attached(folder, environ) as terminal:
        terminal.shows("Building")
        for number in range(100):
            terminal.child.setwinsize(1 + number % 50, 1 + (number * 7) % 200)
            terminal.read()
        terminal.child.setwinsize(24, 80)
        terminal.screen.resize(24, 80)
        terminal.shows("✓ Built in")
