"""A bare system with a DevStack of our own in it that --stack can run."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from subprocess import CompletedProcess

from tests import own_devstack
from tests.host.bare_root import CLONE, BareRoot
from wizard.model.devstack import Kind

CHECKOUT = "/opt/stack/devstack"
VENV = "/opt/stack/global-venv"
_PREPARE = f"""
useradd -m -d /opt/stack -s /bin/bash stack && chmod 755 /opt/stack
echo 'stack ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/50_stack_sh
chmod 0440 /etc/sudoers.d/50_stack_sh
mkdir -p {CHECKOUT}/files/debs && cd {CHECKOUT}/files
echo pbr >venv-requirements.txt
echo 'sudo # pbr' >debs/venv
"""
_PACKAGES = ("python3", "sudo", "lsb-release", "procps")


@dataclass(frozen=True)
class Stacked:
    """The system, and how a test sees it."""

    root: BareRoot

    def local_conf(self, text: str) -> None:
        """Say anew what the user wrote; a block of ours that was there is gone."""
        path = self.root.path(f"{CHECKOUT}/local.conf")
        path.write_text(f"[[local|localrc]]\nHOST_IP=127.0.0.1\n{text}")

    def local_sh(self, text: str) -> None:
        """Say what stack.sh runs of the user's, shortly before its end."""
        path = self.root.path(f"{CHECKOUT}/local.sh")
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def wizard(self, *options: str, user: str = "root") -> CompletedProcess[str]:
        return self.root.run([f"{CLONE}/wizard.sh", *options], user=user, cwd=CHECKOUT)

    def shell(self, script: str, user: str = "root") -> CompletedProcess[str]:
        return self.root.run(["bash", "-c", script], user=user)

    def processes(self) -> list[str]:
        """The command lines of all that runs, but for those that ask."""
        said = self.shell("ps axo args= --no-headers").stdout.splitlines()
        return [line for line in said[1:] if not line.startswith(("ps ", "bash -c ps "))]


@contextmanager
def stacked(kind: Kind = Kind.GLOBAL) -> Iterator[Stacked]:
    """Make the system; the program has made its environment in it."""
    with BareRoot("bookworm") as root:
        root.run(["apt-get", "update"])
        install = ("apt-get", "install", "-y", "--no-install-recommends")
        assert root.run([*install, *_PACKAGES]).returncode == 0
        assert root.run(["bash", "-c", _PREPARE]).returncode == 0
        own_devstack.furnish(root.path(CHECKOUT), kind)
        assert root.run(["chown", "-R", "stack:", CHECKOUT]).returncode == 0
        assert root.run([f"{CLONE}/wizard.sh", "--version"]).returncode == 0
        yield Stacked(root)


def wait_for(condition: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
