"""A bare Debian on which the stack.sh of a real DevStack runs, with what stands in for the rest.

Real: DevStack, apt, MariaDB, Apache, uWSGI, pip, Keystone and whatever it needs. Stand-ins
are systemctl, because no systemd runs there, and the repositories that DevStack clones, which are
made here from what PyPI has.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.host.bare_root import CLONE, BareRoot

STAND_INS = Path(__file__).parent / "stand_ins"
CHECKOUT = "/opt/stack/devstack"
SOURCES = "/opt/git/openstack"
PATIENCE = 3000  # seconds; 200 where nobody else is busy

_LOCAL_CONF = """\
[[local|localrc]]
GIT_BASE=file:///opt/git
ENABLED_SERVICES=key,mysql
HOST_IP={address}
SERVICE_LOCAL_HOST={address}
SERVICE_LISTEN_ADDRESS={address}
MEMCACHE_SERVERS={address}:11211
"""
_LISTENING = """
mkdir -p /etc/apache2 /etc/mysql/mariadb.conf.d
echo 'Listen {address}:80' >/etc/apache2/ports.conf
printf '[mysqld]\\nbind-address = {address}\\n' >/etc/mysql/mariadb.conf.d/99-one-address.cnf
printf '%s\\n' -d '-m 64' '-p 11211' '-u memcache' '-l {address}' \\
    '-P /var/run/memcached/memcached.pid' >/etc/memcached.conf
"""

_USER = """
useradd --create-home --home-dir /opt/stack --shell /bin/bash stack
chmod 0755 /opt/stack
echo 'stack ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/50_stack_sh
chmod 0440 /etc/sudoers.d/50_stack_sh
"""
_SYSTEMCTL = """
dpkg-divert --quiet --local --rename --divert /bin/systemctl.of-systemd --add /bin/systemctl
install -m 0755 /opt/stand_ins/systemctl /bin/systemctl
mkdir -p /etc/systemd/system
touch /etc/systemd/journald.conf
"""
_SOURCES = """
mkdir -p {sources}
cd {sources}
cp -r /opt/stand_ins/requirements requirements.git
pip3 download --quiet --no-deps --no-binary=keystone keystone=={version}
tar xf keystone-*.tar.gz --no-same-owner
rm keystone-*.tar.gz
mv keystone-* keystone.git
"""
_REPOSITORY = """
cd {sources}/{name}.git
git init --quiet --initial-branch={branch}
git config user.name stand-in
git config user.email stand-in@localhost
git add --all --force
git commit --quiet --message 'As released'
git tag {version}
chown -R stack: .
"""


@dataclass(frozen=True)
class Release:
    """A DevStack, the branch that it clones the others at, and the Keystone that it finds there."""

    revision: str
    branch: str
    keystone: str
    address: str  # of the loopback: the servers listen nowhere else

    @property
    def local_conf(self) -> str:
        """What its user has written."""
        return _LOCAL_CONF.format(address=self.address)


@dataclass(frozen=True)
class RealStack:
    """The system with a checkout in it."""

    root: BareRoot
    release: Release

    def sh(
        self, command: str, *, user: str = "root", cwd: str = "/", timeout: float = 600
    ) -> subprocess.CompletedProcess[str]:
        return self.root.run(["sh", "-c", command], user=user, cwd=cwd, timeout=timeout)

    def must(self, command: str, *, user: str = "root", cwd: str = "/") -> str:
        done = self.sh(f"set -e\n{command}", user=user, cwd=cwd)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout

    def wizard(self, *options: str) -> subprocess.CompletedProcess[str]:
        return self.root.run([f"{CLONE}/wizard.sh", *options], cwd=CLONE, timeout=PATIENCE)

    def stack(self) -> subprocess.CompletedProcess[str]:
        """Run stack.sh as its user would."""
        return self.sh("./stack.sh </dev/null 2>&1", user="stack", cwd=CHECKOUT, timeout=PATIENCE)

    def local_conf(self, text: str) -> None:
        path = self.root.path(f"{CHECKOUT}/local.conf")
        path.write_text(text)
        self.must(f"chown stack: {CHECKOUT}/local.conf")

    def repository(self, name: str, version: str, branch: str) -> None:
        """Make a repository of what is in its folder, at a version that pbr finds out."""
        text = _REPOSITORY.format(sources=SOURCES, name=name, version=version, branch=branch)
        self.must(text)


@contextmanager
def real_stack(clone: str, release: Release) -> Iterator[RealStack]:
    """Make the system."""
    with BareRoot("bookworm") as root:
        system = RealStack(root, release)
        system.must("apt-get update -qq")
        system.must(
            "DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends"
            " python3 python3-venv python3-pip sudo git lsb-release"
        )
        system.must(_USER)
        shutil.copytree(STAND_INS, root.path("/opt/stand_ins"))
        system.must(_SYSTEMCTL)
        system.must(_LISTENING.format(address=release.address))
        system.must(_SOURCES.format(sources=SOURCES, version=release.keystone))
        system.repository("requirements", "1", release.branch)
        system.repository("keystone", release.keystone, release.branch)
        checkout(system, clone, release)
        yield system


def checkout(system: RealStack, clone: str, release: Release) -> None:
    """Clone DevStack as its user would have it."""
    with tempfile.TemporaryDirectory() as folder:
        _git("clone", "--quiet", "--shared", "--no-checkout", clone, folder)
        _git("-C", folder, "checkout", "--quiet", _commit(clone, release.revision))
        _git("-C", folder, "repack", "--quiet", "-a")
        Path(folder, ".git/objects/info/alternates").unlink()
        shutil.copytree(folder, system.root.path(CHECKOUT), symlinks=True)
    system.must(f"chmod 0755 {CHECKOUT} && chown -R stack: {CHECKOUT}")
    system.local_conf(release.local_conf)


def _commit(clone: str, revision: str) -> str:
    """A branch that is only in the clone's own origin is not in a clone of that clone."""
    names = _git("-C", clone, "for-each-ref", "--format=%(refname)").split()
    remote = f"refs/remotes/origin/{revision}"
    return _git("-C", clone, "rev-parse", remote if remote in names else revision).strip()


def _git(*argv: str) -> str:
    return subprocess.run(["git", *argv], check=True, capture_output=True, text=True).stdout
