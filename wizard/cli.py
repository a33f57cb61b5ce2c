"""The command: reads its arguments, chooses what to do, and ends with a status that means it."""

import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from wizard import arguments
from wizard.arguments import Arguments, Mode, Output
from wizard.headless import streams
from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.problem import Problem


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status; a traceback never reaches the user."""
    streams.open_missing()
    os.umask(0o022)  # what others need to read they can, and nobody else writes it
    try:
        return _run(argv)
    finally:
        streams.flush()


def _run(argv: Sequence[str] | None) -> int:
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
    problem = _no_folder() or (no_screen(os.environ) if given.mode is Mode.WIZARD else None)
    if problem is not None:
        complain(problem)
        return problem.status
    if given.mode is Mode.WIZARD:
        from wizard.tui.app import run  # noqa: PLC0415 -- without a screen nothing of it is needed

        return run(given)
    if given.mode is Mode.ATTACH and given.output is Output.TEXT and _is_seen(os.environ):
        return _attach(given)
    from wizard import modes  # noqa: PLC0415 -- --help need not wait for it

    return modes.start(given)


def _attach(given: Arguments) -> ExitStatus:
    """Follow a run on the screen that the wizard follows it on."""
    from wizard.tui.attach import find_and_run  # noqa: PLC0415 -- only with a screen

    ended = find_and_run(given)
    if isinstance(ended, Problem):
        complain(ended)
        return ended.status
    return ended


def _is_seen(environ: Mapping[str, str]) -> bool:
    """Whether somebody sits before what this program prints."""
    return no_screen(environ) is None and _is_terminal(sys.__stdout__)


def no_screen(environ: Mapping[str, str]) -> Problem | None:
    """Say why the wizard cannot be shown: it reads keys from stdin and draws on stderr."""
    cure = "Use devstack-venv --auto, which asks nothing; --plan shows what it would do"
    if not (_is_terminal(sys.__stdin__) and _is_terminal(sys.__stderr__)):
        what = "the wizard needs a terminal, and standard input or standard error is none"
    elif environ.get("TERM", "") in ("", "dumb", "unknown"):
        term = environ.get("TERM") or "not set"
        what = f"the wizard needs a terminal that can place text, and TERM is {term}"
    else:
        return None
    return Problem(what, cure=cure, status=ExitStatus.USAGE)


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # it is closed
        return False


def _no_folder() -> Problem | None:
    """Relative paths, local.conf without a checkout: all of it rests on the current folder."""
    try:
        Path.cwd()
    except OSError as error:
        what = f"the current folder cannot be worked in: {error.strerror}"
        return Problem(what, cure="Change to one that is there: cd", status=ExitStatus.HOST)
    return None


def complain(problem: Problem) -> None:
    """Say what is wrong on standard error."""
    sys.stderr.write(f"devstack-venv: {harmless(str(problem))}\n")


def _confess(bug: BaseException) -> ExitStatus:
    """Keep the traceback in a file and say in one sentence where; a bug may quote local.conf."""
    from wizard.model.secret import Mask  # noqa: PLC0415

    mask = Mask()
    text = mask("".join(traceback.format_exception(bug)))
    try:
        import tempfile  # noqa: PLC0415

        descriptor, name = tempfile.mkstemp(prefix="devstack-venv-bug-", suffix=".txt")
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        kept = f"Its traceback is in {Path(name)}"
    except OSError:
        kept = text
    complain(Problem(f"a bug in this program: {type(bug).__name__}: {mask(str(bug))}", cure=kept))
    return ExitStatus.BUG
