"""Real DevStack of twelve years: what is said of a checkout is what its own functions do."""

import os
import platform
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import local_reader
from wizard.checks.local_conf import LocalConfCheck
from wizard.facts import devstack
from wizard.facts.effective_values import read_back
from wizard.model import shipped
from wizard.model.check import Code
from wizard.model.devstack import Devstack, Kind
from wizard.model.local_conf.managed_block import functions_file, managed_block

pytestmark = pytest.mark.upstream

HOST = local_reader()
VENV = "/opt/stack/global-venv"
TWO = f"USE_VENV=True\nVENV_PATH={VENV}\n"
HANDED_OVER = TWO + "GLOBAL_VENV=$USE_VENV\nDEVSTACK_VENV=$VENV_PATH\nUSE_VENV=False\n"


@dataclass(frozen=True)
class Release:
    revision: str
    kind: Kind
    series: str
    supported: str  # one of its distributions


RELEASES = (
    Release("738b92a8", Kind.NONE, "", "trusty"),
    Release("juno-eol", Kind.NONE, "", "trusty"),
    Release("kilo-2", Kind.NONE, "", "trusty"),
    Release("liberty-eol", Kind.PER_PROJECT, "", "trusty"),
    Release("train-eol", Kind.PER_PROJECT, "train", "bionic"),
    Release("yoga-eom", Kind.PER_PROJECT, "yoga", "focal"),
    Release("2023.1-eom", Kind.PER_PROJECT, "2023.1", "jammy"),
    Release("unmaintained/2023.1", Kind.PER_PROJECT, "2023.1", "jammy"),
    Release("2023.2-eol", Kind.GLOBAL, "2023.2", "bookworm"),
    Release("stable/2025.1", Kind.GLOBAL, "2025.1", "noble"),
    Release("stable/2026.1", Kind.GLOBAL, "2026.1", "trixie"),
    Release("master", Kind.GLOBAL, "2026.2", "trixie"),
)


