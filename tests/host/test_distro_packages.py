"""The list of distro packages, installed by real apt, dnf and zypper on bare systems."""

import time
from collections.abc import Iterator

import pytest

from tests.host.bare_root import BareRoot
from tests.host.listening import Listening, refusal
from wizard.model import shipped
from wizard.model.distribution import Distribution, Family
from wizard.model.exit_status import ExitStatus
from wizard.model.packages.distro_list import PackageList, parse
from wizard.model.problem import Problem
from wizard.model.step import Done, Pending, Satisfied
from wizard.steps.distro_packages import DistroPackages

pytestmark = [pytest.mark.host, pytest.mark.timeout(600)]

# a bare Debian has perl: F_SETLK with F_WRLCK on the whole file, as apt takes it
HOLD = """
open(my $file, ">", "/var/lib/dpkg/lock-frontend") or die;
my $whole = pack("s s x4 q q i x4", 1, 0, 0, 0, 0);
fcntl($file, 6, $whole) or die;
open(my $held, ">", "/held");
sleep $ARGV[0];
"""


@pytest.fixture(params=["bookworm", "trixie"])
def bare(request: pytest.FixtureRequest) -> Iterator[Listening]:
    with BareRoot(request.param) as root:
        yield Listening(root)


@pytest.fixture
def bookworm() -> Iterator[BareRoot]:
    with BareRoot("bookworm") as root:
        yield root


def shipped_names(suite: str) -> tuple[str, ...]:
    debian = Distribution("debian", "", "Debian", Family.DEB, suite)
    found = parse(shipped.read("debs/venv"), "debs/venv", debian)
    assert isinstance(found, PackageList)
    return found.names


def test_the_shipped_list_is_installed_once(bare: Listening) -> None:
    names = shipped_names("bookworm")
    step = DistroPackages(Family.DEB, names)
    assert step.state(bare) == Pending(f"{len(names)} of {len(names)} to install")

    outcome = step.apply(bare)
    assert isinstance(outcome, Done), outcome
    assert outcome.details.startswith(f"{len(names)} installed, ")
    assert step.state(bare) == Satisfied(f"all {len(names)} installed")
    assert bare.percent == sorted(bare.percent)
    assert bare.percent[-1] > 90
    assert not [line for line in bare.logged if line.startswith(("dlstatus", "pmstatus"))]
    (first, asked), (last, new) = bare.acts.notes
    assert first == last == "packages"
    assert {str(item).partition("=")[0] for item in as_list(asked)} == set(names)
    assert set(as_list(asked)) < set(as_list(new))

    jobs = len(bare.acts.commands)
    assert step.apply(bare) == Done(f"all {len(names)} installed")
    assert len(bare.acts.commands) == jobs


def as_list(note: dict[str, object]) -> list[str]:
    installed = note["installed"]
    assert isinstance(installed, list)
    return installed


def test_all_names_without_candidate_are_told_before_anything_is_installed(bare: Listening) -> None:
    names = ("libmysqlclient-dev", "sudo", "libldap3-dev")
    problem = refusal(DistroPackages(Family.DEB, names), bare)
    assert problem.status is ExitStatus.ANSWERS
    assert "libmysqlclient-dev, libldap3-dev" in problem.what
    assert "for libldap3-dev" in problem.cure
    assert not bare.exists("/usr/bin/sudo")


def test_it_waits_for_whoever_is_at_work_and_goes_on(bookworm: BareRoot) -> None:
    host = Listening(bookworm)
    hold(bookworm, seconds=5)
    outcome = DistroPackages(Family.DEB, ("sudo",), lock_timeout=120).apply(host)
    assert isinstance(outcome, Done), outcome
    assert [line for line in host.logged if line.startswith("perl (process ")]


def test_it_says_who_is_at_work_when_that_takes_too_long(bookworm: BareRoot) -> None:
    host = Listening(bookworm)
    hold(bookworm, seconds=60)
    problem = refusal(DistroPackages(Family.DEB, ("sudo",), lock_timeout=3), host)
    assert problem.what.startswith("perl (process ")
    assert "/var/lib/dpkg/lock-frontend" in problem.what


def test_what_somebody_is_at_work_on_is_not_interrupted(bookworm: BareRoot) -> None:
    """``dpkg --configure -a`` would be the wrong cure: ours may go on after a run was killed."""
    bookworm.path("/var/lib/dpkg/updates/0001").touch()
    hold(bookworm, seconds=60)
    state = DistroPackages(Family.DEB, ("sudo",)).state(Listening(bookworm))
    assert isinstance(state, Pending), state


def hold(root: BareRoot, seconds: int) -> None:
    root.path("/hold").write_text(HOLD)
    root.run(["sh", "-c", f"perl /hold {seconds} >/dev/null 2>&1 </dev/null &"])
    for _ in range(100):
        if root.path("/held").exists():
            return
        time.sleep(0.05)
    pytest.fail("the lock could not be taken")


def test_an_interrupted_dpkg_is_told_with_the_command(bookworm: BareRoot) -> None:
    bookworm.path("/var/lib/dpkg/updates/0001").touch()
    host, step = Listening(bookworm), DistroPackages(Family.DEB, ("sudo",))
    state = step.state(host)
    assert isinstance(state, Problem)
    assert state.cure.startswith("Run: sudo dpkg --configure -a")
    assert step.apply(host) == state
    assert host.acts.commands == []


def test_a_half_configured_package_is_told_by_name(bookworm: BareRoot) -> None:
    status = bookworm.path("/var/lib/dpkg/status")
    text = status.read_text()
    before = "Package: tzdata\nStatus: install ok installed"
    assert before in text
    status.write_text(text.replace(before, "Package: tzdata\nStatus: install ok half-configured"))
    state = DistroPackages(Family.DEB, ("sudo",)).state(Listening(bookworm))
    assert isinstance(state, Problem)
    assert "tzdata" in state.what


def test_a_mirror_that_can_t_be_found_is_told_though_apt_is_content(bookworm: BareRoot) -> None:
    bookworm.run(["sh", "-c", "rm -f /var/lib/apt/lists/*_*"])
    bookworm.path("/etc/apt/sources.list").write_text("deb http://nosuch.invalid/debian x main\n")
    bookworm.path("/etc/apt/apt.conf.d/99retries").write_text('Acquire::Retries "0";\n')
    problem = refusal(DistroPackages(Family.DEB, ("sudo",)), Listening(bookworm))
    assert "nosuch.invalid" in problem.what
    assert "Correct the name" in problem.cure


def test_a_full_disk_is_told(bookworm: BareRoot) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/var/cache/apt/archives"]
    assert bookworm.run(mount).returncode == 0
    bookworm.path("/var/cache/apt/archives/partial").mkdir()
    problem = refusal(DistroPackages(Family.DEB, ("gcc",)), Listening(bookworm))
    assert problem.what.startswith("the disk is full")
