"""Units under a real systemd: what it says that it starts, and Keystone started by it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.booted import booted, control_groups
from tests.host.deployment import INI, UNIT, VENV, Deployment, failure, success
from wizard.checks.keystone_answers import KeystoneAnswers
from wizard.checks.wsgi_uwsgi import WsgiUwsgi
from wizard.facts import systemd

pytestmark = [
    pytest.mark.host,
    pytest.mark.timeout(600),
    pytest.mark.skipif(control_groups() is None, reason="systemd needs control groups"),
]

INSTALL = "DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "
TEMPLATE = "[Service]\nExecStart=/usr/bin/uwsgi --ini /etc/%i.ini\nUser=stack\n"


@pytest.fixture(scope="module")
def system(built: Deployment) -> Iterator[Deployment]:
    """The deployment, booted."""
    built.must(INSTALL + "systemd systemd-sysv dbus")
    with booted(built.root) as root:
        yield Deployment(root)


@pytest.fixture
def host(system: Deployment) -> Iterator[Deployment]:
    system.clean()
    system.must("mkdir -p /run/uwsgi && chown stack: /run/uwsgi")
    yield system
    system.sh("systemctl stop 'devstack@*'")
    system.clean()
    system.sh("systemctl daemon-reload; systemctl reset-failed")


@pytest.mark.parametrize(
    "files",
    [
        {"/etc/systemd/system/devstack@a.service": TEMPLATE},
        {
            "/etc/systemd/system/devstack@a.service": TEMPLATE,
            "/etc/systemd/system/devstack@a.service.d/10.conf": (
                "[Service]\nExecStart=\nExecStart=-/usr/bin/uwsgi --venv /opt/a \\\n  --x '1 2'\n"
            ),
        },
        {
            "/etc/systemd/system/devstack@a.service": TEMPLATE,
            "/run/systemd/system/devstack@.service.d/20.conf": (
                '[Service]\nExecStart=\nExecStart=/usr/bin/uwsgi "--venv=/opt/b c" # no comment\n'
            ),
            "/etc/systemd/system/devstack@a.service.d/10.conf": (
                "[Service]\nExecStart=\nExecStart=/usr/bin/uwsgi --venv /opt/a\n"
            ),
        },
        {
            "/etc/systemd/system/devstack@a.service": TEMPLATE,
            "/run/systemd/system/devstack@a.service": TEMPLATE.replace("uwsgi", "other"),
            "/run/systemd/system/devstack@a.service.d/10.conf": (
                "[Service]\nExecStart=\nExecStart=/usr/bin/uwsgi --venv /opt/hidden\n"
            ),
            "/etc/systemd/system/devstack@a.service.d/10.conf": (
                "[Unit]\nExecStart=/bin/no\n[Service]\n; ExecStart=/bin/no\n"
            ),
        },
    ],
    ids=["unit", "drop-in", "drop-in of all", "hidden"],
)
def test_systemd_starts_what_was_read(host: Deployment, files: dict[str, str]) -> None:
    for path, text in files.items():
        host.write(path, text)
    ((name, start),) = systemd.starts(host.machine())
    host.must("systemctl daemon-reload")
    said = host.must(f"systemctl show --value --property=ExecStart {name}")
    argv = said.partition("argv[]=")[2].partition(" ; ")[0]
    assert argv == " ".join(start.words)
    assert host.must(f"systemctl show --value --property=User {name}").strip() == start.user


def test_a_unit_that_is_masked_starts_nothing(host: Deployment) -> None:
    host.must("ln -s /dev/null /etc/systemd/system/devstack@a.service")
    assert not tuple(systemd.starts(host.machine()))


class TestKeystone:
    """The unit as DevStack writes it: systemd has it active whether it serves Keystone or not."""

    @pytest.fixture(autouse=True)
    def with_another_venv(self, host: Deployment) -> None:
        host.unit("--venv /opt/stack/data/venv")
        self.add(host, "Type = notify\nUser = stack\nNotifyAccess = all\n")
        host.must(f"mkdir -p /opt/stack/data && cp -r {VENV}/pyvenv.cfg /opt/stack/data/")
        host.must("python3 -m venv --without-pip /opt/stack/data/venv")
        host.must("systemctl daemon-reload && systemctl start devstack@keystone")

    def add(self, host: Deployment, text: str) -> None:
        unit: Path = host.root.path(UNIT)
        unit.write_text(unit.read_text() + text)

    def test_an_active_unit_that_serves_nothing_is_mended_and_started_again(
        self, host: Deployment
    ) -> None:
        assert host.must("systemctl is-active devstack@keystone") == "active\n"
        assert "keystone is not found" in failure(host, WsgiUwsgi(VENV))
        assert "answers 500" in failure(host, KeystoneAnswers(VENV, ""))
        before = host.root.path(UNIT).read_bytes()

        fixed = host.wizard("--check", "--fix")
        assert fixed.returncode == 0, fixed.stdout + fixed.stderr
        success(host, WsgiUwsgi(VENV))
        assert f"300, from {VENV}" in success(host, KeystoneAnswers(VENV, ""))

        undone = host.wizard("--undo")
        assert undone.returncode == 0, undone.stdout
        assert host.root.path(UNIT).read_bytes() == before

    def test_a_drop_in_decides_and_is_what_is_mended(self, host: Deployment) -> None:
        drop_in = f"{UNIT}.d/10-mine.conf"
        command = f"/usr/bin/uwsgi --ini {INI} \\\n    --venv /opt/gone"
        host.write(drop_in, f"[Service]\nExecStart=\nExecStart={command}\n")
        assert "/opt/gone" in failure(host, WsgiUwsgi(VENV))
        host.wizard("--check", "--fix")
        assert f"    --venv {VENV}\n" in host.root.path(drop_in).read_text()
        success(host, WsgiUwsgi(VENV))
