"""A system with a venv of ours that holds Keystone and Nova, and real servers to run them."""

import shlex
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.host.bare_root import CLONE, BareRoot
from tests.host.root_machine import RootMachine
from wizard.model.check import Check, Code, Result

VENV = "/opt/stack/global-venv"
SITE_PACKAGES = f"{VENV}/lib/python3.11/site-packages"
SCRIPTS = "/var/www/keystone"
SITE = "/etc/apache2/sites-enabled/keystone.conf"
UNIT = "/etc/systemd/system/devstack@keystone.service"
INI = "/etc/keystone/keystone-uwsgi-public.ini"
SOCKET = "/run/uwsgi/keystone-api.socket"
SCRIPT = "# Licence\nimport logging\nimport os\nfrom keystone.wsgi.api import application\n"
SUDOERS = """\
stack ALL=(root) NOPASSWD:ALL
Defaults:stack secure_path=/sbin:/usr/sbin:/usr/bin:/bin:/usr/local/sbin:/usr/local/bin
Defaults:stack !requiretty
"""

_PACKAGES = (
    *("python3", "python3-venv", "sudo", "procps", "apache2", "libapache2-mod-wsgi-py3"),
    *("uwsgi-core", "uwsgi-plugin-python3"),
)
_KEYSTONE_CONF = """\
[database]
connection = sqlite:////var/lib/keystone/keystone.db
[fernet_tokens]
key_repository = /etc/keystone/fernet-keys
[credential]
key_repository = /etc/keystone/credential-keys
"""
_KEYSTONE_SET_UP = f"""
set -e
mkdir -p /var/lib/keystone /run/uwsgi
chown -R stack: /etc/keystone /var/lib/keystone /run/uwsgi
manage() {{ setpriv --reuid=stack --regid=stack --init-groups {VENV}/bin/keystone-manage "$@"; }}
cd /tmp
manage db_sync
manage fernet_setup --keystone-user stack --keystone-group stack
manage credential_setup --keystone-user stack --keystone-group stack
manage bootstrap --bootstrap-password secret
"""
_CLEAN = f"""
rm -rf {SCRIPTS} {SITE}* {INI} /etc/systemd/system/devstack@* /run/systemd/system/devstack@*
rm -rf /etc/nova /etc/cinder /etc/neutron /opt/stack/other
rm -f /etc/sudoers.d/z* /etc/sudoers.d/0* /usr/local/bin/*-rootwrap /usr/local/bin/privsep-helper
chmod 0755 /opt/stack {VENV}
[ ! -e /tmp/uwsgi.pid ] || kill -INT "$(cat /tmp/uwsgi.pid)" 2>/dev/null
rm -f /tmp/uwsgi.pid {SOCKET}
apache2ctl stop 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do pgrep -x 'apache2|uwsgi-core' >/dev/null || break; sleep 0.2; done
pkill -KILL -x 'apache2|uwsgi-core'
:
"""


