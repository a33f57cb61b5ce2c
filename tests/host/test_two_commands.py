"""The two commands on machines that have just been installed."""

from collections.abc import Iterator

import pytest

from tests.host.bare_root import CLONE, BareRoot

pytestmark = [pytest.mark.host, pytest.mark.timeout(600)]

DNF = """#!/bin/sh
echo "$@" >>/dnf.log
ln -s /usr/bin/hidden /usr/local/bin/python3.12
"""


@pytest.fixture(params=["bookworm", "trixie"])
def root(request: pytest.FixtureRequest) -> Iterator[BareRoot]:
    """A bare system with Python, and nothing that Debian splits off from it."""
    with BareRoot(request.param) as root:
        install(root, "python3")
        yield root


@pytest.fixture
def trixie() -> Iterator[BareRoot]:
    with BareRoot("trixie") as root:
        install(root, "python3")
        yield root


@pytest.fixture
def bookworm() -> Iterator[BareRoot]:
    with BareRoot("bookworm") as root:
        yield root


def install(root: BareRoot, *packages: str) -> None:
    root.run(["apt-get", "update"])
    done = root.run(["apt-get", "install", "-y", "--no-install-recommends", *packages])
    assert done.returncode == 0, done.stderr


def test_wizard_sh_installs_what_it_lacks_and_says_so(root: BareRoot) -> None:
    first = root.run(["./wizard.sh", "--help"], cwd=CLONE)
    assert first.returncode == 0, first.stderr
    assert "Usage" in first.stdout.capitalize()
    said = first.stderr.splitlines()
    assert "-venv with apt-get" in said[0]
    assert said[1].startswith(f"Making {CLONE}/.venv with Python 3.")
    second = root.run(["./wizard.sh", "--help"], cwd=CLONE)
    assert (second.returncode, second.stderr, second.stdout) == (0, "", first.stdout)


def test_run_tests_sh_sets_itself_up(trixie: BareRoot) -> None:
    tests = trixie.run(["./run_tests.sh", "--quiet", "tests/test_packaging.py"], cwd=CLONE)
    assert tests.returncode == 0, tests.stdout + tests.stderr
    assert " passed" in tests.stdout.splitlines()[-1]


def test_a_user_who_may_not_install_gets_the_command_that_cures_it(bookworm: BareRoot) -> None:
    install(bookworm, "python3")
    bookworm.run(["useradd", "--create-home", "joe"])
    bookworm.run(["cp", "-r", CLONE, "/home/joe/clone"])
    bookworm.run(["chown", "-R", "joe:", "/home/joe/clone"])
    refused = bookworm.run(["./wizard.sh", "--help"], user="joe", cwd="/home/joe/clone")
    assert refused.returncode == 4
    cure = "Run: sudo apt-get install python3.11-venv"
    assert refused.stderr.splitlines()[-1] == f"python3.11-venv is missing. {cure}"
    install(bookworm, "python3.11-venv")
    cured = bookworm.run(["./wizard.sh", "--help"], user="joe", cwd="/home/joe/clone")
    assert cured.returncode == 0, cured.stderr


def test_a_host_without_any_package_source_is_told_so(bookworm: BareRoot) -> None:
    install(bookworm, "python3")
    bookworm.run(["sh", "-c", "rm -rf /etc/apt/sources.list*"])
    refused = bookworm.run(["./wizard.sh", "--help"], cwd=CLONE)
    assert refused.returncode == 4
    assert "apt-get has no package source" in refused.stderr.splitlines()[-1]


def test_no_python_at_all_is_one_sentence_with_its_cure(bookworm: BareRoot) -> None:
    refused = bookworm.run(["./wizard.sh", "--help"], cwd=CLONE)
    assert refused.returncode == 4
    assert refused.stderr == (
        "A complete Python 3.11 or newer is needed (here: none). Run: apt-get install python3\n"
    )


def test_half_a_python_is_one_sentence_with_a_cure_that_works(bookworm: BareRoot) -> None:
    install(bookworm, "python3-minimal")
    refused = bookworm.run(["./wizard.sh", "--help"], cwd=CLONE)
    assert refused.returncode == 4
    cure = "(here: 3.11.2). Run: apt-get install python3\n"
    assert refused.stderr == f"A complete Python 3.11 or newer is needed {cure}"
    install(bookworm, "python3")
    assert bookworm.run(["./wizard.sh", "--help"], cwd=CLONE).returncode == 0


@pytest.mark.parametrize(
    ("release", "cure"),
    [
        ('ID="rocky"\nID_LIKE="rhel centos fedora"', "dnf install python3.12"),
        ('ID="opensuse-leap"\nID_LIKE="suse opensuse"', "zypper install python312"),
        ("ID=ubuntu\nID_LIKE=debian", "apt-get install python3"),
    ],
)
def test_the_cure_is_that_of_the_distribution(bookworm: BareRoot, release: str, cure: str) -> None:
    bookworm.path("/usr/lib/os-release").write_text(release)
    refused = bookworm.run(["./wizard.sh"], cwd=CLONE)
    assert refused.returncode == 4
    assert refused.stderr.splitlines()[-1].endswith(f"Run: {cure}")


def test_rhel_gets_its_python_installed(bookworm: BareRoot) -> None:
    install(bookworm, "python3-venv")
    bookworm.path("/usr/bin/python3").unlink()
    bookworm.path("/usr/bin/python3.11").rename(bookworm.path("/usr/bin/hidden"))
    bookworm.path("/usr/lib/os-release").write_text('ID="rocky"\nID_LIKE="rhel centos fedora"')
    dnf = bookworm.path("/usr/local/bin/dnf")
    dnf.write_text(DNF)
    dnf.chmod(0o755)
    assert bookworm.run(["./wizard.sh", "--help"], cwd=CLONE).returncode == 0
    assert bookworm.path("/dnf.log").read_text() == "install -y python3.12\n"
