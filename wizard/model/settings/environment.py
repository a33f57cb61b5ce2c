"""Environment variables that stand in for options: --venv-path is DEVSTACK_VENV_VENV_PATH."""

import shlex
from collections.abc import Iterator, Mapping

from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.suggestion import did_you_mean

PREFIX = "DEVSTACK_VENV_"

STATE = "DEVSTACK_VENV_STATE"  # where runs are kept; there is no option for it

CALLED_AS = "DEVSTACK_VENV_CALLED_AS"  # how wizard.sh was called, for commands that we suggest

# Options by their names in Python: what is about the build, and what is about the program
BUILD = ("devstack", "venv_path", "constraints", "installer", "stack")
PROGRAM = ("answers", "save_answers", "output", "root")


def variable(option: str) -> str:
    """Return the variable of an option."""
    return PREFIX + option.upper()


def said(option: str, environ: Mapping[str, str]) -> str | None:
    """Return what the environment says; an empty variable says nothing."""
    return environ.get(variable(option)) or None


def called_as(environ: Mapping[str, str]) -> str:
    """Return the command by which a person can call this program again."""
    return environ.get(CALLED_AS) or "devstack-venv"


def called_again(environ: Mapping[str, str], root: str | None) -> str:
    """Return the command that finds the same runs: with the image and the folder they are in."""
    state = (f"{STATE}={shlex.quote(environ[STATE])}",) if environ.get(STATE) else ()
    image = ("--root", shlex.quote(root)) if root else ()
    return " ".join((*state, called_as(environ), *image))


def unknown(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Warn of variables that look as if they were for us, and are not."""
    known = [variable(option) for option in (*BUILD, *PROGRAM)] + [STATE, CALLED_AS]
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            what = f"there is no option for the environment variable {name}"
            yield Problem(what, cure=did_you_mean(name, known), status=ExitStatus.USAGE)
