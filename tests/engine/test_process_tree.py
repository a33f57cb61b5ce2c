"""How a script is ended that runs package managers: with all that it started but those."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wizard.engine import process, process_tree
from wizard.engine.cancel import Cancel
from wizard.engine.process import Ended, Launch
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Ending

PATIENCE = 15.0
LOOKS = 1.0  # seconds: many looks at what is to end


class Script:
    """A script that a run follows until ``stop`` is called and all is over."""

    def __init__(self, folder: Path, text: str) -> None:
        self.log = folder / "log"
        self.cancel = Cancel()
        self.ended: Ended | None = None
        self.as_root: list[tuple[str, ...]] = []
        self._argv = ("bash", "-c", text)
        self._path = f"{folder}:/usr/bin:/bin"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        read, write = os.pipe()
        with self.log.open("wb") as file:
            self.ended = process.supervise(
                Launch(self._argv, {"PATH": self._path}, "/", None),
                output=file.fileno(),
                ending=Ending.SPARE,
                nice=0,
                keep_fds=(read, write),
                cancel=self.cancel,
                on_tick=lambda: None,
                as_root=lambda argv: self.as_root.append(tuple(argv)),
            )
        os.close(read)
        os.close(write)

    def said(self, *words: str) -> list[str]:
        """Wait until it has said these, and return all its words."""
        wait_for(lambda: set(words) <= set(self._words()))
        return self._words()

    def _words(self) -> list[str]:
        return self.log.read_text().split() if self.log.exists() else []

    def stop(self, *, wait: bool = True) -> None:
        self.cancel.stop(ExitStatus.TERMINATED)
        if wait:
            self.join()

    def join(self) -> Ended:
        self._thread.join(PATIENCE)
        assert self.ended is not None
        return self.ended


Start = Callable[[str], Script]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start scripts; none outlives the test, whatever becomes of it."""
    started: list[Script] = []

    def begin(text: str) -> Script:
        started.append(Script(tmp_path, text))
        return started[-1]

    yield begin
    (tmp_path / "go").touch()
    for script in started:
        for _ in range(2):
            script.cancel.stop(ExitStatus.TERMINATED)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def alive(pid: str) -> bool:
    try:
        return Path("/proc", pid, "stat").read_text().split()[2] not in "ZX"
    except OSError:
        return False


@pytest.fixture
def apt_get(tmp_path: Path) -> str:
    """A package manager that takes as long as the test likes: until there is a file ``go``."""
    shutil.copy("/bin/bash", tmp_path / "apt-get")
    waits = f"until [[ -e {tmp_path}/go ]]; do sleep 0.05; done"
    return f"apt-get -c 'touch {tmp_path}/begun; echo begun; {waits}; echo whole'"


def test_what_it_started_ends_with_it_wherever_it_is(start: Start) -> None:
    script = start("sleep 99 & echo $!; setsid sleep 99 & echo $!; echo both; wait")
    first, second, *_ = script.said("both")
    script.stop()
    assert not alive(first)
    assert not alive(second)


def test_what_ignores_term_is_killed(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_tree, "GRACE", 0.2)
    script = start("trap '' TERM; echo begun $BASHPID; sleep 99; sleep 99")
    pid = script.said("begun")[1]
    script.stop()
    assert not alive(pid)


def test_a_package_manager_comes_to_its_end_and_nothing_begins_after_it(
    start: Start, tmp_path: Path, apt_get: str
) -> None:
    script = start(f"{apt_get}; echo next; sleep 99")
    script.said("begun")
    script.stop(wait=False)
    time.sleep(LOOKS)
    (tmp_path / "go").touch()
    script.join()
    assert "next" not in script.said("begun", "whole")


def test_what_reads_the_output_of_a_package_manager_goes_on_reading(
    start: Start, tmp_path: Path, apt_get: str
) -> None:
    script = start(f"{apt_get[:-1]}; seq 30000' | sed 's/^b/B/'; echo next; sleep 99")
    wait_for((tmp_path / "begun").exists)
    script.stop(wait=False)
    time.sleep(LOOKS)
    (tmp_path / "go").touch()
    script.join()
    assert "next" not in script.said("30000")


def test_in_a_hurry_a_package_manager_is_left_behind_and_the_rest_is_not(
    start: Start, tmp_path: Path, apt_get: str
) -> None:
    script = start(f"sleep 99 & echo $!; {apt_get}; echo next")
    pid, *_ = script.said("begun")
    script.stop(wait=False)
    script.cancel.stop(ExitStatus.TERMINATED)
    assert script.join().left_running
    assert not alive(pid)
    (tmp_path / "go").touch()
    assert "next" not in script.said("whole")


def test_what_the_script_leaves_behind_does_not_hold_the_lock(start: Start) -> None:
    descriptors = "ls /proc/self/fd | wc -l"
    script = start(f"{descriptors}; echo end")
    script.join()
    assert script.said("end") == ["4", "end"]  # the three of everybody, and that of ls itself


def test_what_only_root_may_signal_is_signalled_as_root(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError

    script = start(f"echo begun; until [[ -e {tmp_path}/go ]]; do sleep 0.05; done")
    script.said("begun")
    with monkeypatch.context() as patch:
        patch.setattr(os, "kill", refuse)
        script.stop(wait=False)
        wait_for(lambda: bool(script.as_root))
    (tmp_path / "go").touch()
    script.join()
    assert script.as_root[0][:4] == ("kill", "-s", "TERM", "--")
