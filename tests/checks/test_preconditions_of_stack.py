"""What stack.sh alone needs; each case is a host that somebody has."""

from pathlib import Path

import pytest

from tests.images import ImageReader, image, said
from tests.support import local_reader
from wizard.checks.preconditions import all_preconditions
from wizard.checks.preconditions.accepted_settings import AcceptedSettings
from wizard.checks.preconditions.architecture import Architecture
from wizard.checks.preconditions.checkout import Checkout
from wizard.checks.preconditions.host_ip import HostIp
from wizard.checks.preconditions.ports import Ports
from wizard.checks.preconditions.systemd import Systemd
from wizard.facts.devstack import starts_by_systemd
from wizard.model.check import Code
from wizard.model.machine import Completed

HERE = "/opt/stack/devstack"
PASSWD = {"/etc/passwd": "stack:x:1000:1000::/opt/stack:/bin/bash\n"}


def host(folder: Path, files: dict[str, str], answers: dict[str, Completed]) -> ImageReader:
    return ImageReader(image(folder, {**PASSWD, **files}), answers)


def test_without_a_checkout_nothing_of_it_is_asked() -> None:
    without = {check.id for check in all_preconditions(venv="/v", environ={})}
    with_one = {check.id for check in all_preconditions(venv="/v", environ={}, checkout=HERE)}
    assert with_one - without == {"checkout", "accepted-settings", "host-ip", "ports"}


@pytest.mark.parametrize("name", ["x86_64", "aarch64", ""])
def test_a_processor_that_devstack_knows(tmp_path: Path, name: str) -> None:
    assert Architecture().run(host(tmp_path, {}, {"uname -m": said(f"{name}\n")})).code == 0


def test_another_will_stop_stack_sh(tmp_path: Path) -> None:
    result = Architecture().run(host(tmp_path, {}, {"uname -m": said("riscv64\n")}))
    assert result.code is Code.WARNING
    assert "riscv64" in result.details


class TestHostIp:
    conf = f"{HERE}/local.conf"
    no_route = {"ip -4 route show default": said("")}  # noqa: RUF012 -- read only

    def test_a_default_route_tells_it(self, tmp_path: Path) -> None:
        answers = {"ip -4 route show default": said("default via 192.0.2.1 dev eth0\n")}
        assert HostIp(self.conf).run(host(tmp_path, {}, answers)).code is Code.SUCCESS

    def test_without_one_it_has_to_be_set(self, tmp_path: Path) -> None:
        result = HostIp(self.conf).run(host(tmp_path, {}, self.no_route))
        assert result.code is Code.WARNING
        assert "HOST_IP" in result.cure

    @pytest.mark.parametrize("text", ["HOST_IP=192.0.2.2", "export HOST_IP=$(hostname -i)"])
    def test_in_local_conf_it_is(self, tmp_path: Path, text: str) -> None:
        files = {self.conf: f"[[local|localrc]]\n{text}\n"}
        assert HostIp(self.conf).run(host(tmp_path, files, self.no_route)).code is Code.SUCCESS

    def test_elsewhere_in_the_file_it_is_not(self, tmp_path: Path) -> None:
        files = {self.conf: "HOST_IP=192.0.2.2\n[[local|localrc]]\n# HOST_IP=192.0.2.2\n"}
        assert HostIp(self.conf).run(host(tmp_path, files, self.no_route)).code is Code.WARNING

    def test_the_answers_may_set_it(self, tmp_path: Path) -> None:
        result = HostIp(self.conf, ("HOST_IP",)).run(host(tmp_path, {}, self.no_route))
        assert result.code is Code.SUCCESS


class TestCheckout:
    whole = {f"{HERE}/files/x": "", f"{HERE}/lib/x": ""}  # noqa: RUF012 -- read only

    def test_a_whole_one(self, tmp_path: Path) -> None:
        answers = {f"test -w {HERE}": Completed(0)}
        assert Checkout(HERE).run(host(tmp_path, self.whole, answers)).code is Code.SUCCESS

    def test_a_folder_that_is_missing_is_named(self, tmp_path: Path) -> None:
        result = Checkout(HERE).run(host(tmp_path, {f"{HERE}/lib/x": ""}, {}))
        assert result.code is Code.WARNING
        assert "checkout -- files" in result.cure

    def test_one_of_roots_cannot_be_written_into(self, tmp_path: Path) -> None:
        answers = {f"test -w {HERE}": Completed(1)}
        result = Checkout(HERE).run(host(tmp_path, self.whole, answers))
        assert result.code is Code.WARNING
        assert result.cure == f"As root: chown -R stack {HERE}"


