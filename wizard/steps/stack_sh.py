"""The step that runs DevStack's own stack.sh, and is shown as the phases that DevStack has."""

import shlex
from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import stack_settings
from wizard.facts.stack_settings import StackSettings
from wizard.facts.venv_processes import running_in
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Ending, Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.recipe import BUILD_CONSTRAINTS, READ_BY_PIP
from wizard.model.stack_sh.outline import Outline
from wizard.model.stack_sh.reading import Reading
from wizard.model.step import (
    Done,
    Enter,
    Outcome,
    Part,
    Pending,
    Preview,
    State,
    WouldRun,
)

NAME = "stack.sh"
_UNSTACK = "unstack.sh"
_END = 300  # lines of a log that a cause is looked for in
_LEAST = 4  # announcements by which a phase can be measured
_WHY = {
    "pre-install": "what the host needs",
    "install": "the projects, from git",
    "post-config": "their configuration",
    "extra": "services, networks and images",
    "test-config": "what tests need",
}


@dataclass(frozen=True, slots=True)
class StackSh:
    """Runs stack.sh as the work's user: a fresh environment, no terminal, nobody to ask.

    It is never done already: only stack.sh itself knows what it would change.
    """

    directory: str
    outline: Outline
    asks: tuple[str, ...]  # what it asks for where local.conf does not say it
    venv: str  # "" where none is used
    needs: frozenset[str]

    id: ClassVar[str] = "stack-sh"
    title: ClassVar[str] = NAME

    @property
    def parts(self) -> tuple[Part, ...]:
        """One for each phase."""
        return tuple(
            Part(f"stack-{phase.name}", f"{NAME} {phase.name}", _WHY.get(phase.name, "in its turn"))
            for phase in self.outline.phases
        )

    def state(self, host: Reader) -> State:
        """It may be run by an ordinary user who can write into the checkout."""
        user = host.user
        if user.uid == 0:
            cure = f"Name another user, or make it stack's: sudo chown -R stack {self.directory}"
            return _impossible(f"{NAME} refuses to run as root", self.directory, cure)
        if user.uid > 0 and not host.run(Command(("test", "-w", self.directory))).ok:
            command = shlex.join(("sudo", "chown", "-R", user.name, self.directory))
            cure = f"Give it to {user.name}: {command}"
            what = f"{user.name} may not write into this folder, as {NAME} has to"
            return _impossible(what, self.directory, cure)
        first = f", after {_UNSTACK}" if self._is_up(host) else ""
        return Pending(f"as {user.name}{first}: it is run each time")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the one command."""
        scripts = (_UNSTACK, NAME) if self._is_up(host) else (NAME,)
        folder = shlex.quote(self.directory)
        shown = (f"cd {folder} && ./{script} </dev/null" for script in scripts)
        return tuple(WouldRun(command, Identity.STACK) for command in shown)

    def apply(self, host: Machine) -> Outcome:
        """Run it."""
        return self.apply_in_parts(host, _unshown)

    def apply_in_parts(self, host: Machine, enter: Enter) -> Outcome:
        """Run it, and follow it from phase to phase."""
        settings = stack_settings.look(host, self.directory, self.asks)
        if not isinstance(settings, Problem) and settings.missing:
            return self._unanswered(", ".join(settings.missing))
        if self._is_up(host) and not host.job(self._command(host, settings, _UNSTACK)).ok:
            host.log(f"{_UNSTACK} did not end well; {NAME} may say more")
        host.note("stack", directory=self.directory, user=host.user.name)
        follower = _Follower(host, Reading(self.outline), self.parts, enter)
        ended = host.job(self._command(host, settings), follower)
        if ended.ok:
            return Done(follower.reading.announced)
        if isinstance(settings, StackSettings) and settings.is_silent:
            _bring(host, settings.log, follower)
        return self._why(follower.reading, ended.returncode)

    def _is_up(self, host: Reader) -> bool:
        """Whether services run already: DevStack starts none that runs, so they would stay old."""
        return bool(self.venv and running_in(host, self.venv))

    def _command(
        self, host: Reader, settings: StackSettings | Problem, script: str = NAME
    ) -> Command:
        """Where its own log goes is said only if local.conf does not: what stands there wins."""
        env = {"TERM": "dumb", **for_builds(host, self.venv)}
        if isinstance(settings, StackSettings) and not settings.names_log:
            env["LOGFILE"] = settings.log
        return Command(
            (f"./{script}",), env=env, cwd=self.directory, ending=Ending.SPARE, timeout=0
        )

    def _why(self, reading: Reading, status: int) -> Problem:
        if reading.question:
            return self._unanswered(f'an answer to "{reading.question}"')
        phase = self.outline.phases[reading.phase].name
        after = f" after {reading.announced!r}" if reading.announced else ""
        said = reading.complaint or f"it ended with status {status}"
        return Problem(f"{NAME} stopped in {phase}{after}: {said}", self.directory)

    def _unanswered(self, what: str) -> Problem:
        cure = f"Set it in {self.directory}/local.conf, below [[local|localrc]]"
        return Problem(f"{NAME} would ask for {what}", self.directory, cure, ExitStatus.ANSWERS)


@dataclass(slots=True)
class _Follower:
    """Sees every line of stack.sh, and says how far it is."""

    host: Machine
    reading: Reading
    parts: tuple[Part, ...]
    enter: Enter

    def __call__(self, line: str) -> str:
        """Let the line through."""
        phase, announced = self.reading.phase, self.reading.announced
        if self.reading.feed(line):
            if self.reading.phase != phase:
                self.enter(self.parts[self.reading.phase].id, announced)
            total = self.reading.total if self.reading.total >= _LEAST else 0
            self.host.progress(max(0, self.reading.passed - 1), total, self.reading.announced)
        return line


def for_builds(host: Reader, venv: str) -> dict[str, str]:
    """Hold what DevStack's pip builds to the same setuptools as the venv, where that is held."""
    file = f"{venv}/{BUILD_CONSTRAINTS}"
    is_held = bool(venv) and host.run(Command(("test", "-s", file))).ok
    return dict.fromkeys(READ_BY_PIP, file) if is_held else {}


def _bring(host: Machine, path: str, follower: _Follower) -> None:
    """Bring the end of DevStack's own log into ours: with VERBOSE off the cause is only there."""
    said = host.run(Command(("tail", "--lines", str(_END), "--", path)))
    for line in said.text.splitlines():
        host.log(follower(line))


def _unshown(part: str, details: str) -> None:
    """Nobody sees the parts."""


def _impossible(what: str, where: str, cure: str) -> Problem:
    return Problem(what, where, cure, ExitStatus.HOST)