def git(folder: str | Path, *argv: str) -> str:
    command = ("git", "-C", str(folder), *argv)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def commit(clone: str, revision: str) -> str:
    for name in (revision, f"origin/{revision}"):
        try:
            return git(clone, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").strip()
        except subprocess.CalledProcessError:
            continue
    pytest.skip(f"the clone has no {revision}")


@dataclass(frozen=True)
class Checkout:
    release: Release
    directory: str

    @property
    def changes(self) -> str:
        return git(self.directory, "status", "--porcelain", "--ignored")

    def inspected(self) -> Devstack:
        found = devstack.inspect(HOST, self.directory)
        assert isinstance(found, Devstack), found
        return found


@pytest.fixture(scope="module", params=RELEASES, ids=lambda release: str(release.revision))
def checkout(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Checkout]:
    clone = os.environ.get("DEVSTACK_CLONE")
    if not clone:
        pytest.skip("DEVSTACK_CLONE names no clone of DevStack")
    folder = str(tmp_path_factory.mktemp("release") / "devstack")
    revision = commit(clone, request.param.revision)
    git(clone, "worktree", "add", "--quiet", "--detach", folder, revision)
    yield Checkout(request.param, folder)
    git(clone, "worktree", "remove", "--force", folder)


def local_conf(folder: Path, text: str) -> str:
    path = folder / "local.conf"
    path.write_text(text)
    return str(path)


def test_kind_and_series(checkout: Checkout) -> None:
    found = checkout.inspected()
    assert (found.kind, found.series) == (checkout.release.kind, checkout.release.series)
    assert found.evidence


def test_how_it_makes_one_for_everything_is_told_where_it_makes_one(checkout: Checkout) -> None:
    found, makes_one = checkout.inspected(), checkout.release.kind is Kind.GLOBAL
    assert found.venv_options == (("--system-site-packages",) if makes_one else ())
    assert any(text.startswith("pip") for text in found.venv_packages) is makes_one
    assert found.links is makes_one
    text = "".join(path.read_text() for path in Path(checkout.directory, "inc").glob("python"))
    assert all(package in text for package in found.venv_packages)


def test_the_distributions_that_it_runs_on(checkout: Checkout) -> None:
    supported = devstack.supported_distributions(HOST, checkout.directory)
    assert supported is not None
    assert checkout.release.supported in supported


@pytest.mark.skipif(
    platform.freedesktop_os_release()["ID"] not in ("debian", "ubuntu"),
    reason="elsewhere the name is more than the code name",
)
def test_its_name_of_this_distribution_is_the_code_name(checkout: Checkout) -> None:
    name = platform.freedesktop_os_release()["VERSION_CODENAME"]
    assert devstack.distribution_name(HOST, checkout.directory) == name


def test_the_question_is_quick(checkout: Checkout) -> None:
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        checkout.inspected()
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.2


def test_the_block_makes_one_environment_where_there_can_be_one(
    checkout: Checkout, tmp_path: Path
) -> None:
    path = local_conf(tmp_path, f"[[local|localrc]]\n{HANDED_OVER}")
    names = ("GLOBAL_VENV", "DEVSTACK_VENV", "USE_VENV", "VENV_PATH", "DEST", "DATA_DIR")
    found = read_back(
        HOST,
        local_conf=path,
        checkout=checkout.directory,
        names=(*names, "get_python_exec_prefix"),
    )
    one_for_all = checkout.release.kind is Kind.GLOBAL
    assert found == {
        "GLOBAL_VENV": "True",
        "DEVSTACK_VENV": VENV,
        "USE_VENV": "False",
        "VENV_PATH": VENV,
        "DEST": "/opt/stack",
        "DATA_DIR": "/opt/stack/data",
        "get_python_exec_prefix": f"{VENV}/bin" if one_for_all else "/usr/local/bin",
    }


def test_the_verdict_on_the_block(checkout: Checkout, tmp_path: Path) -> None:
    found, venv = checkout.inspected(), str(tmp_path / "venv")
    shutil.copy(shipped.folder() / "devstack/one_venv.sh", functions_file(venv))
    body = managed_block(found.kind, use=True, venv_path=venv).body.decode()
    path = local_conf(tmp_path, f"[[local|localrc]]\n{body}")
    result = LocalConfCheck(path, found, use=True, venv_path=venv).run(HOST)
    assert result.code is Code.SUCCESS, result


def test_the_two_names_alone_are_not_enough(checkout: Checkout, tmp_path: Path) -> None:
    path = local_conf(tmp_path, f"[[local|localrc]]\n{TWO}")
    result = LocalConfCheck(path, checkout.inspected(), use=True, venv_path=VENV).run(HOST)
    assert result.code is Code.FAILURE, result


def test_the_two_names_alone_break_a_global_devstack(checkout: Checkout, tmp_path: Path) -> None:
    if checkout.release.kind is not Kind.GLOBAL:
        pytest.skip("this release has no environment for everything")
    path = local_conf(tmp_path, f"[[local|localrc]]\n{TWO}")
    result = LocalConfCheck(path, checkout.inspected(), use=True, venv_path=VENV).run(HOST)
    assert result.code is Code.FAILURE
    assert f"USE_VENV is 'True' by {path}:2, wanted 'False'" in result.evidence


SECTIONS = {
    "two sections with another between": (
        "[[local|localrc]]\nV=1\n[[post-config|x]]\nV=2\n[[local|localrc]]\nV=$V,3\n"
    ),
    "a comment after the header": "[[local|localrc]] # mine\nV=1\n",
    "text before the first header": "V=1\n[[local|localrc]]\nW=1\n",
    "a test that looks like a header": "[[local|localrc]]\nV=1\n[[ a || b ]] && V=2\nV=3\n",
    "an indented test": "[[local|localrc]]\nV=1\n [[ a == a || b == c ]] && V=2\n",
    "an indented header": " [[local|localrc]]\nV=1\n",
    "blanks in the header": "[[ local|localrc ]]\nV=1\n",
    "a header with Windows line ends": "[[local|localrc]]\r\nV=1\r\n",
    "a body with Windows line ends": "[[local|localrc]]\nV=1\r\n",
    "a byte order mark": "\ufeff[[local|localrc]]\nV=1\n",
    "services": "[[local|localrc]]\ndisable_service horizon\nenable_service s-proxy\nV=1\n",
    "a syntax error": "[[local|localrc]]\nV=1\nif then\nV=2\n",
    "no line end": "[[local|localrc]]\nV=1",
}


@pytest.mark.parametrize("text", SECTIONS.values(), ids=SECTIONS.keys())
def test_without_a_checkout_the_values_would_be_the_same(
    checkout: Checkout, tmp_path: Path, text: str
) -> None:
    path = local_conf(tmp_path, text)
    alone = read_back(HOST, local_conf=path, checkout=None, names=("V",))
    assert isinstance(alone, dict)
    assert read_back(HOST, local_conf=path, checkout=checkout.directory, names=("V",)) == alone


def test_the_checkout_is_as_it_was(checkout: Checkout, tmp_path: Path) -> None:
    path = local_conf(tmp_path, "[[local|localrc]]\nenable_plugin x https://host.invalid/x\n")
    read_back(HOST, local_conf=path, checkout=checkout.directory, names=("DEST",))
    checkout.inspected()
    devstack.distribution_name(HOST, checkout.directory)
    assert checkout.changes == ""
