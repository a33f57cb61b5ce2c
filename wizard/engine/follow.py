"""Follows the run folder of a run: from its first event on, live until its last."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from wizard.model.events import RunFinished, Stamped, from_json

TICK = 0.1  # seconds between two looks
GRACE = 1.0  # seconds that an engine may be gone before its run counts as broken off


def follow(folder: Path) -> Iterator[Stamped]:
    """Yield every event; ends after the last one, or when nobody writes any more.

    A torn last line (the engine was killed in the middle of it) is left out.
    """
    rest = b""
    quiet_since = time.monotonic()
    with (folder / "events.jsonl").open("rb") as file:
        while True:
            chunk = file.read(1 << 16)
            if chunk:
                quiet_since = time.monotonic()
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    stamped = from_json(json.loads(line))
                    yield stamped
                    if isinstance(stamped.event, RunFinished):
                        return
            elif not is_alive(folder) and time.monotonic() - quiet_since > GRACE:
                return
            else:
                time.sleep(TICK)


def is_alive(folder: Path) -> bool:
    """Whether the engine of this run still works: same process, same start."""
    try:
        pid, started = (folder / "engine").read_text().split()
    except (OSError, ValueError):
        return False
    return process_start(int(pid)) == started


def sign(folder: Path) -> None:
    """Leave word of which process works on this run."""
    (folder / "engine").write_text(f"{os.getpid()} {process_start(os.getpid())}\n")


def process_start(pid: int) -> str:
    """Return when a process began, in ticks since boot (proc(5), stat field 22); "" if gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = text.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]
