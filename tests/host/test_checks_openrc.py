"""What a checkout's openrc may do to a shell: each verdict is held against such a shell."""

from collections.abc import Iterator

import pytest

from tests import trees
from tests.host.deployment import VENV, Deployment, failure, success
from wizard.checks.openrc import Openrc

pytestmark = [pytest.mark.host, pytest.mark.timeout(300)]

HERE = "/opt/stack/sourced"
CHECK = Openrc(VENV, HERE)
FIRST = f"PATH={VENV}/bin:$PATH\n"


@pytest.fixture
def checkout(host: Deployment) -> Iterator[Deployment]:
    trees.global_(host.root.path(HERE))
    host.write(f"{HERE}/.stackenv", "HOST_IP=127.0.0.1\n")
    host.must(f"chown -R stack: {HERE}")
    yield host
    host.must(f"rm -rf {HERE}")


def shell(host: Deployment, openrc: str) -> list[str]:
    """Write an openrc; return what a shell of the user's has after it."""
    host.write(f"{HERE}/openrc", openrc)
    host.must(f"chown stack: {HERE}/openrc")
    script = f". {HERE}/openrc >/dev/null 2>&1; type -P python3 openstack; printenv VIRTUAL_ENV"
    return host.root.run(["bash", "-c", script], user="stack").stdout.split()


BOTH = [f"{VENV}/bin/python3", f"{VENV}/bin/openstack"]


@pytest.mark.parametrize(
    "openrc",
    [
        FIRST,
        f"set -u\n{FIRST}",
        f"read -p 'Password: ' answer\n{FIRST}",
        f"{FIRST}VIRTUAL_ENV=/opt/other\n",
        f"cd /\n{FIRST}",
    ],
    ids=["first", "strict", "asks", "not exported", "goes elsewhere"],
)
def test_a_shell_with_the_venv_first_is_good(checkout: Deployment, openrc: str) -> None:
    assert shell(checkout, openrc) == BOTH
    success(checkout, CHECK)


@pytest.mark.parametrize(
    ("openrc", "words"),
    [
        ("HOST_IP=127.0.0.1\n", "runs Python in /usr"),
        (f"PATH=$PATH:{VENV}/bin\n", "runs Python in /usr"),
        (f"source {VENV}/bin/activate\n", "stack.sh refuses to start"),
        (f"{FIRST}export VIRTUAL_ENV=/opt/other\n", "stack.sh refuses to start"),
        ("exit 3\n", "does not come to its end"),
        ("set -e\nfalse\n", "does not come to its end"),
        ("if then\n", "bash cannot read this file"),
    ],
    ids=["nothing", "last", "activated", "exported", "exits", "fails", "no bash"],
)
def test_any_other_fails(checkout: Deployment, openrc: str, words: str) -> None:
    assert shell(checkout, openrc) != BOTH
    assert words in failure(checkout, CHECK)


def test_one_that_the_user_may_not_read_is_told(checkout: Deployment) -> None:
    shell(checkout, FIRST)
    checkout.must(f"chown root {HERE}/openrc; chmod 0600 {HERE}/openrc")
    assert "stack may not read it" in failure(checkout, CHECK)


def test_one_of_somebody_else_is_not_run(checkout: Deployment) -> None:
    shell(checkout, FIRST)
    checkout.must(f"chown nobody {HERE}/openrc")
    assert "would run as stack" in failure(checkout, CHECK)
