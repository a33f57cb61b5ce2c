"""Which names may be handed to a package manager.

apt-get reads ``sudo-`` as "remove sudo", ``sud.*`` as an expression and ``g++/sid`` as another
release; dnf takes groups, files and URLs; an option would run as root. Only names get through.
"""

import re

from wizard.model.distribution import Family

LONGEST = 100

_DEB = re.compile(r"[a-z0-9][a-z0-9+.-]*[a-z0-9+]")  # Debian Policy 5.6.1, and no "-" at the end
_RPM = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]*[A-Za-z0-9+]")  # python3-PyMySQL, gcc-c++


def why_refused(name: str, family: Family) -> str | None:
    """Return why this is not a package's name, None when it is one."""
    if reason := _meaning_to_apt(name, family):
        return f"{name!r} is not a package name: {reason}"
    pattern = _DEB if family is Family.DEB else _RPM
    if pattern.fullmatch(name) and len(name) <= LONGEST:
        return None
    return f"{_shown(name)} is not a package name"


def _meaning_to_apt(name: str, family: Family) -> str | None:
    if name.startswith("-"):
        return "it is an option"
    if name.endswith("-") and family is Family.DEB:
        return f"apt-get would remove {name[:-1]}"
    if name.endswith("+") and not name.endswith("++"):
        return "a plus sign at the end is an instruction"
    return None


def _shown(name: str) -> str:
    return ascii(name if len(name) <= LONGEST else f"{name[:LONGEST]}...")
