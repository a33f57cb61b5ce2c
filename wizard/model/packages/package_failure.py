"""Why a package manager failed, in what it said."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wizard.model.problem import Problem


@dataclass(frozen=True, slots=True)
class _Cause:
    """A line that tells, what it says in our words, and what a person does about it."""

    pattern: re.Pattern[str]
    what: str  # {1} is what the pattern's first group holds
    cure: str

    def of(self, line: str) -> Problem | None:
        found = self.pattern.search(line)
        if found is None:
            return None
        groups = (found[0], *(group or "" for group in found.groups()))
        return Problem(self.what.format(*groups), cure=self.cure.format(*groups))


def _cause(pattern: str, what: str, cure: str) -> _Cause:
    return _Cause(re.compile(pattern), what, cure)


_WAIT = "Wait until it is done, then run this again; never delete the lock."
_LATER = "Try again later, or name another mirror in the package manager's sources."

# the first that any line matches wins: causes before their consequences
_CAUSES = (
    _cause(r"dpkg was interrupted", "dpkg was interrupted", "Run: sudo dpkg --configure -a"),
    _cause(
        r"It is held by process (\d+) \((.+?)\)",
        "another package manager is at work: {2} (process {1})",
        _WAIT,
    ),
    _cause(
        r"locked by (?:the application with pid )?(\d+)",
        "another package manager is at work: process {1}",
        _WAIT,
    ),
    _cause(r"Could not get lock (\S+?)\.?(?:\s|$)", "{1} is locked by another process", _WAIT),
    _cause(r"Unable to acquire the dpkg frontend lock", "dpkg is locked by another process", _WAIT),
    _cause(
        r"No space left on device|enough (?:free )?space|needs \d+\w* more space",
        "the disk is full",
        "Make room (df -h / /var shows where), then run this again.",
    ),
    _cause(
        r"Read-only file system", "a file system is read-only", "Run: findmnt -o TARGET,OPTIONS"
    ),
    _cause(
        r"Release file for (\S+) (?:is not valid yet|is expired)",
        "the clock of this host and the mirror disagree over {1}",
        "Set the clock (date shows it), then run this again.",
    ),
    _cause(
        r"(?:NO_PUBKEY|EXPKEYSIG|KEYEXPIRED)\s*(\w*)|signatures? (?:were|couldn't|verification)"
        r"|GPG check FAILED",
        "a repository's signature is not trusted",
        "Install or renew the repository's key, or disable the repository.",
    ),
    _cause(
        r"repository '([^']+)' (?:does not have a Release file|is not signed)",
        "the repository {1} can't be used",
        "Correct or disable it in the package manager's sources.",
    ),
    _cause(
        r"Hash Sum mismatch|File has unexpected size|Mirror sync in progress"
        r"|checksum doesn't match",
        "the mirror is being updated",
        "Run this again in some minutes.",
    ),
    _cause(
        r"Could not resolve '?([^' ]+)|Could not resolve host: (\S+)|resolving '([^']+)'",
        "the name {1}{2}{3} of the mirror can't be resolved",
        "Check the network and /etc/resolv.conf.",
    ),
    _cause(
        r"Failed to fetch (\S+)\s+404",
        "the mirror no longer has {1}",
        "Run: sudo apt-get update",
    ),
    _cause(r"Failed to fetch (\S+)", "the mirror does not give {1}", _LATER),
    _cause(
        r"(?:Failed to download metadata for repo|metadata for repository) '([^']+)'",
        "the repository {1} can't be reached",
        _LATER,
    ),
    _cause(r"There are no enabled repositor", "no repository is enabled", "Enable one."),
    _cause(
        r"held broken packages|unmet dependencies|nothing provides|conflicting requests",
        "the packages can't be installed together with what is there",
        "The lines before say which; on Debian and Ubuntu run: sudo apt-get --fix-broken install",
    ),
    _cause(
        r"Permission denied|are you root|Root privileges are required",
        "installing packages needs root",
        "Run this as root, or let sudo run the package manager without a password.",
    ),
    _cause(
        r"error processing (?:package|archive) (\S+)|scriptlet failed.*?(\S+)$",
        "the package {1}{2} could not be set up",
        "Its own message is in the log.",
    ),
)
_COMPLAINT = re.compile(r"^(?:E:|Error:|error:|dpkg: error|Problem:)\s*(.+)", re.IGNORECASE)


def explained(lines: Iterable[str]) -> Problem | None:
    """Return the first known cause that any of these lines tells."""
    lines = tuple(lines)
    found = (cause.of(line) for cause in _CAUSES for line in lines)
    return next(filter(None, found), None)


def failure(command: str, returncode: int, lines: Iterable[str]) -> Problem:
    """Return why a command failed: a known cause, else its own last complaint."""
    lines = tuple(line for line in lines if line.strip())
    if problem := explained(lines):
        return problem
    complaints = [found[1] for line in lines if (found := _COMPLAINT.match(line))]
    last = (complaints or lines or ("it said nothing",))[-1].strip().rstrip(".")
    return Problem(f"{command} ended with status {returncode}: {last}", cure="The log says more.")
