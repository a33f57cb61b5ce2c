"""The stack.sh of a real DevStack, with Keystone and MySQL, on top of what was built beforehand.

It takes four minutes for each release, and the ports of Apache and MariaDB on this machine.
"""

import os
import re
import socket
from collections.abc import Iterator
from subprocess import CompletedProcess

import pytest

from tests.upstream.real_stack import CHECKOUT, RealStack, Release, real_stack

pytestmark = [pytest.mark.upstream, pytest.mark.host, pytest.mark.timeout(7200)]

VENV = "/opt/stack/global-venv"
PORTS = (80, 3306)
MASTER = Release("master", "master", "30.0.0", "127.0.0.2")
RELEASES = (MASTER, Release("stable/2025.1", "stable/2025.1", "27.0.0", "127.0.0.3"))


@pytest.fixture(scope="module", params=RELEASES, ids=lambda release: str(release.revision))
def system(request: pytest.FixtureRequest) -> Iterator[RealStack]:
    """A bare Debian with a checkout; nothing of ours has run yet."""
    clone = os.environ.get("DEVSTACK_CLONE")
    if not clone:
        pytest.skip("DEVSTACK_CLONE names no clone of DevStack")
    if taken := [port for port in PORTS if _is_taken(request.param.address, port)]:
        pytest.skip(f"stack.sh needs the ports {PORTS} of the loopback, and {taken} are taken")
    with real_stack(clone, request.param) as made:
        yield made


@pytest.fixture(scope="module")
def built(system: RealStack) -> CompletedProcess[str]:
    """What is built beforehand."""
    return system.wizard("--auto", "--devstack", CHECKOUT)


@pytest.fixture(scope="module")
def stacked(system: RealStack, built: CompletedProcess[str]) -> CompletedProcess[str]:
    """stack.sh on top of it; everything below looks at what it left."""
    assert built.returncode == 0, built.stdout
    return system.stack()


def test_it_ends_well(stacked: CompletedProcess[str]) -> None:
    assert stacked.returncode == 0, stacked.stdout[-4000:]
    assert re.search(r"stack\.sh completed in \d+ seconds", stacked.stdout)


def test_it_adopts_the_venv_as_it_is(system: RealStack, stacked: CompletedProcess[str]) -> None:
    """It makes none of its own, and what it needs from pip and setuptools is there."""
    assert stacked.returncode == 0
    assert " -m venv --system-site-packages" not in stacked.stdout
    assert system.must("stat -c '%U %a' /opt/stack /opt/stack/data") == "stack 755\n" * 2


def test_keystone_runs_in_the_venv(system: RealStack, stacked: CompletedProcess[str]) -> None:
    assert stacked.returncode == 0
    answer = system.must(f"curl -s http://{system.release.address}/identity/v3")
    assert '"id": "v3' in answer
    held = f"grep -sl {VENV}/lib/python3.11/site-packages/ /proc/[0-9]*/maps"
    names = system.must(f"for maps in $({held}); do cat ${{maps%maps}}comm; done")
    assert "uwsgi" in names


def test_openstack_is_found_by_any_shell(system: RealStack, stacked: CompletedProcess[str]) -> None:
    assert stacked.returncode == 0
    assert system.must("su stack -c 'command -v openstack'") == "/usr/local/bin/openstack\n"
    with_openrc = "cd /opt/stack/devstack; . ./openrc admin admin; openstack token issue -f value"
    assert "gAAAA" in system.must(f"su stack -s /bin/bash -c '{with_openrc}'")


def test_stackrc_and_openrc_say_nothing(system: RealStack, stacked: CompletedProcess[str]) -> None:
    assert stacked.returncode == 0
    for text in (". ./functions; GetDistro; . ./stackrc", ". ./openrc admin admin"):
        said = system.sh(f"su stack -s /bin/bash -c 'cd {CHECKOUT}; {text} >/dev/null'")
        assert said.stderr == ""


def test_no_check_fails(system: RealStack, stacked: CompletedProcess[str]) -> None:
    assert stacked.returncode == 0
    checked = system.wizard("--check", "--devstack", CHECKOUT)
    assert checked.returncode == 0, checked.stdout
    for title in ("uWSGI", "Keystone answers", "openrc", "command links", "sudoers files"):
        assert f"\u2713 {title}" in checked.stdout


def test_a_second_build_leaves_the_deployed_venv_alone(
    system: RealStack, stacked: CompletedProcess[str]
) -> None:
    assert stacked.returncode == 0
    before = system.must(f"find {VENV} -type f -printf '%p %T@\\n' | sort")
    again = system.wizard("--auto", "--devstack", CHECKOUT)
    assert "Nothing to do" in again.stdout
    assert system.must(f"find {VENV} -type f -printf '%p %T@\\n' | sort") == before


def test_git_sees_no_change(system: RealStack, stacked: CompletedProcess[str]) -> None:
    assert stacked.returncode == 0
    assert system.must("git status --porcelain", user="stack", cwd=CHECKOUT) == ""


def test_undo_leaves_no_trace_but_what_stack_sh_filled(
    system: RealStack, stacked: CompletedProcess[str]
) -> None:
    """Services run from the venv: it stays, named, with the command that removes it."""
    assert stacked.returncode == 0
    undone = system.wizard("--undo")
    assert (undone.returncode, f"rm -r -- {VENV}" in undone.stdout) == (8, True), undone.stdout
    assert system.root.path(f"{CHECKOUT}/local.conf").read_text() == system.release.local_conf
    assert system.sh("test -L /opt/stack/data/venv").returncode == 1
    system.must(f"rm -r -- {VENV}")
    assert system.wizard("--undo").returncode == 0
    ours = "find /etc /opt /usr/local -name '*devstack-venv*' -o -name '*global-venv*'"
    assert system.must(ours) == ""


def _is_taken(address: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0
