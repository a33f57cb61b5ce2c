"""The stack.sh of a real DevStack, with Keystone and MySQL, on top of what was built beforehand.

It takes four minutes for each release, and the ports of Apache and MariaDB on this machine.
"""

import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.upstream.real_stack import CHECKOUT, RealStack, Release, real_stack

pytestmark = [pytest.mark.upstream, pytest.mark.host, pytest.mark.timeout(7200)]

VENV = "/opt/stack/global-venv"
PORTS = (80, 3306)
KEYSTONE = {"master": "30.0.0", "stable/2025.1": "27.0.0"}


@dataclass(frozen=True)
class Case:
    """A release, and whether our own run starts its stack.sh (``--stack``) or its user does."""

    release: Release
    is_ours: bool = False

    def __str__(self) -> str:
        return f"{self.release.revision}{' by --stack' if self.is_ours else ''}"


CASES = (
    Case(Release("master", "master", KEYSTONE["master"], "127.0.0.2")),
    Case(Release("master", "master", KEYSTONE["master"], "127.0.0.3"), is_ours=True),
    Case(Release("stable/2025.1", "stable/2025.1", KEYSTONE["stable/2025.1"], "127.0.0.4")),
)


@dataclass(frozen=True)
class Stacked:
    """How it ended: what stack.sh said, and what we did."""

    returncode: int
    log: str
    said: str


@pytest.fixture(scope="module", params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    assert isinstance(request.param, Case)
    return request.param


@pytest.fixture(scope="module")
def system(case: Case) -> Iterator[RealStack]:
    """A bare Debian with a checkout; nothing of ours has run yet."""
    clone = os.environ.get("DEVSTACK_CLONE")
    if not clone:
        pytest.skip("DEVSTACK_CLONE names no clone of DevStack")
    if taken := [port for port in PORTS if _is_taken(case.release.address, port)]:
        pytest.skip(f"stack.sh needs the ports {PORTS} of the loopback, and {taken} are taken")
    with real_stack(clone, case.release) as made:
        yield made


@pytest.fixture(scope="module")
def stacked(case: Case, system: RealStack) -> Stacked:
    """The build and then stack.sh; everything below looks at what they left."""
    if case.is_ours:
        done = system.wizard("--auto", "--stack", "--devstack", CHECKOUT)
        log = system.must("cat /var/lib/devstack-venv/runs/*/build.log")
        return Stacked(done.returncode, log, done.stdout)
    built = system.wizard("--auto", "--devstack", CHECKOUT)
    assert built.returncode == 0, built.stdout
    done = system.stack()
    return Stacked(done.returncode, done.stdout, built.stdout)


def test_it_ends_well(stacked: Stacked) -> None:
    assert stacked.returncode == 0, stacked.said[-4000:] + stacked.log[-4000:]
    assert re.search(r"stack\.sh completed in \d+ seconds", stacked.log)


def test_its_phases_are_steps_of_our_run(case: Case, stacked: Stacked) -> None:
    phases = re.findall(r"\u2713 stack\.sh ([\w-]+)", stacked.said)
    expected = ["pre-install", "install", "post-config", "extra", "test-config"]
    assert phases == (expected if case.is_ours else [])


def test_it_adopts_the_venv_as_it_is(system: RealStack, stacked: Stacked) -> None:
    """It makes none of its own, and what it needs from pip and setuptools is there."""
    assert stacked.returncode == 0
    assert " -m venv --system-site-packages" not in stacked.log
    assert system.must("stat -c '%U %a' /opt/stack /opt/stack/data") == "stack 755\n" * 2


def test_keystone_runs_in_the_venv(system: RealStack, stacked: Stacked) -> None:
    assert stacked.returncode == 0
    answer = system.must(f"curl -s http://{system.release.address}/identity/v3")
    assert '"id": "v3' in answer
    held = f"grep -sl {VENV}/lib/python3.11/site-packages/ /proc/[0-9]*/maps"
    names = system.must(f"for maps in $({held}); do cat ${{maps%maps}}comm; done")
    assert "uwsgi" in names


def test_openstack_is_found_by_any_shell(system: RealStack, stacked: Stacked) -> None:
    assert stacked.returncode == 0
    assert system.must("su stack -c 'command -v openstack'") == "/usr/local/bin/openstack\n"
    with_openrc = "cd /opt/stack/devstack; . ./openrc admin admin; openstack token issue -f value"
    assert "gAAAA" in system.must(f"su stack -s /bin/bash -c '{with_openrc}'")


def test_stackrc_and_openrc_say_nothing(system: RealStack, stacked: Stacked) -> None:
    assert stacked.returncode == 0
    for text in (". ./functions; GetDistro; . ./stackrc", ". ./openrc admin admin"):
        said = system.sh(f"su stack -s /bin/bash -c 'cd {CHECKOUT}; {text} >/dev/null'")
        assert said.stderr == ""


def test_no_check_fails(system: RealStack, stacked: Stacked) -> None:
    assert stacked.returncode == 0
    checked = system.wizard("--check", "--devstack", CHECKOUT)
    assert checked.returncode == 0, checked.stdout
    for title in ("uWSGI", "Keystone answers", "openrc", "command links", "sudoers files"):
        assert f"\u2713 {title}" in checked.stdout


def test_a_second_build_leaves_the_deployed_venv_alone(system: RealStack, stacked: Stacked) -> None:
    assert stacked.returncode == 0
    before = system.must(f"find {VENV} -type f -printf '%p %T@\\n' | sort")
    again = system.wizard("--auto", "--devstack", CHECKOUT)
    assert "Nothing to do" in again.stdout
    assert system.must(f"find {VENV} -type f -printf '%p %T@\\n' | sort") == before


def test_git_sees_no_change(system: RealStack, stacked: Stacked) -> None:
    assert stacked.returncode == 0
    assert system.must("git status --porcelain", user="stack", cwd=CHECKOUT) == ""


def test_undo_leaves_no_trace(case: Case, system: RealStack, stacked: Stacked) -> None:
    """Of a stack.sh that somebody else ran nothing is undone: what it filled stays, named."""
    assert stacked.returncode == 0
    undone = system.wizard("--undo")
    if case.is_ours:
        assert undone.returncode == 0, undone.stdout
    else:
        assert (undone.returncode, f"rm -r -- {VENV}" in undone.stdout) == (8, True), undone.stdout
        system.must(f"rm -r -- {VENV}")
        assert system.wizard("--undo").returncode == 0
    assert system.root.path(f"{CHECKOUT}/local.conf").read_text() == case.release.local_conf
    assert system.sh("test -L /opt/stack/data/venv").returncode == 1
    ours = "find /etc /opt /usr/local -name '*devstack-venv*' -o -name '*global-venv*'"
    assert system.must(ours) == ""


def _is_taken(address: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0
