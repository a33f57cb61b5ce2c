"""The command: reads its arguments, chooses what to do, and ends with a status that means it."""

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from wizard import arguments
from wizard.arguments import Arguments, Mode
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status; a traceback never reaches the user."""
    given = arguments.parse(sys.argv[1:] if argv is None else argv, os.environ)
    if isinstance(given, Problem):
        complain(given)
        return given.status
    try:
        return _dispatch(given)
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    except Exception as bug:  # noqa: BLE001 -- the last resort: whatever is left is our bug
        return _confess(bug)


def _dispatch(given: Arguments) -> ExitStatus:
    """Start the mode that was asked for; each is imported only when it is."""
    if given.mode is Mode.WIZARD:
        return _wizard()
    from wizard import modes  # noqa: PLC0415 -- --help need not wait for it

    return modes.start(given)


def _wizard() -> ExitStatus:
    return ExitStatus.USAGE


def complain(problem: Problem) -> None:
    """Say what is wrong on standard error."""
    sys.stderr.write(f"devstack-venv: {problem}\n")


def _confess(bug: BaseException) -> ExitStatus:
    """Keep the traceback in a file and say in one sentence where."""
    text = "".join(traceback.format_exception(bug))
    try:
        import tempfile  # noqa: PLC0415

        descriptor, name = tempfile.mkstemp(prefix="devstack-venv-bug-", suffix=".txt")
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        kept = f"Its traceback is in {Path(name)}"
    except OSError:
        kept = text
    complain(Problem(f"a bug in this program: {type(bug).__name__}: {bug}", cure=kept))
    return ExitStatus.BUG
