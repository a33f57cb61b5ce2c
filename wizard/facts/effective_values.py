"""What DevStack will read from local.conf, found by reading it the way DevStack does.

This runs the user's localrc, as stack.sh would: only after writing and for a check, never for a
preview. With a checkout its own functions extract and read the section, in a temporary folder
that looks like the checkout, because DevStack writes beside its stackrc while it reads. Without
one, bash reads the section by itself.
"""

import re
import time
from dataclasses import dataclass

from wizard.facts.bash_question import answers, ask, script, stranger
from wizard.facts.shell_files import broken_settings
from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.local_conf.editor import Block, find_block
from wizard.model.local_conf.meta_sections import file_lines, line_at, localrc
from wizard.model.machine import Completed, Reader
from wizard.model.problem import Problem

PREFIX = "get_python_exec_prefix"  # asked for among the names: what this function prints
PIP = "pip_install"  # likewise: the command that this function starts
_KILLED = (124, 137, -9)  # by the sandbox's timeout(1), or by ours
_PATIENCE = 10.0  # seconds for the settings; 0.3 is usual
_FOR_THE_LINE = 3.0  # seconds, when they are read again to see where bash stops
_TO_TIDY_UP = 5.0  # seconds more for the sandbox around them

_PLACE = re.compile(r"^\S*/\.localrc\.auto: line \d+: ")  # a copy's, whose lines are others
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def read_back(
    host: Reader, *, local_conf: str, checkout: str | None, names: tuple[str, ...]
) -> dict[str, str | None] | Problem:
    """Return what each name holds once local.conf is read; None for what is not set."""
    if odd := [name for name in names if not _NAME.fullmatch(name)]:
        raise ValueError(f"not names of shell variables: {odd}")
    if problem := stranger(host, local_conf):
        return problem
    try:
        text = host.read(local_conf)
    except OSError as error:
        return Problem(f"cannot be read: {error.strerror or error}", where=local_conf)
    if checkout and (problem := broken_settings(host, checkout)):
        return problem
    began = time.monotonic()
    completed = _asked(host, text, local_conf, checkout, *names)
    said = answers(completed)
    if said.get("_ours_end") != "yes":
        is_late = time.monotonic() - began >= _PATIENCE
        reach = last_line(host, local_conf=local_conf, checkout=checkout)
        return _did_not_end(local_conf, text, reach, _why(completed, is_late=is_late))
    return {name: said.get(name) for name in names}


def deciding_line(text: bytes, name: str) -> int | None:
    """Return the last line of local.conf that plainly sets ``name``; None when none does."""
    sets = re.compile(rb"\s*(?:export\s+)?%s\+?=" % name.encode())
    lines = enumerate(localrc(text).split(b"\n"), start=1)
    numbers = [number for number, line in lines if sets.match(line)]
    return file_lines(text)[numbers[-1] - 1] if numbers else None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far bash comes in the localrc section."""

    line: int  # of local.conf
    left: bool  # the section ended there for bash, which then went on


def last_line(host: Reader, *, local_conf: str, checkout: str | None) -> Reach | None:
    """Read the settings once more, to see at which line of local.conf bash stops reading them.

    None where nobody can say. Only for a file whose values were asked for before.
    """
    text = host.read(local_conf)
    completed = _asked(host, text, local_conf, checkout, scripts=("last_line",))
    said, lines = answers(completed), file_lines(text)
    from_the_end = said.get("_ours_line", "")
    if not from_the_end.isdecimal() or not 0 < int(from_the_end) <= len(lines):
        return None
    return Reach(lines[-int(from_the_end)], left=said.get("_ours_inside") == "no")


def _asked(
    host: Reader,
    text: bytes,
    local_conf: str,
    checkout: str | None,
    *names: str,
    scripts: tuple[str, ...] = (),
) -> Completed:
    patience = min(_PATIENCE, _FOR_THE_LINE) if scripts else _PATIENCE
    return ask(
        host,
        script("settings_sandbox"),
        script("stand_ins", *scripts, "settings"),
        str(patience),
        local_conf,
        checkout or "",
        *names,
        stdin=b"" if checkout else localrc(text),
        timeout=patience + _TO_TIDY_UP,
    )


def _why(completed: Completed, *, is_late: bool) -> str:
    """Return what is known of why bash did not come to the end, "" for nothing."""
    if completed.returncode in _KILLED:
        return f"not within {_PATIENCE:.0f} seconds" if is_late else "Killed"
    complaints = completed.stderr.decode(errors="replace").splitlines()
    return harmless(_PLACE.sub("", complaints[-1])) if complaints else ""


def _did_not_end(local_conf: str, text: bytes, reach: Reach | None, why: str) -> Problem:
    what, where = "bash does not come to the end of these settings", local_conf
    cure = "Look in its [[local|localrc]] section for exit, exec, or a command that waits"
    if reach and not reach.left:
        where = f"{local_conf}:{reach.line}"
        neither, cure = _in_vain(text, reach.line)
        what += f" but stops at this line, so that nothing below it takes effect{neither}"
    what += f": {why}" if why else ""
    return Problem(what, where, cure, status=ExitStatus.NEEDS_PERSON)


def _in_vain(text: bytes, line: int) -> tuple[str, str]:
    """Say whether our block is below a line where bash stops, and what to do about that line."""
    block = find_block(text)
    if not isinstance(block, Block) or line > line_at(text, block.end):
        return "", "Take it out of local.conf, or correct it"
    if line < line_at(text, block.start):
        return ", our block neither", "Take it out of local.conf, or correct it"
    return "", "A line above it changes what ours means (an alias, a function): take that one out"