@dataclass(frozen=True)
class Deployment:
    """The system; each test begins with nothing deployed, and a sudoers file as DevStack's."""

    root: BareRoot

    def machine(self, *, is_root: bool = True) -> RootMachine:
        return RootMachine(self.root, is_root=is_root)

    def sh(self, command: str, user: str = "root") -> subprocess.CompletedProcess[str]:
        return self.root.run(["sh", "-c", command], user=user)

    def must(self, command: str) -> str:
        done = self.sh(command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def write(self, path: str, text: str) -> None:
        file = self.root.path(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def clean(self) -> None:
        self.sh(_CLEAN)
        self.write("/etc/sudoers.d/50_stack_sh", SUDOERS)
        self.root.path("/etc/sudoers.d/50_stack_sh").chmod(0o440)

    def rootwrap(self, service: str = "nova") -> None:
        """Configure a service's rootwrap as DevStack does: exec_dirs is a comment."""
        etc = f"/etc/{service}"
        self.must(f"mkdir -p {etc} && cp -r {VENV}{etc}/rootwrap* {etc}/")
        self.must(f"sed -i 's/^exec_dirs/#exec_dirs/' {etc}/rootwrap.conf")

    def unit(self, options: str = "") -> None:
        """Write the unit and the ini as a DevStack of today does; ``--venv`` is an option."""
        self.write(
            INI,
            f"[uwsgi]\nchmod-socket = 666\nsocket = {SOCKET}\nlazy-apps = true\n"
            "plugins = http,python3\nmodule = keystone.wsgi.api:application\n"
            "buffer-size = 65535\ndie-on-term = true\nprocesses = 1\nmaster = true\n",
        )
        command = f"/usr/bin/uwsgi --procname-prefix keystone --ini {INI} {options}".rstrip()
        self.write(UNIT, f"[Unit]\nDescription = x\n\n[Service]\nExecStart = {command}\n")

    def start_uwsgi(self) -> None:
        """Start what the unit says, as systemd would."""
        text = self.root.path(UNIT).read_text()
        command = next(line for line in text.splitlines() if line.startswith("ExecStart"))
        argv = [*shlex.split(command.partition("=")[2]), "--pidfile", "/tmp/uwsgi.pid"]
        done = self.root.run([*argv, "--daemonize", "/tmp/uwsgi.log"], user="stack", cwd="/tmp")
        assert done.returncode == 0, done.stderr
        self.wait_for(lambda: self.root.path(SOCKET).exists())

    def site(self, options: str = "", *, beside: str = "", script: str = f"{SCRIPTS}/main") -> int:
        """Have Apache serve a script; return its port."""
        port = _free_port()
        self.write(
            SITE,
            f"Listen 127.0.0.1:{port}\n<VirtualHost *:{port}>\n"
            f"    WSGIDaemonProcess keystone-public processes=1 threads=1 user=stack {options}\n"
            "    WSGIProcessGroup keystone-public\n"
            f"    WSGIScriptAlias / {script}\n"
            "    WSGIApplicationGroup %{GLOBAL}\n"
            "    <Directory />\n        Require all granted\n    </Directory>\n"
            f"</VirtualHost>\n{beside}\n",
        )
        return port

    def proxy(self) -> int:
        """Have Apache pass /identity on to uWSGI, as a DevStack of today does."""
        port = _free_port()
        to = f"unix:{SOCKET}|uwsgi://uwsgi-uds-keystone-api"
        self.write(SITE, f'Listen 127.0.0.1:{port}\nProxyPass "/identity" "{to}" retry=0\n')
        return port

    def script(self, text: str = SCRIPT, name: str = "main") -> None:
        self.write(f"{SCRIPTS}/{name}", text)

    def start_apache(self) -> None:
        self.must("apache2ctl start")

    def wait_for(self, holds: Callable[[], bool], seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "it did not come"
            time.sleep(0.1)

    def wizard(self, *options: str, user: str = "root") -> subprocess.CompletedProcess[str]:
        return self.root.run(["./wizard.sh", *options], cwd=CLONE, user=user)

    def fingerprint(self) -> str:
        """Every file, link, owner and mode where anything could be changed."""
        folders = "/etc /var/www /usr/local/bin /opt/stack"
        pruned = f"-path {VENV} -prune -o -path {CLONE} -prune -o -name .cache -prune -o"
        listing = self.must(f"find {folders} {pruned} -printf '%p %l %u %m %s\\n' | sort")
        sums = self.must(f"find {folders} {pruned} -type f -print0 | sort -z | xargs -0 sha256sum")
        return listing + sums


def failure(host: Deployment, check: Check) -> str:
    """What a check says that must fail, and that must leave everything as it was."""
    result = _verdict(host, check)
    assert result.code is Code.FAILURE, result
    assert result.cure
    return " ".join((result.details, *result.evidence))


def success(host: Deployment, check: Check) -> str:
    result = _verdict(host, check)
    assert result.code is Code.SUCCESS, result
    return " ".join((result.details, *result.evidence))


def _verdict(host: Deployment, check: Check) -> Result:
    before = host.fingerprint()
    result = check.run(host.machine())
    assert host.fingerprint() == before
    assert isinstance(result, Result), result
    return result


def _free_port() -> int:
    """The network is this machine's."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def deployment() -> Iterator[Deployment]:
    """Make the system; about a minute and a half, so once for all tests."""
    with BareRoot("bookworm") as root:
        system = Deployment(root)
        system.must("apt-get update -qq")
        install = "DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "
        system.must(install + " ".join(_PACKAGES))
        system.must("sed -i 's/^Listen/#Listen/' /etc/apache2/ports.conf")
        system.must("rm -f /etc/apache2/sites-enabled/* && a2enmod -q proxy proxy_uwsgi")
        built = system.wizard("--auto", "keystone", "nova", "cinder", "neutron")
        assert built.returncode == 0, built.stdout + built.stderr
        system.write("/etc/keystone/keystone.conf", _KEYSTONE_CONF)
        system.must(_KEYSTONE_SET_UP)
        system.clean()
        yield system
