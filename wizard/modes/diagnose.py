"""--diagnose: what went wrong in a log, whoever made it."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from wizard.arguments import Arguments
from wizard.engine.diagnosing import Explanation, read, suspicious
from wizard.engine.planning.survey import caller, reader
from wizard.facts.devstack import inspect
from wizard.facts.distribution import detect
from wizard.model.diagnosis import rule_book
from wizard.model.diagnosis.clue import Clues
from wizard.model.diagnosis.diagnosis import Scan, is_failure
from wizard.model.diagnosis.log_line import Line
from wizard.model.diagnosis.rule import Role
from wizard.model.diagnosis.suspects import Weight, beyond, quoted, weight
from wizard.model.events import Output, RunFinished, StepFinished, StepState
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.modes.rendering import Renderer

STDIN = "-"
STEP = "diagnose"
END = 60  # lines in which a program that failed says so


def run(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Read the log, and say what it says: the cause first."""
    try:
        with _opened(given.log) as log:
            book = rule_book.shipped().of(_series(given))
            scan = read(log, Clues(book))
            findings = scan.findings()
            is_explained = scan.ended_well or any(found.role is Role.CAUSE for found in findings)
            lines = () if is_explained else suspicious(log, book.endings)
    except OSError as error:
        what = f"the log cannot be read: {error.strerror or error}"
        return renderer.refuse([Problem(what, given.log, status=ExitStatus.USAGE)])
    if not is_failure(findings):
        return _nothing(scan, lines, given.log, renderer)
    explanation = _explanation(given)
    first, *others = findings
    renderer.emit(explanation.finding(first, likeliest=beyond(lines, first)))
    for found in others:
        renderer.emit(explanation.finding(found))
    number = "One finding" if len(findings) == 1 else f"{len(findings)} findings, the cause first"
    status = ExitStatus.CHECK_FAILED
    renderer.emit(RunFinished(status, 0.0, f"{number}, in {scan.line - 1} lines."))
    return status


@contextmanager
def _opened(log: str) -> Iterator[BinaryIO]:
    """Open what can be read twice: what comes through a pipe is put by first."""
    if log == STDIN:
        with TemporaryFile() as copy:
            copyfileobj(sys.stdin.buffer, copy)
            copy.seek(0)
            yield cast("BinaryIO", copy)
    else:
        with Path(log).open("rb") as file:
            yield file


def _series(given: Arguments) -> str:
    """Return the age of the DevStack whose log it is: known where somebody names the checkout."""
    who = caller()
    if not given.devstack:
        return ""
    found = inspect(reader(who, given.root, who.name), str(Path(who.folder, given.devstack)))
    return "" if isinstance(found, Problem) else found.series


def _explanation(given: Arguments) -> Explanation:
    who = caller()
    host = reader(who, given.root, who.name)
    distribution = detect(host)
    return Explanation(host, None if isinstance(distribution, Problem) else distribution)


def _nothing(scan: Scan, lines: Sequence[Line], log: str, renderer: Renderer) -> ExitStatus:
    """No rule holds: show what looks like an error, and claim nothing."""
    for line in sorted(lines, key=lambda line: line.number):
        renderer.emit(Output(STEP, line.number, (f"{line.number}: {line.text.strip()}",)))
    at_end = scan.line - END
    last_words = any(weight(line.text) is Weight.SAYS and line.number > at_end for line in lines)
    if scan.broke_off or last_words:
        renderer.emit(StepFinished(STEP, StepState.FAILED, 0.0, *_unknown(scan, lines, log)))
        words = f"No finding in {scan.line - 1} lines."
    elif lines:
        words = f"No finding in {scan.line - 1} lines; most like an error is {quoted(lines[0])}."
    else:
        words = f"Nothing in {scan.line - 1} lines looks like a failure."
    status = ExitStatus.CHECK_FAILED if scan.broke_off else ExitStatus.DONE
    renderer.emit(RunFinished(status, 0.0, words))
    return status


def _unknown(scan: Scan, lines: Sequence[Line], log: str) -> tuple[str, str]:
    """Say that nobody knows, what comes nearest, and how to find out."""
    details = f"{'stack.sh stopped, and ' * scan.broke_off}no rule knows what happened"
    likely = f"Likeliest is {quoted(lines[0])}. " if lines else ""
    during = f"The last command was: {scan.command}. " if scan.command else ""
    where = "Read on from there in" if lines else "Look at the end of"
    named = "the log" if log == STDIN else log
    cure = (
        f"{likely}{during}{where} {named}. Run the command that failed once more by itself;"
        " search for its first error in the words of the log."
    )
    return details, cure
