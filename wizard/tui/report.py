"""What is said of a run that is over: the verdict, and the facts that it rests on."""

import shlex
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual.content import Content

from wizard.engine.runs.runs import request
from wizard.model.course import Course, Item, Stand
from wizard.model.exit_status import MEANING, ExitStatus
from wizard.model.problem import Problem
from wizard.tui.evidence import around, telling_line
from wizard.tui.spans import clock, counted
from wizard.tui.widgets.cells import fitted
from wizard.tui.widgets.check_list import TOLD, WORDS
from wizard.tui.widgets.log_file import LogFile

LABEL = 15  # columns
BEFORE, AFTER = 3, 6  # lines of the log about the one that tells
_STOPPED = (ExitStatus.INTERRUPTED, ExitStatus.TERMINATED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it went in one sentence; tone is good, warn or bad."""

    words: str
    tone: str

    @property
    def is_good(self) -> bool:
        """Whether everything is as it should be."""
        return self.tone == "good"


@dataclass(frozen=True, slots=True)
class Part:
    """Something said under a label. Commands and log lines are not folded, but cut."""

    label: str
    text: str
    style: str = ""
    verbatim: bool = False


def verdict(course: Course) -> Verdict:
    """Judge a run that is over."""
    if course.finished is None:
        return Verdict("✗ The build was broken off: its engine was killed, or crashed", "bad")
    took = clock(course.finished.seconds)
    status = status_of(course)
    if status is ExitStatus.DONE:
        changed = any(step.stand is Stand.DONE for step in course.steps.values())
        words = f"Built in {took}" if changed else "Nothing to do: all is so already"
        return Verdict(f"✓ {words}", "good")
    if status is ExitStatus.CHECK_FAILED:
        failing = sum(check.stand is Stand.FAILED for check in course.checks.values())
        verb = "fails" if failing == 1 else "fail"
        return Verdict(f"! Built in {took}, but {counted(failing, 'check')} {verb}", "warn")
    if course.failed is not None:
        words = f"{course.failed.title} stopped after {clock(course.failed.seconds)}"
        return Verdict(f"✗ {words[0].upper()}{words[1:]}", "bad")
    if status in _STOPPED:
        return Verdict(f"- Stopped after {took}, as you asked", "warn")
    return Verdict(f"✗ Ended after {took}: {MEANING[status]}", "bad")


def status_of(course: Course) -> ExitStatus:
    """Return how a run ended; believe only what can be an exit status of ours."""
    if course.finished is None:
        return ExitStatus.STEP_FAILED
    said = course.finished.status
    return ExitStatus(said) if said in set(ExitStatus) else ExitStatus.BUG


def parts(folder: Path, course: Course, log: LogFile) -> tuple[Part, ...]:
    """Return all that there is to say, the most telling first."""
    return tuple(_parts(folder, course, log))


def _parts(folder: Path, course: Course, log: LogFile) -> Iterator[Part]:
    good = course.finished is not None and course.finished.status == ExitStatus.DONE
    if good:
        yield from _what_is_where(folder, course)
    elif course.failed is not None:
        yield from _what_happened(course.failed, log)
    else:
        yield from _how_far(course, log)
    yield from _checks(course)
    yield Part("", "")
    yield from _commands(folder, course, good=good)


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
    yield Part("", "")
    yield Part("Why we think so", f"build.log line {line + 1:,}")
    for number, text in around(log, line, BEFORE, AFTER):
        is_it = number == line + 1
        mark, style = ("▌", "$text-error") if is_it else (" ", "$text-muted")
        yield Part("", f"{mark}{number:>6} {text}", style, verbatim=True)


def _how_far(course: Course, log: LogFile) -> Iterator[Part]:
    yield Part("What happened", _end(course))
    yield Part("What is done", f"{course.steps_done} of {counted(len(course.steps), 'step')}")
    yield Part("What to do", "Build again: it goes on with what is left. Or undo what was done.")
    yield Part("", "")
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
        yield Part("Checks", ", ".join(counts))
    for check in asked:
        if check.stand in (Stand.FAILED, Stand.WARNING):
            mark, style = ("✗", "$text-error") if check.stand is Stand.FAILED else ("!", "$warning")
            yield Part(f"{mark} {check.title}", check.details, style)
            for line in check.evidence:
                yield Part("", f" {line}", "$text-muted", verbatim=True)
            if check.cure:
                yield Part("  cure", check.cure)


def _how_many(checks: Sequence[Item], stand: Stand) -> int:
    return sum(check.stand is stand for check in checks)


def _commands(folder: Path, course: Course, *, good: bool) -> Iterator[Part]:
    """Yield what to type next; a command is never folded."""
    if course.started is None:
        return
    if good:
        checkout = course.started.devstack.rpartition(" (")[0]
        if "venv" in course.steps:
            yield _command("Activate", f". {course.started.venv}/bin/activate")
        if checkout:
            yield _command("Run DevStack", f"cd {shlex.quote(checkout)} && ./stack.sh")
        else:
            yield Part("DevStack", "Put this local.conf into a checkout and run its stack.sh.")
    yield _command("Undo", f"devstack-venv --undo {course.started.run}")
    if good and (folder / "answers.toml").exists():
        answers = shlex.quote(f"{course.started.folder}/answers.toml")
        yield _command("Same again", f"devstack-venv --auto --answers {answers}")
    yield Part("Log", f"{course.started.folder}/build.log")


def _command(label: str, command: str) -> Part:
    return Part(label, command, "$text-accent")


def _local_conf(folder: Path) -> str:
    asked = request(folder)
    return "" if isinstance(asked, Problem) else asked.local_conf


def laid_out(said: Sequence[Part], width: int) -> Content:
    """Return the parts in so many columns, labels at the left."""
    lines: list[Content] = []
    for part in said:
        if part.verbatim:
            lines.append(Content.styled(fitted(part.text, width).rstrip(), part.style))
            continue
        folded = textwrap.wrap(part.text, max(20, width - LABEL - 2), break_on_hyphens=False) or [
            ""
        ]
        for number, line in enumerate(folded):
            label = fitted("" if number else part.label, LABEL)
            lines.append(Content.assemble((label, "$text-muted"), "  ", (line, part.style)))
    return Content("\n").join(lines)
