"""The run folder: everything about one run, readable by viewers while it goes on.

``events.jsonl`` what happened, ``build.log`` every line of output, ``journal.jsonl`` and
``backups/`` what undo needs, ``jobs/`` raw output not yet in the log, ``run.json`` what was asked,
``answers.toml`` the answers that lead there again.
"""

import json
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from wizard.model.events import Event, Output, Stamped, to_json
from wizard.model.foreign_text import harmless
from wizard.model.secret import Mask

Listener = Callable[[Stamped], None]


def state_home(environ: Mapping[str, str], *, are_root: bool, root: str = "/") -> Path:
    """Return where runs are kept: the system's own state for root, else the user's (XDG)."""
    if chosen := environ.get("DEVSTACK_VENV_STATE"):
        return Path(chosen).absolute()
    if are_root:
        return Path(root, "var/lib/devstack-venv")
    base = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
    return Path(base) / "devstack-venv"


def run_folders(home: Path) -> tuple[Path, ...]:
    """Return the folders of all runs, oldest first: their names sort by time."""
    try:
        return tuple(sorted(entry for entry in (home / "runs").iterdir() if entry.is_dir()))
    except OSError:
        return ()


def create(home: Path, request: Mapping[str, object], mask: Mask) -> "RunFolder":
    """Make the folder of a new run. Raises OSError where the state folder cannot be written."""
    name = time.strftime("%Y%m%d-%H%M%S-") + secrets.token_hex(2)
    path = home / "runs" / name
    try:
        _furnish(path, {"schema": 1, "run": name, **request})
        return RunFolder(path, mask)
    except OSError:
        shutil.rmtree(path, ignore_errors=True)  # half a run is none
        raise


def _furnish(path: Path, request: Mapping[str, object]) -> None:
    (path / "jobs").mkdir(parents=True, mode=0o700)
    (path / "backups").mkdir(mode=0o700)
    path.chmod(0o700)
    text = json.dumps(request, indent=2, sort_keys=True)
    _append_only(path / "run.json", text.encode() + b"\n")


def discard(folder: "RunFolder") -> None:
    """Remove the folder of a run that could not begin."""
    shutil.rmtree(folder.path, ignore_errors=True)


def _append_only(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _append(descriptor: int, content: bytes) -> None:
    """Append whole lines, or nothing where there is no room: the journal stops such a run."""
    end = os.fstat(descriptor).st_size
    view = memoryview(content)
    try:
        while view:
            view = view[os.write(descriptor, view) :]
    except OSError:
        with suppress(OSError):  # a disk that has become read-only has torn nothing
            os.ftruncate(descriptor, end)  # a torn line would spoil the next one, too


@dataclass(slots=True)
class RunFolder:
    """Writes one run's events and log; every thread of the engine may use it."""

    path: Path
    mask: Mask
    listeners: list[Listener] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _seq: int = 0
    _lines: int = 0
    _events: int = -1
    _log: int = -1

    def __post_init__(self) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        self._events = os.open(self.path / "events.jsonl", flags, 0o600)
        self._log = os.open(self.path / "build.log", flags, 0o600)

    @property
    def name(self) -> str:
        """The run's id: when it began, and four characters."""
        return self.path.name

    @property
    def log_path(self) -> Path:
        """The log of everything."""
        return self.path / "build.log"

    def keep(self, name: str, text: str) -> None:
        """Keep a text beside the events, for its owner's eyes only."""
        _append_only(self.path / name, text.encode())

    def emit(self, event: Event) -> None:
        """Write an event and tell who listens."""
        with self._lock:
            self._seq += 1
            stamped = Stamped(self._seq, time.time(), event)
            record = to_json(stamped)
            if not isinstance(event, Output):  # its lines are clean already
                record = {name: self._masked(value) for name, value in record.items()}
            text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
            _append(self._events, text.encode(errors="replace") + b"\n")
            for listener in self.listeners:
                listener(stamped)

    def log(self, step: str, lines: Iterable[str]) -> int:
        """Write lines to the log, masked and harmless; return the number of the last one."""
        clean = tuple(self.mask(harmless(line)) for line in lines)
        with self._lock:
            if clean:
                _append(self._log, ("\n".join(clean) + "\n").encode(errors="replace"))
                self.emit(Output(step, self._lines + 1, clean))
                self._lines += len(clean)
            return self._lines

    def _masked(self, value: object) -> object:
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, tuple | list):
            return [self._masked(item) for item in value]
        if isinstance(value, dict):
            return {name: self._masked(item) for name, item in value.items()}
        return value

    def close(self) -> None:
        """Close the files; the folder stays."""
        with self._lock:
            os.close(self._events)
            os.close(self._log)
