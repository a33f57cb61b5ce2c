"""The kinds of values that answers have: each takes what TOML says and returns it, or a Problem."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.suggestion import did_you_mean

Rule = Callable[[object], Any]
"""Returns the value the program works with, or a Problem that does not know where it stands."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TYPES = {
    bool: "true or false",
    int: "a whole number",
    str: "a text in quotes",
    list: "a list in square brackets",
    dict: "a table",
}


def wrong(what: str, cure: str = "", where: str = "") -> Problem:
    """Return a Problem of the answers."""
    return Problem(what, where, cure, ExitStatus.ANSWERS)


def wrong_type(value: object, wanted: type) -> Problem:
    """Return the Problem of a value that is something else than wanted."""
    found = _TYPES.get(type(value), "a number" if isinstance(value, float) else "a date or time")
    return wrong(f"this must be {_TYPES[wanted]}, not {found}")


def yes_or_no(value: object) -> bool | Problem:
    """``true`` or ``false``."""
    return value if isinstance(value, bool) else wrong_type(value, bool)


def one_line(value: object) -> str | Problem:
    """One line of text."""
    if not isinstance(value, str):
        return wrong_type(value, str)
    if control := _CONTROL.search(value):
        return wrong(f"this must be one line without control characters, not {control[0]!a}")
    return value


def absolute_path(value: object) -> str | Problem:
    """A path from / on, without doubled slashes and dots."""
    path = one_line(value)
    if isinstance(path, Problem):
        return path
    if path.startswith("~"):
        return wrong(f"~ is not replaced here: {path}", "Write the whole path, from / on")
    if not path.startswith("/"):
        return wrong(f"this is not an absolute path: {path!a}", "Start it with /")
    parts = [part for part in path.split("/") if part not in {"", "."}]
    if ".." in parts:
        return wrong(f"the path has a part '..': {path}", "Write the path without it")
    return "/" + "/".join(parts)


def one_of(choices: type[StrEnum]) -> Rule:
    """Return the rule for a few words."""
    words = [str(choice) for choice in choices]
    listed = f"{', '.join(words[:-1])} or {words[-1]}"

    def rule(value: object) -> StrEnum | Problem:
        if not isinstance(value, str):
            return wrong_type(value, str)
        if value in words:
            return choices(value)
        return wrong(f"this must be {listed}, not {value!a}", did_you_mean(value, words))

    return rule
