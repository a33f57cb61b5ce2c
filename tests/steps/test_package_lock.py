"""While another package manager is at work a build waits, and its words fit how long that takes."""

from pathlib import Path
from typing import cast

import pytest

from tests.images import ImageReader, image
from wizard.model.distribution import Family
from wizard.model.machine import Command, JobEnded, Machine
from wizard.model.problem import Problem
from wizard.steps import package_lock
from wizard.steps.package_lock import wait_until_free

LOCK = "/run/zypp.pid"


class Held(ImageReader):
    """A host whose lock process 18 holds for some seconds, which pass while a job runs."""

    def __init__(self, root: Path, held: float) -> None:
        super().__init__(image(root, {LOCK: "18\n", "/proc/18/comm": "acme-updater\n"}))
        self.lock = root / LOCK[1:]
        self.held, self.now = held, 0.0
        self.progresses: list[str] = []
        self.logged: list[str] = []

    def job(self, command: Command) -> JobEnded:
        self.now += float(command.argv[1])
        if self.now >= self.held:
            self.lock.unlink()
        return JobEnded(124, 0, 1, 1)

    def progress(self, done: int, total: int, text: str = "") -> None:
        del done, total
        self.progresses.append(text)

    def log(self, line: str) -> None:
        self.logged.append(line)


def waited(root: Path, monkeypatch: pytest.MonkeyPatch, held: float) -> tuple[Held, Problem | None]:
    host = Held(root, held)
    monkeypatch.setattr(package_lock, "monotonic", lambda: host.now)
    return host, wait_until_free(cast("Machine", host), Family.SUSE, 600)


def test_a_short_wait_names_the_holder_and_that_it_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, problem = waited(tmp_path, monkeypatch, 30)
    assert problem is None
    assert host.progresses == [
        "waiting for acme-updater (process 18)",
        "acme-updater (process 18) is done",
    ]


def test_a_long_wait_says_how_long_it_has_been_and_what_to_look_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, problem = waited(tmp_path, monkeypatch, 200)
    assert problem is None
    assert host.progresses[-2] == (
        "waiting for acme-updater (process 18), which has held the package lock for 3 min:"
        " see ps -fp 18"
    )
    assert "if it hangs, stop it the way it was started" in host.logged[-1]
    assert "never delete the lock" in host.logged[-1]


def test_a_wait_without_an_end_is_given_up_with_its_length_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, problem = waited(tmp_path, monkeypatch, 9999)
    assert problem is not None
    assert problem.what == f"acme-updater (process 18) still holds {LOCK} after 10 min of waiting"
    assert "ps -fp 18" in problem.cure
    assert "the way it was started" in problem.cure
