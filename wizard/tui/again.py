"""Starts another run from one that is over, with its answers as they are or changed a little."""

import os
from collections.abc import Sequence
from pathlib import Path

from wizard.engine import detached
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.settings.answers_text import save
from wizard.tui.after import Again, Cure, Mend, changed
from wizard.tui.session import Problems, of_run

NAME = "again.toml"  # the answers of the next run, in the folder of the one before
FIX = ("--check", "--fix")


def start(folder: Path, after: Again, root: str | None) -> Path | Problems:
    """Start it and return its folder. Takes a moment: the engine looks at the host first."""
    session = of_run(folder, root)
    if isinstance(session, tuple):
        return session
    text = save(changed(session.first, after))
    if isinstance(text, tuple):
        return text
    path = folder / NAME
    try:
        _write(path, text)
    except OSError as error:
        what = f"cannot be written: {error.strerror}"
        return (Problem(what, str(path), status=ExitStatus.HOST),)
    mode: Sequence[str] = FIX if isinstance(after, Mend) else detached.AUTO
    options = ("--answers", str(path), *session.root_option, *_cure(folder, after))
    return detached.start(options, session.caller.environ, session.home, mode)


def _cure(folder: Path, after: Again) -> tuple[str, ...]:
    return ("--cure", f"{folder.name}:{after.finding}") if isinstance(after, Cure) else ()


def _write(path: Path, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    with open(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(text)