class TestPorts:
    header = "  sl  local_address rem_address   st\n"
    mysql = "   0: 00000000:0CEA 00000000:0000 0A 0 0 0 0 0\n"
    client = "   1: 0100007F:0050 0100007F:C000 01 0 0 0 0 0\n"

    def test_a_port_that_is_taken_is_named(self, tmp_path: Path) -> None:
        files = {"/proc/net/tcp": self.header + self.client + self.mysql}
        result = Ports(HERE).run(host(tmp_path, files, {}))
        assert result.code is Code.WARNING
        assert "3306 (MySQL)" in result.details
        assert "80" not in result.details

    def test_after_stack_sh_it_is_devstack_itself(self, tmp_path: Path) -> None:
        files = {"/proc/net/tcp6": self.header + self.mysql, f"{HERE}/.stackenv": ""}
        assert Ports(HERE).run(host(tmp_path, files, {})).code is Code.SUCCESS

    def test_this_hosts_tables_can_be_read(self) -> None:
        assert Ports("").run(local_reader()).details


@pytest.mark.parametrize(
    ("functions", "code"),
    [("write_user_unit_file() {", Code.WARNING), ("screen_it() {", Code.SUCCESS)],
    ids=["since 2017", "before"],
)
def test_systemd_is_missed_only_where_it_starts_the_services(
    tmp_path: Path, functions: str, code: Code
) -> None:
    reader = host(tmp_path, {f"{HERE}/functions-common": functions}, {})
    assert Systemd(needed=starts_by_systemd(reader, HERE)).run(reader).code is code


class TestAcceptedSettings:
    conf = f"{HERE}/local.conf"
    stackrc = 'if [[ "$WSGI_MODE" != "uwsgi" ]]; then\n    die $LINENO "only uwsgi"\nfi\n'
    stackrc += 'if [[ $SERVICE_IP_VERSION != "4" ]] && [[ $SERVICE_IP_VERSION != "6" ]]; then\n'

    def judged(self, folder: Path, text: str, stackrc: str) -> tuple[Code, str]:
        files = {self.conf: f"[[local|localrc]]\n{text}\n", f"{HERE}/stackrc": stackrc}
        result = AcceptedSettings(HERE, self.conf).run(host(folder, files, {}))
        return result.code, result.details

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("WSGI_MODE=mod_wsgi", "WSGI_MODE is 'mod_wsgi'"),
            ("SERVICE_IP_VERSION=4+6", "only 4 or 6"),
            ("enable_plugin heat /a\nenable_plugin heat /b master", "plugin heat"),
        ],
    )
    def test_what_stack_sh_would_stop_at_is_named(
        self, tmp_path: Path, text: str, named: str
    ) -> None:
        code, details = self.judged(tmp_path, text, self.stackrc)
        assert code is Code.WARNING
        assert named in details

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "WSGI_MODE=uwsgi",
            "SERVICE_IP_VERSION=6",
            "WSGI_MODE=",
            "# WSGI_MODE=mod_wsgi",
            "enable_plugin heat /a",
            "enable_plugin heat /a\n#enable_plugin heat /b",
        ],
    )
    def test_what_it_accepts_is_fine(self, tmp_path: Path, text: str) -> None:
        assert self.judged(tmp_path, text, self.stackrc)[0] is Code.SUCCESS

    def test_a_release_that_does_not_ask_accepts_everything(self, tmp_path: Path) -> None:
        assert self.judged(tmp_path, "WSGI_MODE=mod_wsgi", "")[0] is Code.SUCCESS

    def test_a_checkout_without_a_local_conf_says_nothing_wrong(self, tmp_path: Path) -> None:
        nothing = host(tmp_path, {}, {})
        assert AcceptedSettings(HERE, self.conf).run(nothing).code is Code.SUCCESS
