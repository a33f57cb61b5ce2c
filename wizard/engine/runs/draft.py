"""The answers of a wizard that was left before its end, kept for the next start."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from wizard.engine.files import files
from wizard.engine.files.refusals import refusal
from wizard.model.problem import Problem
from wizard.model.settings.answers import Answers
from wizard.model.settings.answers_file import parse
from wizard.model.settings.answers_text import save

NAME = "draft.toml"
SECRETS = "passwords"
PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers, and when they were given."""

    answers: Answers
    clock: str


def load(home: Path) -> Draft | None:
    """Return the draft; none when there is none, or when it cannot be read."""
    try:
        text = (home / NAME).read_text()
        then = time.localtime((home / NAME).stat().st_mtime)
    except (OSError, UnicodeDecodeError):
        return None
    answers = parse(text, str(home / NAME))
    if not isinstance(answers, Answers) or answers == Answers():
        return None
    today = then[:3] == time.localtime()[:3]
    return Draft(answers, time.strftime("%H:%M" if today else "%Y-%m-%d %H:%M", then))


def keep(home: Path, answers: Answers) -> Problem | None:
    """Write the draft, for its owner's eyes only."""
    text = save(answers, "", str(home / NAME))
    if isinstance(text, tuple):
        return text[0]
    return write(home / NAME, text)


def keep_password(home: Path, name: str, value: str) -> Path | Problem:
    """Write a password into a file of its own: answers name it and never hold it."""
    path = home / SECRETS / name
    return write(path, f"{value}\n") or path


def write(path: Path, text: str) -> Problem | None:
    """Create or replace a file that only its owner may read."""
    try:
        _make_home(path.parent)
        old = path.read_bytes() if path.exists() else None
    except OSError as error:
        return refusal(error, str(path))
    if old == text.encode():
        os.utime(path)
        return None
    written = files.replace(str(path), text.encode(), expected=old, mode=PRIVATE)
    return written if isinstance(written, Problem) else None


def discard(home: Path) -> None:
    """Forget the draft."""
    (home / NAME).unlink(missing_ok=True)


def _make_home(folder: Path) -> None:
    """Others may pass through the home (staged tools are there), and not into its folders."""
    is_home = folder.name != SECRETS
    if not is_home:
        _make_home(folder.parent)
    folder.mkdir(parents=True, exist_ok=True, mode=0o711 if is_home else 0o700)
