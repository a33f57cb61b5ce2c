"""A package that no source has: told by where its name is written, and by what the sources lack."""

import shutil
from pathlib import Path

import pytest

from tests.images import ImageReader, said
from tests.support import local_reader
from wizard.facts import apt, package_manager
from wizard.model import shipped
from wizard.model.distribution import Family
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Completed
from wizard.model.problem import Problem
from wizard.steps.no_candidate import why_unknown

LISTED = "/opt/stack/devstack/files/debs/venv"
FULL = (
    " *** 4:12.2.0-3 500\n        500 http://deb.debian.org/debian bookworm/main amd64 Packages\n"
)
ONLY_INSTALLED = " *** 4:12.2.0-3 100\n        100 /var/lib/dpkg/status\n"
LOCAL = " 100 /var/lib/dpkg/status\n     release a=now\n 500 file:/srv/repo ./ Packages\n"


def why(
    folder: Path, places: dict[str, str], *, gcc: str = FULL, names: tuple[str, ...] = ("libpq-x",)
) -> Problem:
    answers: dict[str, Completed] = {
        "apt-get update --print-uris": said("'http://h/InRelease' h 0\n"),
        "apt-cache policy": said(LOCAL),
        "apt-cache policy --": said(gcc),
        "apt-cache pkgnames": said("libpq-dev\n"),
    }
    return why_unknown(ImageReader(folder, answers), Family.DEB, names, places)


def test_a_typo_in_the_checkouts_list_is_named_with_its_line(tmp_path: Path) -> None:
    found = why(tmp_path, {"libpq-x": f"{LISTED}:2"})
    assert found.where == f"{LISTED}:2"
    assert found.cure == "Did you mean libpq-dev for libpq-x? Mend the name there, or take it out"
    assert found.status is ExitStatus.ANSWERS


def test_each_place_is_named(tmp_path: Path) -> None:
    places = {"libpq-x": f"{LISTED}:2", "libpq-y": "/srv/answers.toml:3:8", "gcc": f"{LISTED}:1"}
    found = why(tmp_path, places, names=("libpq-x", "libpq-y"))
    assert found.where == f"{LISTED}:2 and /srv/answers.toml:3:8"


def test_the_answers_are_not_blamed_for_what_the_programs_own_list_has(tmp_path: Path) -> None:
    found = why(tmp_path, {"libpq-x": f"{shipped.folder()}/debs/venv:4"})
    assert "package sources" in found.cure
    assert "Mend the name" not in found.cure


@pytest.mark.parametrize("gcc", [ONLY_INSTALLED, ""])
def test_sources_without_the_main_archive_are_told_with_what_there_is(
    tmp_path: Path, gcc: str
) -> None:
    found = why(tmp_path, {"libpq-x": f"{shipped.folder()}/debs/venv:4"}, gcc=gcc)
    assert "main archive is not among them (file:/srv/repo)" in found.what
    assert found.where.startswith("/etc/apt/sources.list")
    assert found.status is ExitStatus.HOST


@pytest.mark.skipif(not shutil.which("apt-cache"), reason="not Debian or Ubuntu")
def test_apt_of_this_host_is_understood() -> None:
    here = local_reader()
    if not package_manager.of(Family.DEB).index_age(here):
        pytest.skip("this host has no lists")
    assert apt.has_main_archive(here)
    assert all("://" in source or source.startswith("file:") for source in apt.sources(here))
    assert apt.sources(here)
