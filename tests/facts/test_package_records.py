"""What dpkg and rpm say of their own records is quoted, with what there is to mend them by."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.images import ImageReader, image
from tests.support import local_reader
from wizard.checks.preconditions.package_manager import PackageManager
from wizard.facts.apt import Apt
from wizard.facts.rpm import installed
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Completed
from wizard.model.problem import Problem

GARBAGE = "Package: tree\nStatus: install ok installed\n\ngarbage line without colon\n"
SAID = (
    "dpkg-query: warning: parsing file '/var/lib/dpkg/status' near line 3 package 'acme':\n"
    " missing 'Maintainer' field\n"
    "dpkg-query: error: parsing file '/var/lib/dpkg/status' near line 3649:\n"
    " field name '' must be followed by colon\n"
)
COPIES = {
    "/var/lib/dpkg/status-old": "",
    "/var/backups/dpkg.status.0": "",
    "/var/backups/apt.extended_states.0": "",
    "/etc/os-release": "ID=debian\nVERSION_CODENAME=bookworm\n",
    "/usr/bin/apt-get": "",
}


def refused(folder: Path, files: dict[str, str], said: str = SAID) -> ImageReader:
    answers = {name: Completed(2, b"", said.encode()) for name in ("dpkg-query", "rpm")}
    return ImageReader(image(folder, files), answers)


def test_dpkgs_words_are_quoted_with_the_line(tmp_path: Path) -> None:
    found = Apt().installed(refused(tmp_path, COPIES))
    assert isinstance(found, Problem)
    assert found.what.endswith("near line 3649: field name '' must be followed by colon")
    assert "Maintainer" not in found.what
    assert found.where == "/var/lib/dpkg/status:3649"
    assert found.status is ExitStatus.HOST


def test_the_copies_that_there_are_are_named(tmp_path: Path) -> None:
    found = Apt().installed(refused(tmp_path, COPIES))
    assert isinstance(found, Problem)
    assert found.cure.endswith("/var/lib/dpkg/status-old, /var/backups/dpkg.status.0")


def test_without_a_copy_none_is_named(tmp_path: Path) -> None:
    found = Apt().installed(refused(tmp_path, {}))
    assert isinstance(found, Problem)
    assert "No copy" in found.cure


def test_before_a_build_the_same_is_said(tmp_path: Path) -> None:
    (tmp_path / "usr/bin").mkdir(parents=True)
    (tmp_path / "usr/bin/apt-get").touch(mode=0o755)
    result = PackageManager().run(refused(tmp_path, COPIES))
    assert "near line 3649" in result.details
    assert "status-old" in result.cure


@pytest.mark.parametrize("said", ["error: db5 error(2) from dbenv->open: No such file\n", ""])
def test_rpms_words_are_quoted_too(tmp_path: Path, said: str) -> None:
    found = installed(refused(tmp_path, {}, said))
    assert isinstance(found, Problem)
    assert said.strip() in found.what
    assert found.where == "rpm -qa"


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="not Debian or Ubuntu")
def test_dpkg_itself_says_it_in_these_words(tmp_path: Path) -> None:
    (tmp_path / "status").write_text(GARBAGE)
    argv = ["dpkg-query", f"--admindir={tmp_path}", "-W"]
    asked = subprocess.run(argv, capture_output=True, env={"LC_ALL": "C"}, check=False)
    said = asked.stderr.replace(str(tmp_path).encode(), b"/var/lib/dpkg").decode()
    found = Apt().installed(refused(tmp_path / "image", {}, said))
    assert isinstance(found, Problem)
    assert found.where.startswith("/var/lib/dpkg/status:")  # dpkg says no more than "near"
    assert isinstance(Apt().installed(local_reader()), dict)
