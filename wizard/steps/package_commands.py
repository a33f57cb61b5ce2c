"""How each package manager is told to refresh its index and to install, and what it answers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wizard.model.distribution import Family
from wizard.model.machine import Command, Ending, Identity, Machine

HOURS = 3600.0
_REMEMBERED = 50  # lines that may tell why something failed

_LOCKED = {Family.RPM: 200, Family.SUSE: 7}
_GOOD = {Family.SUSE: frozenset({0, 102, 103, 106, 107})}
_AFTERTHOUGHTS = {
    102: "; a reboot is needed",
    103: "; zypper itself was updated",
    106: "; a repository was left out because it could not be refreshed",
    107: "; a package's script failed after it was installed",
}


def refresh(family: Family) -> Command:
    """Return the command that refreshes the index."""
    argv = {
        Family.DEB: ("apt-get", "update"),
        Family.RPM: ("dnf", "-y", "makecache", "--refresh", "--setopt=exit_on_lock=True"),
        Family.SUSE: ("zypper", "--non-interactive", "refresh"),
    }
    return _job(argv[family], _QUIET[family], timeout=HOURS)


def install(family: Family, names: Sequence[str], lock_timeout: int) -> Command:
    """Return the one transaction: no questions, no recommended packages, configuration kept."""
    argv = {
        Family.DEB: (
            *("apt-get", "install", "-y", "--no-install-recommends"),
            *_KEEPING,
            *("-o", f"DPkg::Lock::Timeout={lock_timeout}", "-o", "APT::Status-Fd=1"),
        ),
        Family.RPM: (
            *("dnf", "install", "-y"),
            *("--setopt=install_weak_deps=False", "--setopt=exit_on_lock=True"),
        ),
        Family.SUSE: ("zypper", "--non-interactive", "install", "--no-recommends"),
    }
    env = {**_QUIET[family], **_patience(family, lock_timeout)}
    return _job((*argv[family], "--", *names), env, timeout=lock_timeout + 2 * HOURS)


def mend(lock_timeout: int) -> Command:
    """Return the command that completes what apt left half installed, and removes nothing."""
    argv = ("apt-get", "install", "--fix-broken", "--no-remove", "-y", *_KEEPING)
    timeout = ("-o", f"DPkg::Lock::Timeout={lock_timeout}")
    return _job((*argv, *timeout), _QUIET[Family.DEB], timeout=lock_timeout + 2 * HOURS)


def configure() -> Command:
    """Return the command by which dpkg ends what it began."""
    argv = ("dpkg", "--force-confdef", "--force-confold", "--configure", "-a")
    return _job(argv, _QUIET[Family.DEB], timeout=2 * HOURS)


def found_locked(family: Family, returncode: int) -> bool:
    """Say whether another one came in between; apt waits by itself."""
    return returncode == _LOCKED.get(family)


def succeeded(family: Family, returncode: int) -> bool:
    """Say whether a transaction worked; zypper says more than that with its status."""
    return returncode in _GOOD.get(family, {0})


def afterthought(family: Family, returncode: int) -> str:
    """Return what a good status says besides."""
    return _AFTERTHOUGHTS.get(returncode, "") if family is Family.SUSE else ""


@dataclass(slots=True)
class Output:
    """Listens to a package manager: progress for the screen, complaints to explain a failure."""

    host: Machine
    complaints: list[str] = field(default_factory=list)
    waiting: str = ""

    def __call__(self, line: str) -> str | None:
        """Take a line; None keeps it out of the log."""
        if found := _APT_STATUS.match(line):
            half = 0 if found["phase"] == "dl" else 50
            self.host.progress(half + int(float(found["percent"]) / 2), 100, found["text"])
            return None
        if found := _COUNTED.search(line):
            self.host.progress(int(found["done"]), int(found["total"]), line.strip())
        if line.startswith("Waiting for cache lock"):
            return self._waits(line)
        if _TELLING.search(line):
            self.complaints = [*self.complaints, line][-_REMEMBERED:]
        return line

    def _waits(self, line: str) -> str | None:
        """Apt says so each second; once is enough."""
        if line == self.waiting:
            return None
        self.waiting = line
        self.complaints.append(line)
        self.host.progress(0, 0, "waiting for another package manager")
        return line


_QUIET: Mapping[Family, Mapping[str, str]] = {
    Family.DEB: {
        "DEBIAN_FRONTEND": "noninteractive",
        "DEBIAN_PRIORITY": "critical",
        "NEEDRESTART_MODE": "a",
        "APT_LISTCHANGES_FRONTEND": "none",
    },
    Family.RPM: {},
    Family.SUSE: {},
}
_KEEPING = ("-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold")
_APT_STATUS = re.compile(r"(?P<phase>dl|pm)status:[^:]*:(?P<percent>[\d.]+):(?P<text>.*)")
_COUNTED = re.compile(
    r"(?:^\s+Installing\s+: .*?\s|^\()(?P<done>\d+)/(?P<total>\d+)(?:\s*$|\) Installing:)"
)
_TELLING = re.compile(
    r"^(?:[EW]: |Err:|dpkg: |pmerror:|Error|error|Problem|No match for|No provider of|Cannot)"
    r"|unmet dependencies|Could not|locked by|not found in package names|failed"
)


def _patience(family: Family, seconds: int) -> Mapping[str, str]:
    return {"ZYPP_LOCK_TIMEOUT": str(seconds)} if family is Family.SUSE else {}


def _job(argv: tuple[str, ...], env: Mapping[str, str], timeout: float) -> Command:
    return Command(argv, Identity.ROOT, env, timeout=timeout, ending=Ending.LET_FINISH)
