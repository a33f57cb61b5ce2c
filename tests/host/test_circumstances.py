"""--auto under circumstances that a script, a cron job or an accident brings about."""

import time
from collections.abc import Iterator
from subprocess import CompletedProcess

import pytest

from tests.host.bare_root import CLONE, BareRoot
from tests.host.small_checkout import small_root
from wizard.model import shipped
from wizard.model.packages import requirement_list
from wizard.model.packages.requirement_list import RequirementList

pytestmark = [pytest.mark.host, pytest.mark.timeout(600)]

VENV = "/opt/stack/global-venv"
AUTO = f"{CLONE}/wizard.sh --auto --answers /answers.toml"


@pytest.fixture(scope="module")
def root() -> Iterator[BareRoot]:
    listed = requirement_list.parse("venv-requirements.txt", shipped.read)
    assert isinstance(listed, RequirementList)
    unneeded = sorted(listed.names - {"pyyaml"})
    with small_root() as made:
        made.path("/answers.toml").write_text(f"[packages.pypi]\nremove = {unneeded}\n")
        yield made


def shell(root: BareRoot, script: str) -> CompletedProcess[str]:
    return root.run(["bash", "-c", script], cwd="/root")


def venv_is_whole(root: BareRoot) -> bool:
    return shell(root, f"test -f {VENV}/.devstack-venv/complete.json").returncode == 0


@pytest.mark.parametrize(
    ("script", "status"),
    [
        (f"umask 077; {AUTO} iniparse", 0),
        (f"umask 000; {AUTO}", 0),
        (f"{AUTO} iniparse | head -n 1; exit ${{PIPESTATUS[0]}}", 0),
        (f"{AUTO} <&- >&- 2>&-", 0),
        (f"{AUTO} iniparse > /dev/full", 0),
        (f"env -i {AUTO}", 0),
        (f"PYTHONPATH=/x PIP_TARGET=/x VIRTUAL_ENV=/x BASH_ENV=/x UV_OFFLINE=1 {AUTO} iniparse", 0),
    ],
)
def test_a_build_comes_to_its_end(root: BareRoot, script: str, status: int) -> None:
    """Each with other packages than the one before, so that each builds."""
    ended = shell(root, script)
    assert (ended.returncode, ended.stderr) == (status, "")
    assert venv_is_whole(root)


def test_whatever_the_umask_others_may_read_the_venv_and_nobody_else_writes(root: BareRoot) -> None:
    for umask in ("077", "000"):
        assert shell(root, f"umask {umask}; {AUTO} {'iniparse' * (umask == '077')}").returncode == 0
        closed = f"find {VENV} ! -type l ! -perm -o=r ! -name .lock"
        open_to_all = f"find {VENV} /var/lib/devstack-venv ! -type l -perm -o=w ! -name .lock"
        assert shell(root, closed).stdout + shell(root, open_to_all).stdout == ""


def test_a_build_that_was_killed_begins_again_and_then_nothing_is_to_do(root: BareRoot) -> None:
    for package in ("iniparse", "", "six"):
        shell(root, f"timeout -s KILL 2.5 {AUTO} {package}")
        while (again := shell(root, f"{AUTO} {package}")).returncode == 7:
            time.sleep(0.5)  # a job of the killed run has the lock, and comes to its end
        assert again.returncode == 0, again.stdout
        assert "Nothing to do" in shell(root, f"{AUTO} {package}").stdout


def test_a_build_that_was_killed_before_there_was_a_venv_begins_again(root: BareRoot) -> None:
    script = f"rm -r {VENV} && install -d -o stack {VENV} {VENV}/.devstack-venv"
    assert shell(root, script).returncode == 0
    assert shell(root, AUTO).returncode == 0
    assert venv_is_whole(root)
