"""The lists of RPMs, installed by real dnf and zypper from a repository on the disk."""

from collections.abc import Iterator

import pytest

from tests.host.bare_root import BareRoot
from tests.host.listening import Listening, refusal
from wizard.facts import package_manager
from wizard.model import shipped
from wizard.model.distribution import Distribution, Family
from wizard.model.packages.distro_list import PackageList, parse
from wizard.model.problem import Problem
from wizard.model.step import Done, Pending, Satisfied
from wizard.steps.distro_packages import DistroPackages

pytestmark = [pytest.mark.host, pytest.mark.timeout(600)]

RPM_TOOLS = ["dnf", "zypper", "rpm", "createrepo-c"]
REPOSITORY = r"""
set -eu
mkdir -p /etc/rpm /etc/yum.repos.d
echo '%_dbpath /var/lib/rpm' >/etc/rpm/macros
for name in liba-devel libb-devel meta wants-missing fails "$@"; do
    {
        printf '%s\n' "Name: $name" 'Version: 1.0' 'Release: 1' 'Summary: x' 'License: x'
        [ $name != meta ] || echo 'Requires: liba-devel'
        [ $name != wants-missing ] || echo 'Requires: nowhere-to-be-found'
        [ $name != liba-devel ] || echo 'Provides: libold-devel'
        printf '%s\n' 'BuildArch: noarch' '%description' 'x'
        [ $name != fails ] || printf '%s\n' '%pre -p <lua>' 'error("no room")'
        echo '%files'
    } >/srv/$name.spec
    rpmbuild --define '_topdir /srv/build' -bb /srv/$name.spec
done
createrepo_c /srv/build/RPMS
printf '%s\n' '[local]' 'name=local' 'baseurl=file:///srv/build/RPMS' 'gpgcheck=0' \
    >/etc/yum.repos.d/local.repo
zypper --non-interactive --no-gpg-checks addrepo -G -f file:///srv/build/RPMS local
"""


HOSTS = {
    Family.RPM: Distribution("rocky", "9.4", "Rocky Linux 9.4", Family.RPM, "rhel9"),
    Family.SUSE: Distribution("opensuse-leap", "15.6", "Leap", Family.SUSE, "opensuse-15.6"),
}
FOLDERS = {Family.RPM: "rpms", Family.SUSE: "rpms-suse"}


def shipped_list(family: Family) -> tuple[str, ...]:
    name = f"{FOLDERS[family]}/venv"
    found = parse(shipped.read(name), name, HOSTS[family])
    assert isinstance(found, PackageList)
    return found.names


@pytest.fixture(scope="module")
def rpm_root() -> Iterator[BareRoot]:
    """Debian with real dnf and zypper, and a repository for both."""
    with BareRoot("bookworm") as root:
        assert root.run(["apt-get", "update"]).returncode == 0
        done = root.run(["apt-get", "install", "-y", "--no-install-recommends", *RPM_TOOLS])
        assert done.returncode == 0, done.stderr
        shipped_names = {name for family in HOSTS for name in shipped_list(family)}
        done = root.run(["sh", "-c", REPOSITORY, "sh", *sorted(shipped_names)])
        assert done.returncode == 0, done.stderr
        yield root


@pytest.fixture(params=[Family.RPM, Family.SUSE])
def family(request: pytest.FixtureRequest, rpm_root: BareRoot) -> Family:
    rpm_root.run(["sh", "-c", "rpm -e $(rpm -qa)"])
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


def test_the_shipped_list_is_installed_once(rpm_root: BareRoot, family: Family) -> None:
    host, names = Listening(rpm_root), shipped_list(family)
    step = DistroPackages(family, names)
    assert step.state(host) == Pending(f"{len(names)} of {len(names)} to install")
    assert step.apply(host) == Done(f"{len(names)} installed, {len(names)} with what they need")
    assert step.state(host) == Satisfied(f"all {len(names)} installed")
    jobs = len(host.acts.commands)
    assert step.apply(host) == Done(f"all {len(names)} installed")
    assert len(host.acts.commands) == jobs


def test_an_rpm_that_needs_what_nobody_has_is_told(rpm_root: BareRoot, family: Family) -> None:
    problem = refusal(DistroPackages(family, ("meta", "wants-missing")), Listening(rpm_root))
    assert problem.what.startswith("wants-missing-1.0-1.noarch")
    assert "nowhere-to-be-found" in problem.what
    assert package_manager.of(family).installed(Listening(rpm_root)) == {}


def test_an_rpm_whose_script_fails_is_told(rpm_root: BareRoot, family: Family) -> None:
    problem = refusal(DistroPackages(family, ("fails",)), Listening(rpm_root))
    assert "fails" in problem.what
    assert package_manager.of(family).installed(Listening(rpm_root)) == {}


def test_unknown_rpms_are_told_before_anything_is_installed(
    rpm_root: BareRoot, family: Family
) -> None:
    host = Listening(rpm_root)
    problem = refusal(DistroPackages(family, ("meta", "libb-dev", "libold-devel")), host)
    assert "libb-dev, libold-devel" in problem.what
    assert "libb-devel for libb-dev" in problem.cure
    assert "liba-devel for libold-devel" in problem.cure
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
