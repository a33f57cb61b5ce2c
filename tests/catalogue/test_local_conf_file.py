"""Rows F: what kind of file local.conf is, and what the step leaves of that."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.engine.acting_machine import ActingMachine
from wizard.model.devstack import Kind
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.step import Done, Pending
from wizard.steps.local_conf import LocalConf

HEAD = b"[[local|localrc]]\n"


def step(conf: Path, kind: Kind | None = None) -> LocalConf:
    return LocalConf(str(conf), kind, use=True, venv_path="/opt/stack/global-venv")


def refusal(conf: Path, machine: ActingMachine) -> str:
    found = step(conf).state(machine)
    assert isinstance(found, Problem)
    assert found.where == str(conf)
    assert found.status is ExitStatus.NEEDS_PERSON
    assert step(conf).apply(machine) == found
    return found.what


def test_f03_a_link_is_followed_and_stays(conf: Path, machine: ActingMachine) -> None:
    target = conf.with_name("mine.conf")
    target.write_bytes(HEAD)
    conf.symlink_to("mine.conf")

    assert step(conf).apply(machine) == Done("block written")

    assert os.readlink(conf) == "mine.conf"  # noqa: PTH115 -- as it says, not where it leads
    assert target.read_bytes().startswith(HEAD + b"\n# BEGIN")


@pytest.mark.parametrize(
    ("target", "what"),
    [("nowhere", "symbolic link to nothing"), ("local.conf", "Too many levels of symbolic links")],
)
def test_f04_a_link_without_a_file(
    target: str, what: str, conf: Path, machine: ActingMachine
) -> None:
    conf.symlink_to(target)

    assert what in refusal(conf, machine)
    assert conf.is_symlink()


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


ODD: dict[str, Callable[[Path], None]] = {
    "folder": Path.mkdir,
    "pipe": os.mkfifo,
    "device": lambda path: path.symlink_to("/dev/null"),
    "socket": a_socket,
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_f05_what_is_no_file_is_not_waited_for(
    make: Callable[[Path], None],
    conf: Path,
    machine: ActingMachine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(conf.parent)  # a socket's name is short
    make(Path(conf.name))

    assert "is not a file" in refusal(conf, machine)


def test_f05_a_file_of_the_kernels_cannot_be_written(conf: Path, machine: ActingMachine) -> None:
    conf.symlink_to("/proc/self/status")

    assert isinstance(step(conf).apply(machine), Problem)


def test_f06_two_names_are_not_parted(conf: Path, machine: ActingMachine) -> None:
    conf.write_bytes(HEAD)
    other = conf.with_name("other")
    other.hardlink_to(conf)

    assert "part the two" in refusal(conf, machine)
    assert other.samefile(conf)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o4755])
def test_f07_mode_and_attributes_stay(mode: int, conf: Path, machine: ActingMachine) -> None:
    conf.write_bytes(HEAD)
    conf.chmod(mode)
    try:
        os.setxattr(conf, "user.origin", b"mine")
    except OSError:
        pytest.skip("no extended attributes here")

    step(conf).apply(machine)

    assert conf.stat().st_mode & 0o7777 == mode
    assert os.getxattr(conf, "user.origin") == b"mine"


def test_f12_a_file_that_vim_has_open_is_said_to_be(conf: Path, machine: ActingMachine) -> None:
    conf.write_bytes(HEAD)
    conf.with_name(".local.conf.swp").touch()

    found = step(conf).state(machine)

    assert isinstance(found, Pending)
    assert ".local.conf.swp" in found.why
    assert step(conf).apply(machine) == Done("block written")


@pytest.mark.parametrize("name", ["my stack", "-x", "a'b$(id)", "é\n"])
def test_f14_any_name_of_a_checkout_is_a_name(
    name: str, conf: Path, machine: ActingMachine
) -> None:
    """Differs: no option names the file itself; the folder of the checkout may be called so."""
    odd = conf.parent / name / "local.conf"
    odd.parent.mkdir()
    odd.write_bytes(HEAD)

    assert step(odd).apply(machine) == Done("block written")
    assert odd.read_bytes().startswith(HEAD + b"\n# BEGIN")


@pytest.mark.parametrize("umask", [0o077, 0o000])
def test_f16_the_umask_does_not_matter(umask: int, conf: Path, machine: ActingMachine) -> None:
    before = os.umask(umask)
    try:
        step(conf).apply(machine)
        new = conf.stat().st_mode & 0o777
        conf.chmod(0o644)
        conf.write_bytes(HEAD)
        step(conf).apply(machine)
    finally:
        os.umask(before)

    assert new == 0o600
    assert conf.stat().st_mode & 0o777 == 0o644
