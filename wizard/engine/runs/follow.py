"""Follows the run folder of a run: from its first event on, live until its last."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from wizard.engine.lock.holder import is_zombie, started
from wizard.model.events import RunFinished, Stamped, from_json

TICK = 0.1  # seconds between two looks
GRACE = 1.0  # seconds that an engine may be gone before its run counts as broken off
CHUNK = 1 << 16


class Follower:
    """Reads what a run has said since the last look; never waits.

    A torn last line (the engine was killed in the middle of it) is left out, and so is one that
    somebody or something damaged. Making one raises OSError where a run keeps no events.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.finished = False  # the last event was read
        self.broken_off = False  # there is none, and nobody is left to write it
        self._fd = os.open(folder / "events.jsonl", os.O_RDONLY | os.O_CLOEXEC)
        self._rest = b""
        self._quiet_since = time.monotonic()

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.finished or self.broken_off

    def news(self, most: int = CHUNK) -> list[Stamped]:
        """Return the next events, out of about ``most`` bytes; none when there are none yet."""
        chunk = b"" if self.over else os.read(self._fd, most)
        if not chunk:
            self._look_for_life()
            return []
        self._quiet_since = time.monotonic()
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        found = [stamped for line in lines if (stamped := _decoded(line)) is not None]
        self.finished = any(isinstance(stamped.event, RunFinished) for stamped in found)
        return found

    def close(self) -> None:
        """Look no more."""
        os.close(self._fd)

    def _look_for_life(self) -> None:
        silence = time.monotonic() - self._quiet_since
        self.broken_off = not self.finished and silence > GRACE and not is_alive(self.folder)


def _decoded(line: bytes) -> Stamped | None:
    try:
        return from_json(json.loads(line))
    except (ValueError, TypeError):
        return None


def follow(folder: Path) -> Iterator[Stamped]:
    """Yield every event; ends after the last one, or when nobody writes any more."""
    follower = Follower(folder)
    try:
        while not follower.over:
            found = follower.news()
            yield from found
            if not found and not follower.over:
                time.sleep(TICK)
    finally:
        follower.close()


def recorded(folder: Path) -> Iterator[Stamped]:
    """Yield what a run has said so far; nothing where it keeps no events."""
    try:
        lines = (folder / "events.jsonl").read_bytes().splitlines()
    except OSError:
        return
    yield from (stamped for line in lines if (stamped := _decoded(line)) is not None)


def is_alive(folder: Path) -> bool:
    """Whether the engine of this run still works: same process, same start."""
    return engine(folder) is not None


def engine(folder: Path) -> int | None:
    """Return the process id of the engine that works on this run, if it still does."""
    try:
        pid, start = (folder / "engine").read_text().split()
    except (OSError, ValueError):
        return None
    return int(pid) if str(started(int(pid))) == start and not is_zombie(int(pid)) else None


def sign(folder: Path) -> None:
    """Leave word of which process works on this run."""
    (folder / "engine").write_text(f"{os.getpid()} {started(os.getpid())}\n")
