"""The harness itself: a test that stands on it must be able to trust it."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.bare_root import CLONE, TREES, BareRoot

pytestmark = pytest.mark.host

HOLDER = """
import sys, time
from tests.host.bare_root import BareRoot
with BareRoot("bookworm") as root:
    root.run(["sh", "-c", "sleep 4321 >/dev/null 2>&1 &"])
    print(root.pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def root() -> Iterator[BareRoot]:
    with BareRoot("bookworm") as root:
        yield root


def test_is_the_release_that_was_asked_for() -> None:
    with BareRoot("trixie") as trixie:
        assert "VERSION_CODENAME=trixie" in trixie.path("/etc/os-release").read_text()


def test_has_no_python_and_holds_the_commit_under_test(root: BareRoot) -> None:
    assert root.run(["python3"]).returncode == 127
    assert root.path(f"{CLONE}/wizard.sh").exists()


def test_every_one_starts_afresh(root: BareRoot) -> None:
    root.path("/etc/mark").touch()
    with BareRoot("bookworm") as other:
        assert not other.path("/etc/mark").exists()
    assert not (TREES / "bookworm/etc/mark").exists()


def test_runs_as_a_user_with_that_users_home(root: BareRoot) -> None:
    root.run(["useradd", "--create-home", "joe"])
    said = root.run(["sh", "-c", "id -un; cd; pwd"], user="joe")
    assert said.stdout.split() == ["joe", "/home/joe"]


def test_orphans_that_die_leave_no_zombie(root: BareRoot) -> None:
    root.run(["sh", "-c", "(sleep 0.1 >/dev/null 2>&1 &)"])
    time.sleep(0.5)
    states = root.run(["sh", "-c", "cat /proc/[0-9]*/stat"]).stdout.splitlines()
    assert [line for line in states if line.split()[2] == "Z"] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_everything_ends_with_the_process_that_holds_it(number: signal.Signals) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=pipe, stderr=pipe) as holder:
        assert holder.stdout is not None
        inside = Path("/proc", holder.stdout.readline().decode().strip())
        assert inside.exists()
        holder.send_signal(number)
        holder.wait(timeout=20)
    deadline = time.monotonic() + 10
    while inside.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not inside.exists()
    assert f"{TREES}/layer-" not in Path("/proc/mounts").read_text()
