"""The journal of a run: what it will change, written durably before each act, and after.

``journal.jsonl`` only ever grows. A line that a crash tore announces an act that cannot have
begun, so reading drops it and writing on removes it; any other damage is a Problem.
"""

import os
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from wizard.engine.files.refusals import needs_person, refusal
from wizard.engine.files.staging import digest
from wizard.engine.journal.records import Line, Noted, Phase, Record, decode, is_whole
from wizard.model.problem import Problem

NAME = "journal.jsonl"
BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class Entry:
    """An act and how far it is known to have come."""

    seq: int
    time: float
    record: Record
    phase: Phase


def read(folder: Path) -> tuple[Entry, ...] | Problem:
    """Return a run's acts, oldest first; none when it has no journal."""
    try:
        content = (folder / NAME).read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        return refusal(error, str(folder / NAME))
    lines = _lines(content, str(folder / NAME))
    return lines if isinstance(lines, Problem) else _entries(lines)


@dataclass(slots=True)
class Journal:
    """Writes a run's journal; several threads may."""

    folder: Path
    _descriptor: int
    _lines: list[Line]
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All acts so far."""
        return _entries(self._lines)

    def will(self, record: Record) -> int | Problem:
        """Announce an act; it may begin when this returns its number."""
        return self._append(Phase.WILL, None, record)

    def did(self, seq: int) -> Problem | None:
        """Say that an announced act is done."""
        return self._news(Phase.DID, seq)

    def did_not(self, seq: int) -> Problem | None:
        """Say that an announced act was refused and changed nothing."""
        return self._news(Phase.DID_NOT, seq)

    def undone(self, seq: int) -> Problem | None:
        """Say that an act is reversed, or that there is nothing in it to reverse."""
        return self._news(Phase.UNDONE, seq)

    def note(self, kind: str, **data: object) -> Problem | None:
        """Record what undo will name but not reverse."""
        seq = self.will(Noted(kind, data))
        return seq if isinstance(seq, Problem) else self.did(seq)

    def backup(self, path: str, content: bytes) -> str | Problem:
        """Keep a file's bytes durably, readable by us alone; return the backup's name.

        The name holds their digest, so the same bytes are kept once and a torn backup is known.
        """
        name = f"{os.path.basename(path)[:80]}.{digest(content)[:32]}"  # noqa: PTH119
        try:
            with self._lock:
                _keep(self.folder / BACKUPS, name, content)
        except OSError as error:
            return refusal(error, str(self.folder / BACKUPS / name))
        return name

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _news(self, phase: Phase, seq: int) -> Problem | None:
        outcome = self._append(phase, seq, None)
        return outcome if isinstance(outcome, Problem) else None

    def _append(self, phase: Phase, of: int | None, record: Record | None) -> int | Problem:
        with self._lock:
            seq = self._lines[-1].seq + 1 if self._lines else 1
            line = Line(seq, round(time.time(), 3), phase, of or seq, record)
            end = os.fstat(self._descriptor).st_size
            try:
                _write(self._descriptor, line.encode())
                os.fsync(self._descriptor)
            except OSError as error:
                with suppress(OSError):  # a disk that has become read-only has torn nothing
                    os.ftruncate(self._descriptor, end)
                return refusal(error, str(self.folder / NAME))
            self._lines.append(line)
            return seq


def open_journal(folder: Path) -> Journal | Problem:
    """Open the journal of a run for writing on, or begin it."""
    path = folder / NAME
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        descriptor = os.open(path, flags, 0o600)
        content = path.read_bytes()
        lines = _lines(content, str(path))
        if isinstance(lines, Problem):
            os.close(descriptor)
            return lines
        os.ftruncate(descriptor, _whole(content))
        (folder / BACKUPS).mkdir(mode=0o700, exist_ok=True)
        _sync(folder)
    except OSError as error:
        return refusal(error, str(path))
    return Journal(folder, descriptor, list(lines))


def read_backup(folder: Path, name: str, sha256: str) -> bytes | Problem:
    """Return the bytes of a backup, having seen that they are the ones that were kept."""
    path = folder / BACKUPS / name
    try:
        content = path.read_bytes()
    except OSError as error:
        return refusal(error, str(path))
    if digest(content) != sha256:
        return needs_person("is not what was kept there", str(path), "Restore the file by hand")
    return content


def _lines(content: bytes, path: str) -> tuple[Line, ...] | Problem:
    lines = []
    for number, line in enumerate(content[: _whole(content)].splitlines(), 1):
        try:
            lines.append(decode(line))
        except (ValueError, KeyError, TypeError) as error:
            where = f"{path}:{number}"
            return needs_person(f"is damaged: {error}", where, "Undo this run by hand")
    return tuple(lines)


def _whole(content: bytes) -> int:
    """Return where the last whole line ends: a torn one has no newline, or fails its checksum."""
    end = content.rfind(b"\n") + 1
    start = content.rfind(b"\n", 0, max(end - 1, 0)) + 1
    return end if is_whole(content[start:end].rstrip(b"\n")) else start


def _entries(lines: Iterable[Line]) -> tuple[Entry, ...]:
    entries: dict[int, Entry] = {}
    for line in lines:
        if line.record is not None:
            entries[line.of] = Entry(line.of, line.time, line.record, line.phase)
        elif line.of in entries:
            earlier = entries[line.of]
            entries[line.of] = Entry(earlier.seq, earlier.time, earlier.record, line.phase)
    return tuple(entries.values())


def _keep(folder: Path, name: str, content: bytes) -> None:
    part = folder / f".{name}.part"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        _write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    part.rename(folder / name)
    _sync(folder)


def _write(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
