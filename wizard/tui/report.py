"""What is said of a run that is over: the facts that the verdict rests on, and what to type."""

import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wizard.engine.runs.runs import request
from wizard.model.course import Course, Item, Stand
from wizard.model.events import RunStarted
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.settings.environment import called_again
from wizard.tui.cards import Card
from wizard.tui.evidence import around, telling_line
from wizard.tui.parts import GAP, Part, command
from wizard.tui.spans import counted
from wizard.tui.verdict import has_stacked, status_of, verdict
from wizard.tui.widgets.check_list import TOLD, WORDS
from wizard.tui.widgets.log_file import LogFile

BEFORE, AFTER = 3, 6  # lines of the log about the one that tells


@dataclass(frozen=True, slots=True)
class Report:
    """A run that is over, and how a person calls this program to get at it again."""

    folder: Path
    course: Course
    program: str

    def parts(self, card: Card | None = None, *, roomy: bool = False) -> tuple[Part, ...]:
        """Return all that there is to say, the most telling first; of the findings, one.

        Where there is room the lines of the log about it are shown, too.
        """
        return tuple(self._parts(card, roomy=roomy))

    def _parts(self, card: Card | None, *, roomy: bool) -> Iterator[Part]:
        course, good = self.course, verdict(self.course).is_good
        if good:
            yield from _what_is_where(self.folder, course)
        elif card is not None:
            yield from card.parts
            yield from self._context(card.finding.line) if roomy else ()
        elif status_of(course) is not ExitStatus.CHECK_FAILED:
            yield from self._by_the_log()
        yield from _checks(course)
        yield GAP
        yield from _commands(self, good=good)

    def _by_the_log(self) -> Iterator[Part]:
        """Say what the log says, where no finding explains it."""
        with _whole(self.folder) as log:
            failed = self.course.failed
            yield from _what_happened(failed, log) if failed else _how_far(self.course, log)

    def _context(self, line: int) -> Iterator[Part]:
        """Show what stands about a line (from 1) in the log."""
        if line:
            with _whole(self.folder) as log:
                yield GAP
                yield Part("In the log", f"line {line:,} of {len(log):,}")
                yield from _lines(log, line - 1)


@contextmanager
def _whole(folder: Path) -> Iterator[LogFile]:
    """Yield the log, read to its end."""
    log = LogFile(folder / "build.log")
    try:
        while log.grow():
            pass
        yield log
    finally:
        log.close()


def report(folder: Path, course: Course, root: str | None) -> Report:
    """Return the report of a run."""
    return Report(folder, course, called_again(os.environ, root))


def _what_is_where(folder: Path, course: Course) -> Iterator[Part]:
    if course.started is None:
        return
    said = {name: step.details for name, step in course.steps.items()}
    if "venv" in said:
        packages = said.get("pypi-packages", "")
        yield Part("Venv", f"{course.started.venv}   {packages}".rstrip())
    if "local-conf" in said:
        yield Part("local.conf", f"{_local_conf(folder)}   {said['local-conf']}".strip())


def _what_happened(failed: Item, log: LogFile) -> Iterator[Part]:
    yield Part("What happened", failed.details or "the step failed", "bold")
    if failed.cure:
        yield Part("What to do", failed.cure)
    line = telling_line(failed, log)
    if line is None:
        return
    yield GAP
    yield Part("Why we think so", f"build.log line {line + 1:,}")
    yield from _lines(log, line)


def _lines(log: LogFile, line: int) -> Iterator[Part]:
    """Yield a line (from 0) with those about it."""
    for number, text in around(log, line, BEFORE, AFTER):
        is_it = number == line + 1
        mark, style = ("▌", "$text-error") if is_it else (" ", "$text-muted")
        yield Part("", f"{mark}{number:>6} {text}", style, verbatim=True)


def _how_far(course: Course, log: LogFile) -> Iterator[Part]:
    yield Part("What happened", _end(course))
    yield Part("What is done", f"{course.steps_done} of {counted(len(course.steps), 'step')}")
    yield Part("What to do", "Build again: it goes on with what is left. Or undo what was done.")
    yield GAP
    yield Part("The log's end", counted(len(log), "line"))
    for text in log.tail(BEFORE + AFTER):
        yield Part("", f" {text}", "$text-muted", verbatim=True)


def _end(course: Course) -> str:
    if course.finished is not None:
        return course.finished.summary
    cancelled = (s for s in course.steps.values() if s.stand is Stand.CANCELLED)
    at = ", ".join(step.title for step in cancelled) or "the start"
    return f"the engine ended without a word, at {at}"


def _checks(course: Course) -> Iterator[Part]:
    asked = tuple(course.checks.values())
    if counts := [f"{n} {WORDS[stand]}" for stand in TOLD if (n := _how_many(asked, stand))]:
        yet = ": what they look at is not there yet" if _how_many(asked, Stand.DEFERRED) else ""
        yield Part("Checks", ", ".join(counts) + yet)
    for check in asked:
        if check.stand in (Stand.FAILED, Stand.WARNING):
            mark, style = ("✗", "$text-error") if check.stand is Stand.FAILED else ("!", "$warning")
            yield GAP
            yield Part("What happened", f"{mark} {check.title}: {check.details}", style)
            if check.evidence:
                yield Part("Why we think so", "")
            for line in check.evidence:
                yield Part("", f"▌ {line}", style, verbatim=True)
            if check.cure:
                yield Part("What to do", check.cure)


def _how_many(checks: Sequence[Item], stand: Stand) -> int:
    return sum(check.stand is stand for check in checks)


def _commands(told: Report, *, good: bool) -> Iterator[Part]:
    """Yield what to type next."""
    course, started = told.course, told.course.started
    if started is None:
        return
    if good and "venv" in course.steps:
        yield command("Activate", f". {started.venv}/bin/activate")
    if good:
        yield from _devstack(started, stacked=has_stacked(course))
    yield command("Undo", f"{told.program} --undo {started.run}")
    if good and (told.folder / "answers.toml").exists():
        answers = shlex.quote(f"{started.folder}/answers.toml")
        yield command("Same again", f"{told.program} --auto --answers {answers}")
    yield Part("Log", f"{started.folder}/build.log")


def checkout(started: RunStarted) -> str:
    """Return the folder of the DevStack that a run was for, "" for none."""
    return started.devstack.rpartition(" (")[0]


def _devstack(started: RunStarted, *, stacked: bool) -> Iterator[Part]:
    folder = shlex.quote(checkout(started))
    if not checkout(started):
        yield Part("DevStack", "Put this local.conf into a checkout and run its stack.sh.")
    elif stacked:
        yield command("Use DevStack", f". {folder}/openrc admin admin")
        yield command("Take it down", f"cd {folder} && ./unstack.sh")
    else:
        yield command("Run DevStack", f"cd {folder} && ./stack.sh")


def _local_conf(folder: Path) -> str:
    asked = request(folder)
    return "" if isinstance(asked, Problem) else asked.local_conf
