"""What became of the last run: it goes on, was broken off, or came to its end."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from wizard.engine.journal import journal
from wizard.engine.journal.undo import plan_undo
from wizard.engine.runs.follow import is_alive
from wizard.engine.runs.run_folder import run_folders
from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.problem import Problem
from wizard.model.settings.answers import Answers
from wizard.model.settings.answers_file import parse

ANSWERS = "answers.toml"
SET_ASIDE = "set-aside"  # the user saw that it was broken off, and went on without it
_TAIL = 1 << 16  # bytes at the end of the events that are sure to hold the last one
_USABLE = (ExitStatus.DONE, ExitStatus.CHECK_FAILED)


class Fate(StrEnum):
    """What became of a run."""

    ALIVE = "goes on"
    BROKEN_OFF = "was broken off"
    FINISHED = "is over"


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """A run of the past, or one that goes on."""

    folder: Path
    fate: Fate
    status: int | None  # of one that is over
    changes: tuple[str, ...]  # what undo would reverse
    step: str  # the title of the last step that began

    @property
    def clock(self) -> str:
        """When it began, as its name says."""
        try:
            then = time.strptime(self.folder.name[:15], "%Y%m%d-%H%M%S")
        except ValueError:
            return self.folder.name
        today = then[:3] == time.localtime()[:3]
        return time.strftime("%H:%M" if today else "%Y-%m-%d %H:%M", then)

    @property
    def is_interrupted(self) -> bool:
        """Whether it broke off with something left behind, and nobody said to leave that."""
        aside = (self.folder / SET_ASIDE).exists()
        return self.fate is Fate.BROKEN_OFF and bool(self.changes) and not aside

    def set_aside(self) -> None:
        """Remember that nobody wants to hear of it again; --undo still finds it."""
        (self.folder / SET_ASIDE).touch()

    def answers(self) -> Answers | None:
        """Return the answers that it was made from."""
        try:
            text = (self.folder / ANSWERS).read_text()
        except (OSError, UnicodeDecodeError):
            return None
        found = parse(text, str(self.folder / ANSWERS))
        return found if isinstance(found, Answers) else None


def latest(home: Path) -> EarlierRun | None:
    """Return the last build, if any."""
    folder = latest_folder(home)
    return None if folder is None else look(folder)


def latest_folder(home: Path) -> Path | None:
    """Return where the last build is kept, if any."""
    return next((one for one in reversed(run_folders(home)) if _is_build(one)), None)


def look(folder: Path) -> EarlierRun:
    """Say what became of a run."""
    status = _status(folder)
    fate = Fate.FINISHED if status is not None else Fate.BROKEN_OFF
    fate = Fate.ALIVE if status is None and is_alive(folder) else fate
    step = _step(folder) if fate is Fate.BROKEN_OFF else ""
    return EarlierRun(folder, fate, status, _changes(folder), step)


def last_answers(home: Path) -> Answers | None:
    """Return the answers of the last run that came to its end, as defaults for the next."""
    for folder in reversed(run_folders(home)):
        if _status(folder) in _USABLE and (answers := look(folder).answers()) is not None:
            return answers
    return None


def _is_build(folder: Path) -> bool:
    try:
        request: dict[str, object] = json.loads((folder / "run.json").read_bytes())
    except (OSError, ValueError):
        return False
    return request.get("kind") == "build"


def _changes(folder: Path) -> tuple[str, ...]:
    entries = journal.read(folder)
    if isinstance(entries, Problem):
        return (str(entries),)
    return tuple(reversal.what for reversal in plan_undo(entries) if reversal.seq)


def _status(folder: Path) -> int | None:
    """Return the exit status that the last event has, None while there is no such event."""
    try:
        with (folder / "events.jsonl").open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _TAIL))
            last = file.read().splitlines()[-1:]
    except OSError:
        return None
    event = next(_decoded(last), {})
    return event.get("status") if event.get("event") == "run_finished" else None


def _step(folder: Path) -> str:
    try:
        lines = (folder / "events.jsonl").read_bytes().splitlines()
    except OSError:
        return ""
    titles = {step["id"]: step["title"] for event in _decoded(lines[:1]) for step in event["steps"]}
    began = [event["step"] for event in _decoded(x for x in lines if b'"step_started"' in x[:80])]
    return harmless(titles.get(began[-1], began[-1])) if began else ""


def _decoded(lines: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 -- any iterable of bytes
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:
            continue  # torn by a crash
