"""The host as steps change it: every act is in the journal before it happens."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from wizard.engine import process
from wizard.engine.cancel import Cancel
from wizard.engine.files.file_acts import FileActs
from wizard.engine.journal.journal import Journal
from wizard.engine.machine import HostReader
from wizard.engine.runs.job_output import JobOutput
from wizard.engine.runs.run_folder import RunFolder
from wizard.model.events import Progress
from wizard.model.machine import Command, Ending, Identity, JobEnded, LineFilter, Validate
from wizard.model.problem import Problem

TAIL = 30  # lines of a job's output that its step gets back
_CANNOT_START = 126  # as shells have it
_WORDS = {
    Ending.LET_FINISH: "is let finish; a second Ctrl-C leaves it running",
    Ending.SPARE: "ends as soon as no package manager is at work in it",
}


@dataclass(slots=True)
class Run:
    """What all steps of a run share."""

    folder: RunFolder
    journal: Journal
    cancel: Cancel
    lock_fds: tuple[int, ...] = ()
    numbers: Iterator[int] = field(default_factory=lambda: count(1))


@dataclass(slots=True)
class ActingMachine(HostReader):
    """A HostReader that acts in the name of one step."""

    at: Run = field(kw_only=True)
    step: str = field(kw_only=True)
    _relay: "_Relay | None" = field(default=None, init=False)

    def job(self, command: Command, line_filter: LineFilter | None = None) -> JobEnded:
        """Run something long; its output goes into a file, and from there into the log."""
        first = self.at.folder.log(self.step, [f"$ {command.shown()}"])
        path = self.at.folder.path / "jobs" / f"{next(self.at.numbers):02}-{self.step}.log"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            self.log(said := f"{path}: its output cannot be kept: {error.strerror}")
            return JobEnded(_CANNOT_START, 0.0, first, first, (said,))
        relay = self._relay = _Relay(self._log_lines, JobOutput(path), line_filter, first)
        try:
            ended = process.supervise(
                self.launcher.launch(command, self.user),
                output=descriptor,
                ending=command.ending,
                nice=command.nice,
                keep_fds=self.at.lock_fds,
                cancel=self.at.cancel,
                on_tick=lambda: self._tick(relay, command),
                as_root=self._as_root,
            )
        finally:
            os.close(descriptor)
        if ended.left_running:
            relay.tick()
            self.log(f"{command.argv[0]} goes on without us; its output: {path}")
        else:
            relay.end()
            self._cut_off(ended, path, relay)
        return JobEnded(ended.returncode, ended.seconds, first, relay.line, tuple(relay.tail))

    def _cut_off(self, ended: process.Ended, path: Path, relay: "_Relay") -> None:
        """Say why a job said so little: where it cannot write, uv aborts without a word."""
        if ended.returncode and not os.statvfs(path.parent).f_bavail:
            relay.tail.append(f"{path.parent}: No space left on device for what it says")
            self.log(relay.tail[-1])

    def _tick(self, relay: "_Relay", command: Command) -> None:
        relay.tick()
        words = _WORDS.get(command.ending, "") if self.at.cancel.wanted else ""
        if words and not relay.told:
            relay.told = True
            self.log(f"{command.argv[0]} {words}")
            self.progress(0, 0, words)

    def _as_root(self, argv: Sequence[str]) -> None:
        self.run(Command(tuple(argv), Identity.ROOT))

    def _log_lines(self, lines: list[str]) -> int:
        return self.at.folder.log(self.step, lines)

    def speak_as(self, part: str) -> None:
        """Go on in the name of a part; what was said before it is logged first."""
        if self._relay is not None:
            self._relay.flush()
        self.step = part

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Say how far the step is."""
        self.at.folder.emit(Progress(self.step, done, total, text))

    def log(self, line: str) -> None:
        """Put a line of our own into the log."""
        self.at.folder.log(self.step, [line])

    def write_file(
        self,
        path: str,
        content: bytes,
        *,
        expected: bytes | None,
        mode: int = 0o644,
        owner: Identity = Identity.STACK,
        validate: Validate | None = None,
    ) -> Problem | None:
        """Create or replace a file."""
        return self._acts.write_file(
            path, content, expected=expected, mode=mode, owner=owner, validate=validate
        )

    def remove_file(self, path: str, *, expected: bytes) -> Problem | None:
        """Remove a file that still has these bytes."""
        return self._acts.remove_file(path, expected=expected)

    def make_directory(
        self, path: str, *, mode: int = 0o755, owner: Identity = Identity.STACK
    ) -> Problem | None:
        """Make a folder and its missing parents."""
        return self._acts.make_directory(path, mode=mode, owner=owner)

    def make_tree(self, path: str) -> Problem | None:
        """Make a folder whose whole content is ours."""
        return self._acts.make_tree(path)

    def rename(self, source: str, target: str) -> Problem | None:
        """Move within a file system."""
        return self._acts.rename(source, target)

    def make_link(self, path: str, target: str) -> Problem | None:
        """Make a symbolic link."""
        return self._acts.make_link(path, target)

    def remove_tree(self, path: str) -> Problem | None:
        """Remove a folder that this program made."""
        return self._acts.remove_tree(path)

    def note(self, kind: str, **data: object) -> None:
        """Record what undo names but does not reverse."""
        self.at.journal.note(kind, **data)

    @property
    def _acts(self) -> FileActs:
        return FileActs(
            self.at.journal, self.resolve, self.inside, self.run, self.is_root, self.user
        )


@dataclass(slots=True)
class _Relay:
    """Brings a job's output from its file into the log."""

    log: Callable[[list[str]], int]  # returns the number of the last line in it
    output: JobOutput
    line_filter: LineFilter | None
    line: int  # number of the last one in the log
    told: bool = False  # that we wait for the job although the run is to stop
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL))
    _filtered: list[str] = field(default_factory=list)

    def tick(self) -> None:
        """Pass on what is new."""
        self._pass_on(self.output.new_lines())

    def end(self) -> None:
        """Pass on the rest."""
        self._pass_on(self.output.finish())

    def flush(self) -> None:
        """Log what the filter has let through so far."""
        if self._filtered:
            self.tail.extend(self._filtered)
            self.line = self.log(self._filtered)
            self._filtered = []

    def _pass_on(self, lines: list[str]) -> None:
        for line in lines:
            kept = line if self.line_filter is None else self.line_filter(line)
            self._filtered += [] if kept is None else [kept]
        self.flush()
