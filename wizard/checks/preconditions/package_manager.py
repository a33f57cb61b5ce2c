"""Does the package manager work, and is nobody else using it?"""

import re
from dataclasses import dataclass
from typing import ClassVar

from wizard.facts.distribution import detect
from wizard.model.check import Code, Result
from wizard.model.distribution import Family
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Reader
from wizard.model.problem import Problem

_LOCKS = {
    Family.DEB: (
        *("/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock"),
        *("/var/lib/apt/lists/lock", "/var/cache/apt/archives/lock"),
    ),
    Family.RPM: ("/var/lib/rpm/.rpm.lock", "/usr/lib/sysimage/rpm/.rpm.lock"),
    Family.SUSE: ("/run/zypp.pid", "/usr/lib/sysimage/rpm/.rpm.lock"),
}
_HELD = re.compile(
    r"^\d+: (?:POSIX|FLOCK|OFDLCK) +\w+ +WRITE (\d+) [0-9a-f]+:[0-9a-f]+:(\d+) ", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class PackageManager:
    """An interrupted dpkg stops the build; a lock makes it wait."""

    like: str = ""
    devstack_name: str = ""

    id: ClassVar[str] = "package-manager"
    title: ClassVar[str] = "package manager free"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Ask nothing that would itself take the lock."""
        distribution = detect(host, self.like, self.devstack_name)
        if isinstance(distribution, Problem):
            return Result(Code.SUCCESS, "not asked, as the distribution is not known")
        family = distribution.family
        program = family.package_manager
        if host.which(program) is None:
            return Result(Code.FAILURE, f"there is no {program}", "Install it, or say what fits.")
        broken = _interrupted_dpkg(host) if family is Family.DEB else _broken_rpm(host)
        return broken or _busy(host, family) or Result(Code.SUCCESS, f"{program} is free")


def _interrupted_dpkg(host: Reader) -> Result | None:
    """Look where dpkg keeps what it was doing; apt refuses to work while something is there."""
    if not any(name.isdigit() for name in host.listdir("/var/lib/dpkg/updates")):
        return None
    return Result(
        Code.FAILURE,
        "dpkg was interrupted, and apt refuses to work until it is mended",
        "As root: dpkg --configure -a",
        ("/var/lib/dpkg/updates is not empty",),
    )


def _broken_rpm(host: Reader) -> Result | None:
    answer = host.run(Command(("rpm", "--query", "rpm"), timeout=30))
    if answer.ok:
        return None
    return Result(
        Code.FAILURE,
        "the package database does not answer",
        "As root: rpm --rebuilddb",
        tuple((answer.stdout + answer.stderr).decode(errors="replace").splitlines()[:3]),
    )


def _busy(host: Reader, family: Family) -> Result | None:
    for path in _LOCKS[family]:
        pid = _holder(host, path)
        if pid:
            return Result(
                Code.WARNING,
                f"{_name(host, pid)} (process {pid}) is using the package manager;"
                " the build waits for it",
                "Nothing to do; it ends by itself. Never delete the lock.",
                (f"process {pid} holds {path}",),
            )
    return None


def _holder(host: Reader, path: str) -> str:
    """Find who holds a lock, in the kernel's own list; "" for nobody."""
    try:
        inode = host.stat(path).st_ino
        held = _HELD.findall(host.read("/proc/locks").decode(errors="replace"))
    except OSError:
        return ""
    return next((pid for pid, number in held if int(number) == inode), "")


def _name(host: Reader, pid: str) -> str:
    try:
        return host.read(f"/proc/{pid}/comm").decode(errors="replace").strip()
    except OSError:
        return "somebody"
