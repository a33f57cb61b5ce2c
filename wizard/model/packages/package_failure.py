"""Why a package manager failed, in what it said: the rules for logs know."""

import re
from collections.abc import Iterable
from functools import cache

from wizard.model.diagnosis import rule_book
from wizard.model.diagnosis.clue import Clues
from wizard.model.diagnosis.diagnosis import Found, Scan
from wizard.model.diagnosis.rule import Role, RuleBook
from wizard.model.diagnosis.wording import filled
from wizard.model.problem import Problem

SAYS_MORE = "The log says more."

_AREAS = frozenset({"apt", "dnf", "zypper", "system"})
_COMPLAINT = re.compile(
    r"^(?!Error: Transaction failed)(?:E:|error:|dpkg: error|Problem:|(?=Error in .*scriptlet))"
    r"\s*(.+)",
    re.IGNORECASE,
)


def explained(lines: Iterable[str]) -> Problem | None:
    """Return the first cause that these lines tell; None where no rule knows one."""
    best = _best(lines, frozenset({Role.CAUSE}))
    return _problem(best) if best else None


def failure(command: str, returncode: int, lines: Iterable[str]) -> Problem:
    """Return why a command failed: a known cause, else its own last complaint."""
    lines = tuple(line for line in lines if line.strip())
    if best := _best(lines, frozenset({Role.CAUSE, Role.SYMPTOM})):
        return _problem(best)
    complaints = [found[1] for line in lines if (found := _COMPLAINT.match(line))]
    last = (complaints or lines or ("it said nothing",))[-1].strip().rstrip(".")
    return Problem(f"{command} ended with status {returncode}: {last}", cure=SAYS_MORE)


def _best(lines: Iterable[str], roles: frozenset[Role]) -> Found | None:
    scan = Scan(_clues())
    scan.feed("".join(f"{line}\n" for line in lines).encode(errors="replace"))
    told = (*scan.findings(), *scan.unconfirmed())  # it did fail: that confirms them
    return next((found for found in told if found.role in roles), None)


def _problem(found: Found) -> Problem:
    what = filled(found.rule.what, found.captures)
    return Problem(what[:1].lower() + what[1:], cure=filled(found.rule.cure.text, found.captures))


@cache
def _clues() -> Clues:
    """Leave out what package managers never say, and what asks for a package's name."""
    rules = rule_book.shipped().rules
    about = (rule for rule in rules if _AREAS.intersection(rule.areas) and not rule.missing)
    return Clues(RuleBook(tuple(about)))
