"""What dpkg and apt of this host know, and who holds a lock."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import local_reader
from wizard.facts import package_manager
from wizard.facts.occupant import Occupant, by_kernel, by_pid_file
from wizard.facts.package_manager import PackageManager
from wizard.model.distribution import Family
from wizard.model.machine import Completed

HOLD = """
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.lockf(file, fcntl.LOCK_EX)
print(flush=True)
input()
"""

debian = pytest.mark.skipif(not shutil.which("apt-cache"), reason="not Debian or Ubuntu")


@pytest.fixture
def apt() -> PackageManager:
    return package_manager.of(Family.DEB)


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = (sys.executable, "-c", HOLD, str(tmp_path / "lock"))
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.communicate("\n")


def test_a_package_whose_script_failed_is_not_only_said_to_be_interrupted(
    apt: PackageManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = local_reader()
    half = Completed(0, b"acme-agent\tiF \t1.0\ntree\tii \t2.1\n")
    monkeypatch.setattr(type(host), "run", lambda *_: half)
    found = apt.interrupted(host)
    assert found is not None
    assert found.what.startswith("half set up: acme-agent (")
    assert "script" in found.what


@debian
def test_every_installed_package_comes_with_its_version(apt: PackageManager) -> None:
    found = apt.installed(local_reader())
    command = ("dpkg-query", "-W", "-f", "${Version}", "dpkg")
    asked = subprocess.run(command, capture_output=True, text=True, check=True)
    assert isinstance(found, dict)
    assert found["dpkg"] == asked.stdout


@debian
def test_names_that_apt_does_not_know_have_no_candidate(apt: PackageManager) -> None:
    found = apt.candidates(local_reader(), ["dpkg", "no-such-package", "bash"])
    assert found.keys() == {"dpkg", "bash"}


@debian
def test_a_near_name_is_suggested(apt: PackageManager) -> None:
    assert apt.suggestions(local_reader(), "dpgk") == ()
    assert apt.suggestions(local_reader(), "dpkgg") == ("dpkg",)


@debian
def test_providers_of_a_virtual_name_are_suggested(apt: PackageManager) -> None:
    assert "mawk" in apt.suggestions(local_reader(), "awk")


def test_nothing_is_known_where_there_is_no_such_package_manager() -> None:
    zypper = package_manager.of(Family.SUSE)
    if not shutil.which("zypper"):
        assert zypper.candidates(local_reader(), ["gcc"]) == {}


def test_the_holder_of_a_lock_is_named(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    lock = str(tmp_path / "lock")
    found = by_kernel(local_reader(), [str(tmp_path / "absent"), lock])
    assert found == Occupant(holder.pid, Path(f"/proc/{holder.pid}/comm").read_text().strip(), lock)
    assert str(found).endswith(f"(process {holder.pid})")


def test_a_lock_that_nobody_holds_has_no_holder(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    assert by_kernel(local_reader(), [str(tmp_path / "lock")]) is None


def test_who_waits_for_a_lock_does_not_hold_it(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen((sys.executable, "-c", HOLD, path), stdin=subprocess.PIPE) as waiting:
        found = by_kernel(local_reader(), [str(path)])
        waiting.kill()
    assert found is not None
    assert found.pid == holder.pid


def test_a_pid_file_names_a_process_while_it_lives(tmp_path: Path) -> None:
    file = tmp_path / "zypp.pid"
    file.write_text(f"{os.getpid()}\n")
    found = by_pid_file(local_reader(), [str(tmp_path / "absent"), str(file)])
    assert found is not None
    assert found.pid == os.getpid()
    with subprocess.Popen(("true",)) as dead:
        pass
    file.write_text(str(dead.pid))
    assert by_pid_file(local_reader(), [str(file)]) is None


@pytest.mark.parametrize("content", ["", "nonsense", "../../etc/passwd", "-1"])
def test_a_pid_file_without_a_number_names_nobody(content: str, tmp_path: Path) -> None:
    (tmp_path / "pid").write_text(content)
    assert by_pid_file(local_reader(), [str(tmp_path / "pid")]) is None
