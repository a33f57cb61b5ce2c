"""The checks that ask DevStack's own functions, asked of real DevStack of many years."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import local_reader
from tests.upstream.test_devstack_releases import RELEASES, Release, commit, git
from wizard.checks.exec_prefix import ExecPrefix
from wizard.checks.openrc import Openrc
from wizard.checks.pip_as_user import PipAsUser
from wizard.model import shipped
from wizard.model.check import Code, Result
from wizard.model.devstack import Devstack, Kind
from wizard.model.local_conf.managed_block import functions_file, managed_block

pytestmark = pytest.mark.upstream

HOST = local_reader()


@pytest.fixture(scope="module", params=RELEASES, ids=lambda release: release.revision)
def tree(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Release, Path]:
    clone = os.environ.get("DEVSTACK_CLONE")
    if not clone:
        pytest.skip("DEVSTACK_CLONE names no clone")
    release: Release = request.param
    folder = tmp_path_factory.mktemp("devstack")
    revision = commit(clone, release.revision)
    subprocess.run(["git", "clone", "--quiet", "--shared", clone, str(folder)], check=True)
    git(folder, "checkout", "--quiet", revision)
    return release, folder


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    for name in ("python3", "pip", "openstack"):
        program = folder / "bin" / name
        program.write_text(f"#!/bin/sh\necho {folder}\n")
        program.chmod(0o755)
    shutil.copy(shipped.folder() / "devstack/one_venv.sh", functions_file(str(folder)))
    return folder


def code(check: ExecPrefix | PipAsUser | Openrc) -> Code:
    result = check.run(HOST)
    assert isinstance(result, Result), result
    return result.code


def test_with_our_block_prefix_and_pip_are_the_venvs(
    tree: tuple[Release, Path], venv: Path
) -> None:
    release, folder = tree
    conf = folder / "local.conf"
    body = managed_block(release.kind, use=True, venv_path=str(venv)).body
    conf.write_bytes(b"[[local|localrc]]\n" + body)
    devstack = Devstack(str(folder), release.kind)
    assert code(ExecPrefix(str(conf), devstack, str(venv))) is Code.SUCCESS
    assert code(PipAsUser(str(conf), devstack, str(venv))) is Code.SUCCESS


def test_another_pip_is_seen_in_every_release(tree: tuple[Release, Path], venv: Path) -> None:
    release, folder = tree
    conf = folder / "local.conf"
    conf.write_text("[[local|localrc]]\nGLOBAL_VENV=False\n")
    check = PipAsUser(str(conf), Devstack(str(folder), release.kind), str(venv))
    result = check.run(HOST)
    assert isinstance(result, Result)
    assert result.code is Code.FAILURE
    gives_up = "gives up before it starts a pip"  # some do without a Python 2 on the host
    assert "as root" in result.details or gives_up in result.details


def test_a_shell_that_sources_openrc_is_given_the_venv_by_our_block(
    tree: tuple[Release, Path], venv: Path
) -> None:
    release, folder = tree
    kind = Kind.GLOBAL if release.kind is Kind.GLOBAL else Kind.NONE
    body = managed_block(kind, use=True, venv_path=str(venv)).body
    (folder / ".stackenv").write_text("HOST_IP=127.0.0.1\n")
    (folder / ".localrc.auto").write_bytes(b"HOST_IP=127.0.0.1\n")
    assert code(Openrc(str(venv), str(folder))) is Code.FAILURE
    (folder / ".localrc.auto").write_bytes(b"HOST_IP=127.0.0.1\n" + body)
    assert code(Openrc(str(venv), str(folder))) is Code.SUCCESS
