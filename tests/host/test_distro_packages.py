"""The list of distro packages, installed by real apt, dnf and zypper on bare systems."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.host.bare_root import BareRoot
from tests.host.root_machine import RootMachine
from wizard.facts import package_manager
from wizard.model import shipped
from wizard.model.distribution import Distribution, Family
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, JobEnded, LineFilter
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


@dataclass(slots=True)
class Listening(RootMachine):
    """Hears what a job says line by line, as the engine does."""

    logged: list[str] = field(default_factory=list)
    percent: list[int] = field(default_factory=list)

    def __init__(self, root: BareRoot) -> None:
        RootMachine.__init__(self, root, "root")
        self.logged, self.percent = [], []

    def job(self, command: Command, line_filter: LineFilter | None = None) -> JobEnded:
        self.acts.commands.append(command.shown())
        done = self.run(command)
        lines = (done.stdout + done.stderr).decode().splitlines()
        heard = [line_filter(line) if line_filter else line for line in lines]
        self.logged += [line for line in heard if line is not None]
        return JobEnded(done.returncode, 0.0, 1, len(lines), tuple(self.logged[-30:]))

    def progress(self, done: int, total: int, text: str = "") -> None:
        del text
        self.percent.append(done * 100 // total if total else 0)

    def log(self, line: str) -> None:
        self.logged.append(line)


@pytest.fixture(params=["bookworm", "trixie"])
def bare(request: pytest.FixtureRequest) -> Iterator[Listening]:
    with BareRoot(request.param) as root:
        yield Listening(root)


@pytest.fixture
def bookworm() -> Iterator[BareRoot]:
    with BareRoot("bookworm") as root:
        yield root


def refusal(step: DistroPackages, host: Listening) -> Problem:
    outcome = step.apply(host)
    assert isinstance(outcome, Problem), outcome
    return outcome


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
    assert "libldap3-dev: libldap" in problem.cure
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
    assert state.cure == "Run: sudo dpkg --configure -a"
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
    assert "resolv" in problem.cure


def test_a_full_disk_is_told(bookworm: BareRoot) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/var/cache/apt/archives"]
    assert bookworm.run(mount).returncode == 0
    bookworm.path("/var/cache/apt/archives/partial").mkdir()
    problem = refusal(DistroPackages(Family.DEB, ("gcc",)), Listening(bookworm))
    assert problem.what == "the disk is full"


RPM_TOOLS = ["dnf", "zypper", "rpm", "createrepo-c"]
REPOSITORY = r"""
set -eu
mkdir -p /etc/rpm /etc/yum.repos.d
echo '%_dbpath /var/lib/rpm' >/etc/rpm/macros
for name in liba-devel libb-devel meta; do
    {
        printf '%s\n' "Name: $name" 'Version: 1.0' 'Release: 1' 'Summary: x' 'License: x'
        [ $name != meta ] || echo 'Requires: liba-devel'
        [ $name != liba-devel ] || echo 'Provides: libold-devel'
        printf '%s\n' 'BuildArch: noarch' '%description' 'x' '%files'
    } >/srv/$name.spec
    rpmbuild --define '_topdir /srv/build' -bb /srv/$name.spec
done
createrepo_c /srv/build/RPMS
printf '%s\n' '[local]' 'name=local' 'baseurl=file:///srv/build/RPMS' 'gpgcheck=0' \
    >/etc/yum.repos.d/local.repo
zypper --non-interactive --no-gpg-checks addrepo -G -f file:///srv/build/RPMS local
"""


@pytest.fixture(scope="module")
def rpm_root() -> Iterator[BareRoot]:
    """Debian with real dnf and zypper, and a repository for both."""
    with BareRoot("bookworm") as root:
        assert root.run(["apt-get", "update"]).returncode == 0
        done = root.run(["apt-get", "install", "-y", "--no-install-recommends", *RPM_TOOLS])
        assert done.returncode == 0, done.stderr
        done = root.run(["sh", "-c", REPOSITORY])
        assert done.returncode == 0, done.stderr
        yield root


@pytest.fixture(params=[Family.RPM, Family.SUSE])
def family(request: pytest.FixtureRequest, rpm_root: BareRoot) -> Family:
    rpm_root.run(["rpm", "-e", "meta", "liba-devel", "libb-devel"])
    rpm_root.run(["rpm", "-e", "meta", "liba-devel"])
    found = request.param
    assert isinstance(found, Family)
    return found


def test_rpms_are_installed_once(rpm_root: BareRoot, family: Family) -> None:
    host, step = Listening(rpm_root), DistroPackages(family, ("meta",))
    assert step.state(host) == Pending("1 of 1 to install")
    assert step.apply(host) == Done("1 installed, 2 with what they need")
    assert step.state(host) == Satisfied("all 1 installed")
    assert host.acts.notes == [
        ("packages", {"installed": ["meta=1.0-1"]}),
        ("packages", {"installed": ["liba-devel=1.0-1", "meta=1.0-1"]}),
    ]
    assert host.percent[-1] == 100


def test_unknown_rpms_are_told_before_anything_is_installed(
    rpm_root: BareRoot, family: Family
) -> None:
    host = Listening(rpm_root)
    problem = refusal(DistroPackages(family, ("meta", "libb-dev", "libold-devel")), host)
    assert "libb-dev, libold-devel" in problem.what
    assert "libb-dev: libb-devel" in problem.cure
    assert "libold-devel: liba-devel" in problem.cure
    assert package_manager.of(family).installed(host) == {}


@pytest.mark.parametrize("seconds", [4, 60])
def test_dnf_and_zypper_wait_for_each_other_s_like(
    rpm_root: BareRoot, family: Family, seconds: int
) -> None:
    host = Listening(rpm_root)
    lock = {Family.RPM: "/var/lib/dnf/rpmdb_lock.pid", Family.SUSE: "/run/zypp.pid"}[family]
    rpm_root.run(["sh", "-c", f"sleep {seconds} >/dev/null 2>&1 </dev/null & echo $! >{lock}"])
    outcome = DistroPackages(family, ("meta",), lock_timeout=8).apply(host)
    rpm_root.run(["sh", "-c", f"kill $(cat {lock}); rm {lock}"])
    if seconds < 8:
        assert isinstance(outcome, Done), outcome
    else:
        assert isinstance(outcome, Problem)
        assert outcome.what.startswith("sleep (process ")
        assert lock in outcome.what
