"""Why the records of what is installed cannot be read, in the package manager's own words."""

import re

from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.machine import Completed, Reader
from wizard.model.problem import Problem

_ERROR = re.compile(r"^(?:dpkg-query: )?error: .*", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"'(/[^']+)',? near line (\d+)")
_STATUS = "/var/lib/dpkg/status"
_BACKUPS = "/var/backups"  # a copy for each of the last days, the newest first


def unreadable(host: Reader, program: str, completed: Completed, command: str) -> Problem:
    """Return what it says, where that is, and which copies there are."""
    said = completed.stderr.decode(errors="replace")
    found = _ERROR.search(said)
    words = harmless(" ".join((found[0] if found else said).split()))
    place = _PLACE.search(words)
    where = f"{place[1]}:{place[2]}" if place else command
    what = f"{program} does not answer which packages are installed"
    cure = _from_a_copy(host) if place and place[1] == _STATUS else ""
    return Problem(f"{what}: {words}" if words else what, where, cure, ExitStatus.HOST)


def _from_a_copy(host: Reader) -> str:
    """Name the copies that dpkg and cron have made; which one is whole a person sees."""
    kept = [name for name in host.listdir(_BACKUPS) if name.startswith("dpkg.status")]
    copies = [path for path in (f"{_STATUS}-old",) if host.exists(path)]
    copies += [f"{_BACKUPS}/{name}" for name in sorted(kept)]
    if not copies:
        return "No copy of it is left here: look at that line, and correct it"
    return (
        "Compare that line with a copy, then correct it or put the copy in its place"
        f" (keep the damaged file): {', '.join(copies)}"
    )
