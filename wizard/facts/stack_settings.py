"""What stack.sh is going to read from local.conf that decides how it can be run."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wizard.facts.effective_values import read_back
from wizard.model.machine import Reader
from wizard.model.problem import Problem

UNTIL_2015 = "SERVICE_TOKEN"
LOG = "stack.sh.log"  # as DevStack's sample of a local.conf has it

# each is asked for on the terminal when it is not set, but only for the sake of these services
_NEEDED_FOR = {
    "DATABASE_PASSWORD": {"mysql", "postgresql"},
    "RABBIT_PASSWORD": {"rabbit"},
    "SERVICE_PASSWORD": {"key", "keystone"},
    "ADMIN_PASSWORD": {"key", "keystone"},
    UNTIL_2015: {"key", "keystone"},
    "LDAP_PASSWORD": {"ldap"},
    "SWIFT_HASH": {"s-proxy"},
}
_ASKED = re.compile(r"^\s*read_password\s+(\w+)", re.MULTILINE)
_IN_LIBRARY = "DATABASE_PASSWORD"  # until 2015 it was not stack.sh itself that asked for this one
_OTHERS = ("ENABLED_SERVICES", "LOGFILE", "LOGDIR", "DEST", "VERBOSE")
_OFF = {"False", "false", "FALSE", "No", "no", "NO", "0"}  # as DevStack's trueorfalse has it


@dataclass(frozen=True, slots=True)
class StackSettings:
    """What holds once local.conf is read."""

    missing: tuple[str, ...]  # what stack.sh would ask for
    log: str  # where stack.sh keeps its own log
    names_log: bool  # whether local.conf says so itself
    is_silent: bool  # whether what stack.sh does is told there only


def asked_for(text: str) -> tuple[str, ...]:
    """Return what this stack.sh may ask for."""
    found = dict.fromkeys((_IN_LIBRARY, *_ASKED.findall(text)))
    return tuple(name for name in found if name in _NEEDED_FOR)


def look(host: Reader, checkout: str, asked: Iterable[str]) -> StackSettings | Problem:
    """Read local.conf as stack.sh will; that runs it, so it is for the time after writing."""
    wanted = tuple(asked)
    said = read_back(
        host, local_conf=f"{checkout}/local.conf", checkout=checkout, names=(*wanted, *_OTHERS)
    )
    if isinstance(said, Problem):
        return said
    services = said["ENABLED_SERVICES"]
    enabled = None if services is None else set(services.split(","))
    missing = tuple(name for name in wanted if not said[name] and _is_needed(name, enabled))
    folder = said["LOGDIR"] or f"{said['DEST'] or '/opt/stack'}/logs"
    log, is_silent = said["LOGFILE"] or f"{folder}/{LOG}", said["VERBOSE"] in _OFF
    return StackSettings(missing, log, bool(said["LOGFILE"]), is_silent)


def _is_needed(name: str, enabled: set[str] | None) -> bool:
    return enabled is None or bool(_NEEDED_FOR[name] & enabled)
