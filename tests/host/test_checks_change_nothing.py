"""Every check, with everything deployed and running, leaves the whole system as it was."""

from collections.abc import Iterator

import pytest

from tests.host.deployment import VENV, Deployment
from wizard.checks.command_links import CommandLinks
from wizard.checks.keystone_answers import KeystoneAnswers
from wizard.checks.openrc import Openrc
from wizard.checks.rootwrap_path import RootwrapPath
from wizard.checks.rootwrap_runs import RootwrapRuns
from wizard.checks.sudo_path import SudoPath
from wizard.checks.sudoers_healthy import SudoersHealthy
from wizard.checks.wsgi_mod_wsgi import WsgiModWsgi
from wizard.checks.wsgi_uwsgi import WsgiUwsgi
from wizard.model.check import Check, Code, Result

pytestmark = [pytest.mark.host, pytest.mark.timeout(600)]

CHECKOUT = "/opt/stack/devstack"
CHECKS: tuple[Check, ...] = (
    SudoPath(VENV),
    SudoersHealthy(),
    RootwrapPath(VENV),
    RootwrapRuns(VENV),
    WsgiModWsgi(VENV),
    WsgiUwsgi(VENV),
    KeystoneAnswers(VENV, CHECKOUT),
    Openrc(VENV, CHECKOUT),
    CommandLinks(VENV),
)
# what a running server writes for itself, and the folders whose own time any file changes
LEFT_OUT = "-path /proc -prune -o -path /sys -prune -o -path /dev -prune -o -name '*.log' -prune -o"
EVERYTHING = f"find / -xdev {LEFT_OUT} -printf '%p %y %m %U:%G %s %l' -a "
BY_TIME = "\\( -path /tmp -o -path /run/apache2 -o -printf ' %T@' \\) -a -printf '\\n'"


@pytest.fixture
def deployed(host: Deployment) -> Iterator[Deployment]:
    """Nova, cinder and neutron with rootwrap, Keystone under both servers, no bytecode."""
    for service in ("nova", "cinder", "neutron"):
        host.rootwrap(service)
    host.write(
        "/etc/sudoers.d/zzz-devstack-venv",
        f'Defaults:stack secure_path="/usr/sbin:/usr/bin:/sbin:/bin:{VENV}/bin"\n',
    )
    host.script()
    host.site(f"python-home={VENV}")
    host.unit(f"--venv {VENV}")
    host.start_uwsgi()
    host.start_apache()
    host.write(f"{CHECKOUT}/openrc", f"PATH={VENV}/bin:$PATH\n")
    host.write(f"{CHECKOUT}/.stackenv", "HOST_IP=127.0.0.1\n")
    host.must(f"chown -R stack: {CHECKOUT}; ln -sf {VENV}/bin/privsep-helper /usr/local/bin/")
    caches = f"cd {VENV}; find . -name __pycache__ -prune"
    host.must(f"{caches} -print0 | tar --null -T - -cf /root/bytecode.tar")
    yield host
    host.must(f"tar -xf /root/bytecode.tar -C {VENV}; rm -rf {CHECKOUT} /root/bytecode.tar")


def is_loaded(host: Deployment) -> bool:
    verdict = KeystoneAnswers(VENV, CHECKOUT).run(host.machine())
    return isinstance(verdict, Result) and verdict.code is Code.SUCCESS


def everything(host: Deployment) -> list[str]:
    return sorted(host.must(EVERYTHING + BY_TIME).splitlines())


@pytest.mark.parametrize("is_root", [True, False], ids=["root", "stack"])
def test_no_check_changes_a_file_a_mode_or_a_time(deployed: Deployment, *, is_root: bool) -> None:
    machine = deployed.machine(is_root=is_root)
    deployed.wait_for(lambda: is_loaded(deployed), seconds=120)  # and has written its bytecode
    deployed.must(f"find {VENV} -name __pycache__ -prune -exec rm -r {{}} +")
    before = everything(deployed)
    assert len(before) > 10_000
    verdicts = [check.run(machine) for check in CHECKS]
    assert set(everything(deployed)) ^ set(before) == set()
    for verdict in verdicts:
        assert isinstance(verdict, Result), verdict
        assert verdict.code is not Code.FAILURE, verdict
