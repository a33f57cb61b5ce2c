"""Preconditions on bare systems: a fresh one passes, a real obstacle is seen."""

from collections.abc import Iterator

import pytest

from tests.host.bare_root import BareRoot
from tests.host.root_machine import RootMachine
from wizard.checks.preconditions import all_preconditions
from wizard.checks.preconditions.package_manager import PackageManager
from wizard.checks.preconditions.venv_place import VenvPlace
from wizard.model.check import Code

pytestmark = [pytest.mark.host, pytest.mark.timeout(300)]


@pytest.fixture(params=["bookworm", "trixie"])
def bare(request: pytest.FixtureRequest) -> Iterator[BareRoot]:
    with BareRoot(request.param) as root:
        yield root


def test_nothing_stops_the_build_on_a_fresh_system(bare: BareRoot) -> None:
    checks = all_preconditions(venv="/opt/stack/global-venv", environ={})
    results = {check.id: check.run(RootMachine(bare)) for check in checks}
    failed = {id_: result for id_, result in results.items() if result.code is Code.FAILURE}
    assert not failed
    assert bare.suite in results["distribution"].details


@pytest.mark.parametrize(
    ("option", "words"), [("noexec", "lets no program run"), ("ro", "is read-only")]
)
def test_a_file_system_that_cannot_hold_a_venv(bare: BareRoot, option: str, words: str) -> None:
    bare.path("/opt/other").mkdir()
    done = bare.run(["mount", "-t", "tmpfs", "-o", f"{option},mode=755", "tmpfs", "/opt/other"])
    assert done.returncode == 0, done.stderr
    result = VenvPlace("/opt/other/deep/venv").run(RootMachine(bare))
    assert result.code is Code.FAILURE
    assert f"/opt/other {words}" in result.details


def test_a_link_to_an_unsafe_folder_is_seen_through(bare: BareRoot) -> None:
    bare.path("/opt/stack").symlink_to("/tmp/mine")
    result = VenvPlace("/opt/stack/venv").run(RootMachine(bare))
    assert result.code is Code.FAILURE
    assert "/tmp is writable by everybody" in result.details


def test_a_package_that_is_only_half_there_is_seen(bare: BareRoot) -> None:
    fetch = "apt-get update -qq && cd /tmp && apt-get download -qq sudo && dpkg --unpack sudo_*"
    done = bare.run(["sh", "-c", fetch])
    assert done.returncode == 0, done.stderr
    result = PackageManager().run(RootMachine(bare))
    assert result.code is Code.FAILURE
    assert "sudo" in result.details
    assert "dpkg --configure -a" in result.cure
