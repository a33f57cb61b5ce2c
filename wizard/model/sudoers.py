"""Text of sudoers drop-ins, made of strict parts only.

sudoers(5) text gives root away: a line break in a path is a rule of its own, and visudo finds
nothing wrong with it. So each part is judged here again, whoever judged it before.
"""

import re
from collections.abc import Mapping

from wizard.model import venv_path
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

FOLDER = "/etc/sudoers.d"
"""Where sudo reads further files, one after the other by their names."""

DROP_IN = f"{FOLDER}/zzz-devstack-venv"
"""Sorts after DevStack's 50_stack_sh and zz-secure-path; sudo ignores names with a dot or tilde."""

RULE_FILE = f"{FOLDER}/50_stack_sh"
"""Where DevStack keeps the rule of its user."""

STACK_SH_PATH = "/sbin:/usr/sbin:/usr/bin:/bin:/usr/local/sbin:/usr/local/bin"
"""The search path that stack.sh gives sudo for its user, there."""

Entries = Mapping[str, tuple[str, ...]]
"""The search path that sudo uses for each user."""

_HEADER = "# Made by devstack-venv: sudo finds the programs of the virtual environment.\n"
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,30}\$?")
_FOLDER = re.compile(r"/[!#-9;-\[\]-~ ]*")  # printable ASCII, but no quote, colon or backslash
_STACK_SH_RULES = re.compile(
    rf"(?P<user>{_USER.pattern}) ALL=\(root\) NOPASSWD:ALL\n"
    rf"Defaults:(?P=user) secure_path={STACK_SH_PATH}\n"
    r"(?:Defaults:(?P=user) !requiretty\n)?"
)
_ENTRY = re.compile(rf'Defaults:({_USER.pattern}) secure_path="([^"]*)"')


def user_problem(name: str) -> Problem | None:
    """Judge a user's name: sudo reads ``ALL``, ``%g``, ``a,b`` and ``#1`` as something else."""
    if _USER.fullmatch(name):
        return None
    return Problem(
        f"{name!r} is not a user name that sudoers can hold safely",
        cure="Use one of small letters, digits, _ and -, such as stack.",
        status=ExitStatus.ANSWERS,
    )


def rule(user: str) -> str | Problem:
    """Return the line that lets a user run everything without a password."""
    return user_problem(user) or f"{user} ALL=(ALL) NOPASSWD: ALL\n"


def is_stack_sh_rules(text: str) -> bool:
    """Whether stack.sh wrote this, as each of its runs does, to the rule file of its user."""
    return _STACK_SH_RULES.fullmatch(text) is not None


def extended(path: tuple[str, ...], venv: str) -> tuple[str, ...] | Problem:
    """Return a search path with the venv's ``bin`` last, where it shadows no system command."""
    checked = venv_path.check(venv)
    if checked != venv:
        return checked if isinstance(checked, Problem) else _unsafe(venv)
    return (*(folder for folder in path if folder != f"{venv}/bin"), f"{venv}/bin")


def parse(text: str) -> Entries | None:
    """Read back a drop-in that ``render`` made; None for any other text."""
    if not text.startswith(_HEADER):
        return None
    matches = [_ENTRY.fullmatch(line) for line in text[len(_HEADER) :].splitlines()]
    entries = {match[1]: tuple(match[2].split(":")) for match in matches if match}
    return entries if len(entries) == len(matches) else None


def render(entries: Entries) -> str | Problem:
    """Return the drop-in's text: one quoted line for each user, so that nobody else changes."""
    lines = [_HEADER]
    for user, path in sorted(entries.items()):
        unsafe = next((folder for folder in path if not _FOLDER.fullmatch(folder)), None)
        if problem := user_problem(user) or (_unsafe(unsafe) if unsafe is not None else None):
            return problem
        lines.append(f'Defaults:{user} secure_path="{":".join(path)}"\n')
    return "".join(lines)


def _unsafe(folder: str) -> Problem:
    return Problem(
        f"{folder!r} cannot stand on sudo's search path safely",
        cure="Take it off secure_path, or choose another path for the virtual environment.",
        status=ExitStatus.NEEDS_PERSON,
    )
