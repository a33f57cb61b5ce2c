"""--diagnose: what went wrong in a log, whoever made it."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from wizard.arguments import Arguments
from wizard.engine.diagnosing import Explanation, read
from wizard.engine.planning.survey import caller, reader
from wizard.facts.devstack import inspect
from wizard.facts.distribution import detect
from wizard.model.diagnosis import rule_book
from wizard.model.diagnosis.clue import Clues
from wizard.model.diagnosis.diagnosis import Scan, is_failure
from wizard.model.events import Output, RunFinished, StepFinished, StepState
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.modes.rendering import Renderer

STDIN = "-"
STEP = "diagnose"


def run(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Read the log, and say what it says: the cause first."""
    try:
        with _opened(given.log) as log:
            scan = read(log, Clues(rule_book.shipped().of(_series(given))))
    except OSError as error:
        what = f"the log cannot be read: {error.strerror or error}"
        return renderer.refuse([Problem(what, given.log, status=ExitStatus.USAGE)])
    findings = scan.findings()
    if not is_failure(findings):
        return _nothing(scan, given.log, renderer)
    explanation = _explanation(given)
    for found in findings:
        renderer.emit(explanation.finding(found))
    number = "One finding" if len(findings) == 1 else f"{len(findings)} findings, the cause first"
    status = ExitStatus.CHECK_FAILED
    renderer.emit(RunFinished(status, 0.0, f"{number}, in {scan.line - 1} lines."))
    return status


def _opened(log: str) -> AbstractContextManager[BinaryIO]:
    if log == STDIN:
        return nullcontext(sys.stdin.buffer)
    return Path(log).open("rb")


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


def _nothing(scan: Scan, log: str, renderer: Renderer) -> ExitStatus:
    """No rule holds: show what looks like an error, and claim nothing."""
    suspects = scan.suspects()
    status = ExitStatus.CHECK_FAILED if scan.broke_off else ExitStatus.DONE
    if not scan.broke_off and (scan.ended_well or not suspects):
        words = f"Nothing in {scan.line - 1} lines looks like a failure."
    else:
        for suspect in suspects:
            renderer.emit(Output(STEP, suspect.number, (f"{suspect.number}: {suspect.text}",)))
        details = "no rule knows what happened" + (
            "; these lines look like errors" * bool(suspects)
        )
        if scan.broke_off:
            details = f"stack.sh stopped, and {details}"
        during = f"The last command was: {scan.command}. " if scan.command else ""
        cure = (
            f"{during}{_where(scan)} {_named(log)}. Run the command"
            " that failed once more by itself; search for its first error in the words of the log."
        )
        renderer.emit(StepFinished(STEP, StepState.FAILED, 0.0, details, cure))
        words = f"No finding in {scan.line - 1} lines."
    renderer.emit(RunFinished(status, 0.0, words))
    return status


def _where(scan: Scan) -> str:
    return "Read on from the first of these lines in" if scan.suspects() else "Look at the end of"


def _named(log: str) -> str:
    return "the log" if log == STDIN else log
