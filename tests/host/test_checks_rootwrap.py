"""rootwrap of nova, cinder and neutron, configured as DevStack does it and otherwise."""

import pytest

from tests.host.deployment import VENV, Deployment, failure, success
from wizard.checks.rootwrap_runs import RootwrapRuns
from wizard.model.check import NotYet

pytestmark = [pytest.mark.host, pytest.mark.timeout(600)]

SERVICES = ("nova", "cinder", "neutron")
DROP_IN = "/etc/sudoers.d/zzz-devstack-venv"
WITH_VENV = f'Defaults:stack secure_path="/usr/sbin:/usr/bin:/sbin:/bin:{VENV}/bin"\n'


class TestRootwrapRuns:
    check = RootwrapRuns(VENV)

    @pytest.fixture(autouse=True)
    def configured(self, host: Deployment) -> None:
        for service in SERVICES:
            host.rootwrap(service)
        host.write(DROP_IN, WITH_VENV)

    def test_all_three_as_devstack_leaves_them_are_good(self, host: Deployment) -> None:
        assert "rootwrap of nova, cinder, neutron runs" in success(host, self.check)

    def test_a_sudo_that_does_not_find_it_fails(self, host: Deployment) -> None:
        host.must(f"rm {DROP_IN}")
        assert "command not found" in failure(host, self.check)

    def test_exec_dirs_without_the_venv_fail(self, host: Deployment) -> None:
        host.must("sed -i 's/^#exec_dirs/exec_dirs/' /etc/nova/rootwrap.conf")
        assert "exec_dirs of /etc/nova/rootwrap.conf lacks the venv" in failure(host, self.check)

    def test_a_filters_folder_without_filters_fails(self, host: Deployment) -> None:
        host.must("rm -r /etc/nova/rootwrap.d")
        assert "no filters in /etc/nova/rootwrap.d" in failure(host, self.check)

    def test_a_file_without_its_section_fails(self, host: Deployment) -> None:
        host.write("/etc/nova/rootwrap.conf", "filters_path=/etc/nova/rootwrap.d\n")
        failure(host, self.check)

    def test_a_filter_that_allows_everything_fails(self, host: Deployment) -> None:
        host.write(
            "/etc/nova/rootwrap.d/all.filters",
            "[Filters]\nall: RegExpFilter, /bin/true, root, .*\n",
        )
        assert "ran a command that no filter allows" in failure(host, self.check)

    def test_without_configuration_it_waits(self, host: Deployment) -> None:
        host.must("rm -r /etc/nova /etc/cinder /etc/neutron")
        assert isinstance(self.check.run(host.machine()), NotYet)

    @pytest.mark.parametrize("service", SERVICES)
    def test_each_service_is_asked(self, host: Deployment, service: str) -> None:
        host.must(f"sed -i 's/^#exec_dirs/exec_dirs/' /etc/{service}/rootwrap.conf")
        said = failure(host, self.check)
        assert f"{service}-rootwrap does not find privsep-helper" in said
        assert said.count("lacks the venv") == 1

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("filters_path=", "no filters in filters_path"),
            ("filters_path=/etc/other/rootwrap.d", "no filters in /etc/other/rootwrap.d"),
            ("filters_path=/etc/nova/rootwrap.d\nsyslog_log_level=LOUD", "does not run"),
            ("filters_path=/etc/nova/rootwrap.d\nuse_syslog=perhaps", "does not run"),
            ("exec_dirs=/usr/bin", "does not run"),
        ],
        ids=["empty", "another folder", "no such level", "neither yes nor no", "none at all"],
    )
    def test_what_rootwrap_makes_nothing_of_fails(
        self, host: Deployment, line: str, words: str
    ) -> None:
        host.write("/etc/nova/rootwrap.conf", f"[DEFAULT]\n{line}\n")
        said = failure(host, self.check)
        assert words in said or "cannot use /etc/nova/rootwrap.conf" in said

    def test_syslog_that_is_not_there_is_no_failure(self, host: Deployment) -> None:
        host.must("sed -i 's/^use_syslog=.*/use_syslog=True/' /etc/nova/rootwrap.conf")
        success(host, self.check)

    def test_a_file_that_only_root_may_read_is_good(self, host: Deployment) -> None:
        host.must("chmod 0600 /etc/nova/rootwrap.conf; chmod 0600 /etc/nova/rootwrap.d/*")
        success(host, self.check)

    def test_one_broken_file_of_filters_breaks_all(self, host: Deployment) -> None:
        host.write("/etc/nova/rootwrap.d/compute.filters~", "<<<<<<< mine\n")
        assert "nova-rootwrap" in failure(host, self.check)

    def test_a_helper_of_another_place_in_front_fails(self, host: Deployment) -> None:
        """DevStack's own folders come first: what pip left in the system is found there."""
        other = "/opt/stack/other/bin"
        host.must(f"mkdir -p {other} && cp {VENV}/bin/privsep-helper {other}/")
        host.must(f"sed -i 's,^#exec_dirs=.*,exec_dirs={other},' /etc/nova/rootwrap.conf")
        assert f"starts {other}/privsep-helper" in failure(host, self.check)

    def test_a_helper_that_is_in_no_venv_fails(self, host: Deployment) -> None:
        host.must(f"mv {VENV}/bin/privsep-helper /tmp/")
        try:
            assert "to start privsep-helper, which is in no venv" in failure(host, self.check)
        finally:
            host.must(f"mv /tmp/privsep-helper {VENV}/bin/")

    def test_a_sudo_that_lets_rootwrap_start_nothing_fails(self, host: Deployment) -> None:
        host.write("/etc/sudoers.d/zzzz", "Defaults:stack noexec\n")
        assert "cannot start privsep-helper: PermissionError" in failure(host, self.check)

    @pytest.mark.parametrize("written", ["exec_dirs = /sbin, {}", "Exec_Dirs: /usr/bin"])
    def test_the_fix_makes_it_run_and_undo_brings_all_back(
        self, host: Deployment, written: str
    ) -> None:
        line = written.format(f"{VENV}/bin")  # after a comma, a space is part of the name
        host.must(f"sed -i 's|^#exec_dirs=.*|{line}|' /etc/nova/rootwrap.conf")
        before = host.fingerprint()
        assert "lacks the venv" in failure(host, self.check)
        fixed = host.wizard("--check", "--fix")
        assert "rootwrap folders" in fixed.stdout, fixed.stdout
        success(host, self.check)
        assert host.wizard("--undo").returncode == 0
        assert host.fingerprint() == before
