"""DevStack's lists of distro packages."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wizard.model import shipped
from wizard.model.distribution import Distribution, Family
from wizard.model.exit_status import ExitStatus
from wizard.model.packages.distro_list import PackageList, parse
from wizard.model.problem import Problem

FILE = "files/debs/venv"
BOOKWORM = Distribution("debian", "12", "Debian 12", Family.DEB, "bookworm")
TRIXIE = Distribution("debian", "13", "Debian 13", Family.DEB, "trixie")
NOBLE = Distribution("ubuntu", "24.04", "Ubuntu 24.04", Family.DEB, "noble")
RHEL9 = Distribution("rocky", "9.4", "Rocky 9.4", Family.RPM, "rhel9")
RHEL10 = Distribution("rocky", "10.0", "Rocky 10", Family.RPM, "rhel10")
LEAP15 = Distribution("opensuse-leap", "15.6", "Leap", Family.SUSE, "opensuse-15.6")
LEAP16 = Distribution("opensuse-leap", "16.0", "Leap", Family.SUSE, "opensuse-16.0")
TUMBLEWEED = Distribution(
    "opensuse-tumbleweed", "20260101", "Tumbleweed", Family.SUSE, "opensuse-tumbleweed"
)
ALL = (BOOKWORM, TRIXIE, NOBLE, RHEL9, RHEL10, LEAP15, LEAP16, TUMBLEWEED)


def listed(text: str, distribution: Distribution = BOOKWORM) -> PackageList:
    found = parse(text.encode(), FILE, distribution)
    assert isinstance(found, PackageList), found
    return found


def names(text: str, distribution: Distribution = BOOKWORM) -> tuple[str, ...]:
    return listed(text, distribution).names


def refusals(content: bytes, distribution: Distribution = BOOKWORM) -> tuple[Problem, ...]:
    found = parse(content, FILE, distribution)
    assert isinstance(found, tuple), found
    assert {problem.status for problem in found} == {ExitStatus.ANSWERS}
    return found


def test_a_line_names_a_package_and_who_needs_it() -> None:
    (package,) = listed("\nlibldap-dev  # python-ldap, ldappool: LDAP\n").packages
    assert package.name == "libldap-dev"
    assert package.needed_by == ("python-ldap", "ldappool")
    assert package.comment == "python-ldap, ldappool: LDAP"
    assert package.line == 2


def test_devstack_s_own_words_in_a_comment_are_no_packages() -> None:
    (package,) = listed("libsystemd-dev # for systemd-python dist:bookworm testonly").packages
    assert package.needed_by == ("systemd-python",)


def test_prose_in_a_comment_is_no_package() -> None:
    (package,) = listed("lsof # useful when debugging").packages
    assert package.needed_by == ()


def test_comments_and_blank_lines_mean_nothing() -> None:
    assert names("# gcc\n\n   \ngcc\n") == ("gcc",)


def test_several_names_on_a_line_are_several_packages() -> None:
    assert names("gcc \t make# x") == ("gcc", "make")


def test_a_name_on_two_lines_is_one_package_for_both_reasons() -> None:
    (package,) = listed("gcc # psycopg2\ngcc # python-ldap, psycopg2\n").packages
    assert package.needed_by == ("psycopg2", "python-ldap")


@pytest.mark.parametrize(
    ("condition", "distribution", "there"),
    [
        ("dist:bookworm", BOOKWORM, True),
        ("dist:BookWorm,trixie", BOOKWORM, True),
        ("dist:trixie", BOOKWORM, False),
        ("dist:notbookwormy", BOOKWORM, True),
        ("dist: bookworm", BOOKWORM, False),
        ("not:bookworm", BOOKWORM, False),
        ("not:trixie", BOOKWORM, True),
        ("dist:bookworm not:bookworm", BOOKWORM, False),
        ("dist:opensuse-15x6", LEAP15, True),
    ],
)
def test_conditions_are_devstack_s(
    condition: str, distribution: Distribution, *, there: bool
) -> None:
    assert bool(names(f"gcc # {condition}", distribution)) is there


@pytest.mark.parametrize("line", ["gcc # NOPRIME", "NOPRIMEgcc", "gcc # UNOPRIMED"])
def test_noprime_anywhere_puts_a_line_off(line: str) -> None:
    found = parse(line.encode(), FILE, RHEL9)
    assert isinstance(found, PackageList)
    assert found.packages == ()
    assert len(found.deferred) == 1


def test_a_deferred_package_comes_with_the_pypi_package_that_needs_it() -> None:
    found = listed("gcc\nlibvirt-dev # libvirt-python NOPRIME\n")
    assert found.serving(["Libvirt_Python"]).names == ("gcc", "libvirt-dev")
    assert found.serving(["lxml"]).names == ("gcc",)


def test_the_line_of_every_bad_name_is_told() -> None:
    found = refusals(b"gcc\nsudo-\nlibxml2-dev=1\ng++\nfoo/stable\n")
    assert [problem.where for problem in found] == [f"{FILE}:{number}" for number in (2, 3, 5)]
    assert "apt-get would remove sudo" in found[0].what


MORE_THAN_NAMES = """
python3- foo+ foo=1 foo:i386 sud.*o$ @core /usr/bin/x * !x ~x -- - a kappa,lambda Gcc
-oAPT::Update::Pre-Invoke::=id gc\u0441 \u202egcc gcc\0
"""


@pytest.mark.parametrize("name", [*MORE_THAN_NAMES.split(), "x" * 101])
def test_what_is_more_than_a_name_is_refused(name: str) -> None:
    refusals(name.encode())


@pytest.mark.parametrize("name", ["gcc-c++", "python3-PyMySQL", "python3.12-devel", "R_x86"])
def test_rpm_names_may_have_capitals_and_underscores(name: str) -> None:
    assert names(name, RHEL9) == (name,)


@pytest.mark.parametrize("name", ["g++", "libstdc++-12-dev", "python3.11-dev"])
def test_names_of_debian_are_accepted(name: str) -> None:
    assert names(name) == (name,)


def test_a_windows_line_ending_after_a_name_is_told() -> None:
    (problem,) = refusals(b"gcc\r\nlibpq-dev # psycopg2\r\n")
    assert problem.where == f"{FILE}:1"
    assert "sed -i" in problem.cure


def test_a_second_hash_before_a_condition_makes_devstack_install_the_comment() -> None:
    (problem,) = refusals(b"gcc # psycopg2 # dist:bookworm")
    assert "'#'" in problem.what


def test_which_distro_packages_a_pypi_package_needs() -> None:
    found = listed("gcc # python-ldap\nlibldap-dev # Python.LDAP\nlibpq-dev # psycopg2\n")
    assert found.needed_for("python_ldap") == ("gcc", "libldap-dev")


def test_whom_removing_a_distro_package_hurts() -> None:
    found = listed("gcc # python-ldap, psycopg2\n")
    assert found.hurt_without("gcc") == ("python-ldap", "psycopg2")
    assert found.hurt_without("g++") == ()


def test_changes_add_and_remove_and_survive_what_the_list_lacks() -> None:
    found = listed("gcc # psycopg2\nlibpq-dev # psycopg2\n")
    changed = found.changed(["vim", "gcc"], ["libpq-dev", "nothing"], Family.DEB, "answers")
    assert isinstance(changed, PackageList)
    assert changed.names == ("gcc", "vim")
    assert changed.hurt_without("gcc") == ("psycopg2",)


def test_a_bad_addition_is_told_with_where_it_stands() -> None:
    changed = listed("gcc").changed(["sudo-", "ok"], [], Family.DEB, "answers.toml:7:8")
    assert isinstance(changed, tuple)
    assert [problem.where for problem in changed] == ["answers.toml:7:8"]


@pytest.mark.parametrize("distribution", ALL, ids=lambda item: item.devstack_name)
def test_every_shipped_package_says_who_needs_it(distribution: Distribution) -> None:
    file = f"{distribution.family}/venv"
    found = parse(shipped.read(file), file, distribution)
    assert isinstance(found, PackageList), found
    assert all(package.needed_by for package in found.packages + found.deferred)


@pytest.mark.parametrize("distribution", ALL, ids=lambda item: item.devstack_name)
def test_every_shipped_list_brings_one_python_and_its_headers(distribution: Distribution) -> None:
    file = f"{distribution.family}/venv"
    found = parse(shipped.read(file), file, distribution)
    assert isinstance(found, PackageList), found
    assert len(found.needed_for("virtualenv")) == 1
    headers = [name for name in found.needed_for("psycopg2") if name.startswith("python")]
    assert len(headers) == 1


_WORDS = st.sampled_from(
    ["gcc", "#", "dist:", "not:", "bookworm", "trixie", ",", " ", "  ", "\t", "NOPRIME", "lxml"]
)
_LINES = st.lists(st.lists(_WORDS, max_size=9).map("".join), max_size=6).map("\n".join)


@pytest.mark.upstream
@pytest.mark.skipif("DEVSTACK_CLONE" not in os.environ, reason="DEVSTACK_CLONE names no clone")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=_LINES)
def test_devstack_itself_reads_the_same(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("list") / "venv"
    file.write_text(text)
    mine = parse(text.encode(), FILE, BOOKWORM)
    if isinstance(mine, PackageList):
        assert sorted(set(_as_devstack_reads(file))) == sorted(mine.names)


def _as_devstack_reads(file: Path) -> list[str]:
    functions = Path(os.environ["DEVSTACK_CLONE"]) / "functions-common"
    script = f"DISTRO=bookworm; set -f; . {functions}; for i in $(_parse_package_files {file})"
    run = subprocess.run(
        ["bash", "-c", f'{script}; do echo "$i"; done'], capture_output=True, text=True, check=True
    )
    return run.stdout.split("\n")[:-1]
