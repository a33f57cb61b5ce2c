"""Starts the headless engine in a session of its own, where no terminal can take it along.

It is the very ``--auto`` that a script would call. What it says goes to a file, never to a pipe of
ours: this process may die at any moment, and the engine goes on.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from wizard.engine import process
from wizard.engine.runs.follow import engine
from wizard.model.events import Event, Finding, RunStarted, from_json
from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.problem import Problem

TICK = 0.02  # seconds between two looks at what the engine says
SPOKEN = "engine.out"  # its output, in the run folder once there is one

Problems = tuple[Problem, ...]


AUTO = ("--auto",)


def start(
    options: Sequence[str], environ: Mapping[str, str], home: Path, mode: Sequence[str] = AUTO
) -> Path | Problems:
    """Start a build with these options; return its run folder, or why it did not begin.

    ``home`` is where runs are kept. Waits until the engine has looked at the host. ``mode`` is
    another one that makes a run, as ``--check --fix``.
    """
    spoken = _launch((*mode, *options), environ, home)
    if isinstance(spoken, Problem):
        return (spoken,)
    findings: list[Problem] = []
    for event in spoken.events():
        if isinstance(event, RunStarted):
            folder = Path(event.folder)
            with suppress(OSError):  # its place in the run folder is a comfort, not a need
                spoken.path.rename(folder / SPOKEN)
            return folder
        if isinstance(event, Finding):
            findings.append(_problem(event))
    spoken.path.unlink(missing_ok=True)
    return tuple(findings) or (spoken.bug(),)


def undo(
    options: Sequence[str], run: str, environ: Mapping[str, str], home: Path
) -> Iterator[Event | Problem]:
    """Undo a run, and yield what the engine says of it as it goes."""
    return _told(("--undo", run, *options), environ, home)


def bundle(
    options: Sequence[str], run: str, environ: Mapping[str, str], home: Path
) -> Iterator[Event | Problem]:
    """Pack a run into the current folder, and yield what the engine says of it."""
    return _told(("--bundle", run, *options), environ, home)


def _told(
    arguments: Sequence[str], environ: Mapping[str, str], home: Path
) -> Iterator[Event | Problem]:
    """Yield all that a process of ours says."""
    spoken = _launch(arguments, environ, home)
    if isinstance(spoken, Problem):
        yield spoken
        return
    said = False
    for event in spoken.events():
        said = True
        yield event
    if not said:
        yield spoken.bug()
    spoken.path.unlink(missing_ok=True)


def stop(folder: Path) -> bool:
    """Ask the engine of a run to stop, once more to hurry; False when it is gone already."""
    pid = engine(folder)
    if pid is None:
        return False
    try:
        descriptor = os.pidfd_open(pid)
        try:
            if engine(folder) != pid:  # another process may have got the number meanwhile
                return False
            signal.pidfd_send_signal(descriptor, signal.SIGTERM)
        finally:
            os.close(descriptor)
    except ProcessLookupError:
        return False
    return True


def command(arguments: Sequence[str]) -> tuple[str, ...]:
    """Return how to start this very program once more, with the interpreter set up alike."""
    isolated = ("-I",) if sys.flags.isolated else ()
    no_bytecode = ("-B",) if sys.flags.dont_write_bytecode else ()
    return (sys.executable, *isolated, *no_bytecode, "-m", "wizard", *arguments)


def _launch(
    arguments: Sequence[str], environ: Mapping[str, str], home: Path
) -> "_Spoken | Problem":
    path = home / f"starting-{os.getpid()}-{time.monotonic_ns()}.out"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
    try:
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        output = os.open(path, flags, 0o600)
    except OSError as error:
        cure = "Set DEVSTACK_VENV_STATE to a folder that can be written"
        return Problem(
            f"cannot keep a run here: {error.strerror}", str(home), cure, ExitStatus.HOST
        )
    argv = command((*arguments, "--output", "json"))
    try:
        return _Spoken(path, process.detach(argv, env=environ, output=output))
    except OSError as error:
        path.unlink()
        return Problem(f"cannot start {argv[0]}: {error.strerror}", status=ExitStatus.BUG)
    finally:
        os.close(output)


@dataclass(slots=True)
class _Spoken:
    """What an engine says, as its file fills."""

    path: Path
    exit_status: Callable[[], int | None]
    other: list[str] = field(default_factory=list)  # lines that are no events: its last words

    def events(self) -> Iterator[Event]:
        """Yield every event until the engine has ended."""
        rest = b""
        with self.path.open("rb") as file:
            while True:
                ended = self.exit_status() is not None  # asked first: then nothing is missed
                chunk = file.read()
                *lines, rest = (rest + chunk).split(b"\n")
                yield from filter(None, map(self._event, lines))
                if ended and not chunk:
                    self.other.append(rest.decode(errors="replace"))
                    return
                time.sleep(0 if chunk else TICK)

    def bug(self) -> Problem:
        """Return what to say of an engine that ended without a word of its own."""
        words = [harmless(line) for line in self.other if line.strip()]
        what = words[-1] if words else f"the engine ended with status {self.exit_status()}"
        return Problem(what.removeprefix("devstack-venv: "), status=self._status)

    @property
    def _status(self) -> ExitStatus:
        try:
            return ExitStatus(self.exit_status() or ExitStatus.BUG)
        except ValueError:
            return ExitStatus.BUG

    def _event(self, line: bytes) -> Event | None:
        try:
            return from_json(json.loads(line)).event
        except ValueError:
            self.other.append(line.decode(errors="replace"))
            return None


def _problem(finding: Finding) -> Problem:
    """Return the problem that a refusal was made of; its status is in the finding's name."""
    status = ExitStatus.__members__.get(finding.id.upper(), ExitStatus.HOST)
    return Problem(finding.what, cure=finding.cure, status=status)
