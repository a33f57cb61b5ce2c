"""What DevStack will read from local.conf, found by reading it the way DevStack does.

This runs the user's localrc, as stack.sh would: only after writing and for a check, never for a
preview. With a checkout its own functions extract and read the section, in a temporary folder
that looks like the checkout, because DevStack writes beside its stackrc while it reads. Without
one, bash reads the section by itself.
"""

import re

from wizard.facts.bash_question import answers, ask, script, stranger
from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.local_conf.meta_sections import file_lines, localrc
from wizard.model.machine import Completed, Reader
from wizard.model.problem import Problem

PREFIX = "get_python_exec_prefix"  # asked for among the names: what this function prints
PIP = "pip_install"  # likewise: the command that this function starts
_KILLED = (124, 137, -9)  # by the sandbox's timeout(1), or by ours
_PATIENCE = 10.0  # seconds for the settings; 0.3 is usual
_TO_TIDY_UP = 5.0  # seconds more for the sandbox around them

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
    completed = ask(
        host,
        script("settings_sandbox"),
        script("stand_ins", "settings"),
        str(_PATIENCE),
        local_conf,
        checkout or "",
        *names,
        stdin=b"" if checkout else localrc(text),
        timeout=_PATIENCE + _TO_TIDY_UP,
    )
    said = answers(completed)
    if said.get("_ours_end") != "yes":
        return _did_not_end(local_conf, completed)
    return {name: said.get(name) for name in names}


def deciding_line(text: bytes, name: str) -> int | None:
    """Return the last line of local.conf that plainly sets ``name``; None when none does."""
    sets = re.compile(rb"\s*(?:export\s+)?%s\+?=" % name.encode())
    lines = enumerate(localrc(text).split(b"\n"), start=1)
    numbers = [number for number, line in lines if sets.match(line)]
    return file_lines(text)[numbers[-1] - 1] if numbers else None


def _did_not_end(local_conf: str, completed: Completed) -> Problem:
    complaints = completed.stderr.decode(errors="replace").splitlines()
    why = f": {harmless(complaints[-1])}" if complaints else ""
    if completed.returncode in _KILLED:
        why = f", not within {_PATIENCE:.0f} seconds"
    return Problem(
        f"bash does not come to the end of these settings{why}",
        where=local_conf,
        cure="Look in its [[local|localrc]] section for exit, exec, or a command that waits",
        status=ExitStatus.NEEDS_PERSON,
    )
