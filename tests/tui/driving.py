"""What tests of the screens share: driving an application, reading its screen, recorded runs."""

import asyncio
import json
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from textual.app import App
from textual.pilot import Pilot

from wizard.engine.runs.follow import sign
from wizard.model.events import Event, Stamped, from_json, to_json
from wizard.tui.attach import AttachApp

RUNS = Path(__file__).parent / "runs"
SIZE = (80, 24)
AnApp = TypeVar("AnApp", bound=App[Any])


def recorded(name: str, home: Path) -> Path:
    """Copy a run that was recorded on a real machine to where runs are kept below ``home``."""
    run = json.loads((RUNS / name / "run.json").read_bytes())["run"]
    folder = home / "runs" / str(run)
    shutil.copytree(RUNS / name, folder)
    return folder


def grid(app: App[Any]) -> str:
    """Return the screen as text, one line a row."""
    strips = app.screen._compositor.render_strips()
    rows = ("".join(segment.text for segment in strip) for strip in strips)
    return "\n".join(row.rstrip() for row in rows)


def drive(
    app: AnApp, scenario: Callable[[Pilot[Any]], Awaitable[None]], size: tuple[int, int] = SIZE
) -> AnApp:
    """Run an application without a terminal, and what a test does with it."""

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            await scenario(pilot)

    asyncio.run(run())
    return app


async def until(pilot: Pilot[Any], condition: Callable[[], object], within: float = 60.0) -> None:
    """Wait for something that comes about in its own time."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"it never came about:\n{grid(pilot.app)}"
        await pilot.pause(0.02)


async def shows(pilot: Pilot[Any], text: str) -> None:
    """Wait until the screen shows a text."""
    await until(pilot, lambda: text in grid(pilot.app))


class Live:
    """A run folder that a test writes as an engine would; this process counts as the engine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self._lines = self._seq = 0
        for name in ("events.jsonl", "build.log"):
            (folder / name).touch()
        sign(folder)

    @classmethod
    def replaying(cls, name: str, folder: Path, *, until_step: str) -> "Live":
        """Begin a live run with what a recorded one said until a step was about to end."""
        live = cls(folder)
        for line in (RUNS / name / "events.jsonl").read_text().splitlines():
            event = from_json(json.loads(line)).event
            if getattr(event, "step", "") == until_step and type(event).__name__ == "StepFinished":
                break
            live.say(event)
        return live

    def say(self, event: Event, when: float | None = None) -> None:
        self._seq += 1
        record = to_json(Stamped(self._seq, when or time.time(), event))
        if record["event"] == "output":
            self.log(*record["lines"])  # type: ignore[misc]
        self._append("events.jsonl", json.dumps(record, separators=(",", ":")))

    def log(self, *lines: str) -> None:
        self._lines += len(lines)
        self._append("build.log", *lines)

    def dies(self) -> None:
        (self.folder / "engine").write_text("1 0\n")

    def _append(self, name: str, *lines: str) -> None:
        descriptor = os.open(self.folder / name, os.O_WRONLY | os.O_APPEND)
        os.write(descriptor, "".join(f"{line}\n" for line in lines).encode())
        os.close(descriptor)


def attached(folder: Path) -> AttachApp:
    """Return the application that shows a run."""
    return AttachApp(folder)
