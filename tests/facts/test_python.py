"""The interpreter under the venv is the distribution's, whatever runs this program."""

from pathlib import Path

import pytest

from tests.images import ImageReader, said
from tests.support import local_reader
from wizard.facts.distribution import detect
from wizard.facts.python import distribution_python
from wizard.model.distribution import Distribution, Family
from wizard.model.machine import Completed


def distribution(family: Family, name: str) -> Distribution:
    return Distribution("any", "", "Any", family, name)


def test_debian_has_python3_in_usr_bin_and_its_version_is_asked() -> None:
    host = local_reader()
    here = detect(host)
    if not isinstance(here, Distribution) or here.family is not Family.DEB:
        pytest.skip("not a Debian or Ubuntu host")
    python = distribution_python(host, here)
    assert python.path == "/usr/bin/python3"
    assert python.present == Path("/usr/bin/python3").exists()
    assert python.version.startswith("3.") == python.present


@pytest.mark.parametrize(
    ("family", "name", "path", "package"),
    [
        (Family.DEB, "bookworm", "/usr/bin/python3", "python3"),
        (Family.RPM, "rhel10", "/usr/bin/python3", "python3"),
        (Family.RPM, "rhel9", "/usr/bin/python3.12", "python3.12"),
        (Family.RPM, "f41", "/usr/bin/python3", "python3"),
        (Family.SUSE, "opensuse-15.6", "/usr/bin/python3.11", "python311"),
        (Family.SUSE, "sle15", "/usr/bin/python3.11", "python311"),
        (Family.SUSE, "opensuse-tumbleweed", "/usr/bin/python3.13", "python313"),
    ],
)
def test_on_a_bare_host_it_is_the_package_that_will_bring_it(
    tmp_path: Path, family: Family, name: str, path: str, package: str
) -> None:
    python = distribution_python(ImageReader(tmp_path), distribution(family, name))
    assert (python.path, python.package) == (path, package)
    assert not python.present


def test_rhel9_takes_the_newer_one_that_is_there(tmp_path: Path) -> None:
    host = ImageReader(tmp_path, {"/usr/bin/python3.11": said("3.11.9\n")})
    python = distribution_python(host, distribution(Family.RPM, "rhel9"))
    assert (python.path, python.version) == ("/usr/bin/python3.11", "3.11.9")


def test_rhel9_never_takes_its_default_which_is_too_old(tmp_path: Path) -> None:
    host = ImageReader(tmp_path, {"/usr/bin/python3": said("3.9.18\n")})
    assert not distribution_python(host, distribution(Family.RPM, "rhel9")).present


def test_one_that_does_not_run_counts_as_missing(tmp_path: Path) -> None:
    broken = ImageReader(tmp_path, {"/usr/bin/python3": Completed(1, b"")})
    assert not distribution_python(broken, distribution(Family.DEB, "noble")).present
