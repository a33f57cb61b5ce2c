"""Which releases of DevStack can be cloned."""

import re

from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.machine import Command, Reader
from wizard.model.problem import Problem

URL = "https://opendev.org/openstack/devstack"
DEVELOPMENT = "master"
_BRANCH = re.compile(r"refs/heads/(master|(?:stable|unmaintained)/[A-Za-z0-9][A-Za-z0-9._-]*)$")
_PATIENCE = 15.0  # seconds for a name server and a handshake
QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_HTTP_LOW_SPEED_LIMIT": "1",
    "GIT_HTTP_LOW_SPEED_TIME": "30",
}


def releases(host: Reader, url: str = URL) -> tuple[str, ...] | Problem:
    """Ask the repository for its branches: master, then stable ones, the newest first."""
    if host.which("git") is None:
        cure = "Cloning installs git first; a release can be chosen once it is there"
        return Problem("git is not installed yet, so only master is offered", cure=cure)
    argv = ("git", "ls-remote", "--heads", "--", url)
    said = host.run(Command(argv, env=QUIET, timeout=_PATIENCE))
    if not said.ok:
        return unreachable(url, said.stderr.decode(errors="replace"))
    found = (_BRANCH.search(line) for line in said.text.splitlines())
    return tuple(sorted((match[1] for match in found if match), key=_newest_first, reverse=True))


def unreachable(url: str, complaint: str) -> Problem:
    """Say in plain words why a repository does not answer."""
    lines = [harmless(line) for line in complaint.splitlines() if line.strip()]
    said = next((line for line in lines if line.startswith("fatal: ")), "".join(lines[-1:]))
    why = said.removeprefix("fatal: ") or f"no answer in {_PATIENCE:.0f} seconds"
    cure = "Look at the network: a proxy is taken from https_proxy in the environment"
    return Problem(f"{url} cannot be reached: {why}", cure=cure, status=ExitStatus.HOST)


def _newest_first(branch: str) -> tuple[bool, bool, bool, str]:
    """Series that have numbers (2023.1 and later) are newer than those that have names."""
    series = branch.rpartition("/")[2]
    return (branch == DEVELOPMENT, branch.startswith("stable/"), series[:1].isdigit(), series)
