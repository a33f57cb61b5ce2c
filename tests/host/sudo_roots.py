"""Bare systems with a real sudo, made once; each test begins with their /etc as it was."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.host.bare_root import BareRoot
from tests.host.root_machine import RootMachine

FLAVOURS = (("bookworm", "sudo"), ("trixie", "sudo"), ("trixie", "sudo-rs"))
"""sudo 1.9.13, sudo 1.9.16, sudo-rs 0.2.5."""

RULE = "stack ALL=(ALL) NOPASSWD: ALL\n"
DEVSTACK_RULE = """\
stack ALL=(root) NOPASSWD:ALL
Defaults:stack secure_path=/sbin:/usr/sbin:/usr/bin:/bin:/usr/local/sbin:/usr/local/bin
"""


@dataclass(frozen=True)
class SudoRoot:
    """A bare system; what tests write below /etc/sudoers.d is gone for the next one."""

    root: BareRoot
    flavour: str

    def machine(self, user: str = "stack", *, is_root: bool = True) -> RootMachine:
        return RootMachine(self.root, user, is_root=is_root)

    def drop_in(self, name: str, text: str, mode: int = 0o440) -> Path:
        path = self.root.path(f"/etc/sudoers.d/{name}")
        path.write_text(text)
        path.chmod(mode)
        return path

    def sudoers(self) -> dict[str, bytes]:
        """Every file that sudo reads, by path."""
        folder = self.root.path("/etc/sudoers.d")
        files = [*folder.iterdir(), self.root.path("/etc/sudoers")]
        return {str(file): file.read_bytes() for file in files}

    def as_stack(self, *argv: str) -> subprocess.CompletedProcess[str]:
        return self.root.run(argv, user="stack")

    def add_user(self, name: str = "stack") -> None:
        done = self.root.run(["useradd", "-U", "-m", "-s", "/bin/bash", name])
        assert done.returncode == 0, done.stderr

    def add_venv(self, path: str = "/opt/stack/global-venv") -> None:
        """A folder with one program that is nowhere else on the system."""
        program = self.root.path(f"{path}/bin/nova-rootwrap")
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\necho rootwrap as $(id -un)\n")
        program.chmod(0o755)


@contextmanager
def with_sudo(suite: str, flavour: str) -> Iterator[SudoRoot]:
    """Start a bare system and install sudo; ``/etc`` and ``/opt`` are kept for ``as_new``."""
    with BareRoot(suite) as root:
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-qq", "--no-install-recommends", "sudo", flavour],
            ["cp", "-a", "/etc", "/etc.kept"],
        ):
            done = root.run(command, env={"DEBIAN_FRONTEND": "noninteractive"})
            assert done.returncode == 0, done.stderr
        if flavour == "sudo-rs":
            for name in ("sudo", "visudo"):
                root.path(f"/usr/local/bin/{name}").symlink_to(f"/usr/bin/{name}-rs")
        yield SudoRoot(root, flavour)


def as_new(system: SudoRoot) -> None:
    """Put the system back to where it was."""
    undo = "rm -rf /etc/sudoers* /etc/*.lock /opt/* /home/* /var/mail/*; cp -a /etc.kept/. /etc/"
    done = system.root.run(["sh", "-c", undo])
    assert done.returncode == 0, done.stderr
    shutil.rmtree(system.root.path("/run/sudo"), ignore_errors=True)
