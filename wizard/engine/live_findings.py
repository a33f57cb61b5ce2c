"""Findings while a run goes on: the rules read the log beside it and hold nobody up."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from typing import Self

from wizard.engine.diagnosing import Explanation
from wizard.model.diagnosis import rule_book
from wizard.model.diagnosis.clue import Clues
from wizard.model.diagnosis.diagnosis import Found, Scan
from wizard.model.diagnosis.log_line import Line
from wizard.model.diagnosis.rule import Role
from wizard.model.diagnosis.suspects import Suspects, beyond, quoted
from wizard.model.events import Event, Output, Stamped, StepFinished, StepState
from wizard.model.packages.package_failure import SAYS_MORE

Emit = Callable[[Event], None]
REMEMBERED = 500  # pieces of output of a step, for when no rule explains it


@dataclass(slots=True)
class LiveFindings:
    """Listens to a run's output; a thread of its own looks for failures and tells them.

    ``emit`` stands in for the run folder's: a failed step gets the cure of its best finding.
    """

    into: Emit
    explanation: Explanation
    in_vain: frozenset[str] = frozenset()  # steps that may complain and end well even so
    _heard: SimpleQueue[Output | threading.Event | None] = field(default_factory=SimpleQueue)
    _scans: dict[str, Scan] = field(default_factory=dict)
    _heard_last: dict[str, deque[Output]] = field(default_factory=dict)  # by step
    _told: set[tuple[object, ...]] = field(default_factory=set)
    _clues: Clues | None = None
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._heard.put(None)
        if self._thread is not None:
            self._thread.join()

    def __call__(self, stamped: Stamped) -> None:
        """Take note of output, for later: whoever says it waits for us."""
        if isinstance(stamped.event, Output):
            self._heard.put(stamped.event)

    def emit(self, event: Event) -> None:
        """Pass an event on; explain a failure first."""
        if isinstance(event, StepFinished) and event.state is StepState.FAILED:
            event = self._explained(event)
        self.into(event)

    def best(self, step: str) -> Found | None:
        """Return what a step failed of, as far as it said so by now."""
        read = threading.Event()
        self._heard.put(read)
        while not read.wait(1.0) and self._thread is not None and self._thread.is_alive():
            pass
        scan = self._scans.get(step)
        findings = scan.findings() if scan else ()
        return findings[0] if findings and findings[0].role is not Role.REMARK else None

    def forget(self, step: str) -> None:
        """Begin anew with a step: it is tried once more."""
        self._scans.pop(step, None)
        self._heard_last.pop(step, None)

    def _read(self) -> None:
        while (said := self._heard.get()) is not None:
            if isinstance(said, threading.Event):
                said.set()
            else:
                for found in self._scan(said):
                    if found.role is Role.CAUSE and said.step not in self.in_vain:
                        self._tell(said.step, found)

    def _scan(self, output: Output) -> tuple[Found, ...]:
        if self._clues is None:
            self._clues = Clues(rule_book.shipped().of(self.explanation.series))
        self._heard_last.setdefault(output.step, deque(maxlen=REMEMBERED)).append(output)
        scan = self._scans.setdefault(output.step, Scan(self._clues))
        scan.line = output.line  # lines of other steps may have come between
        return scan.feed(_joined(output))

    def _explained(self, event: StepFinished) -> StepFinished:
        """Let the first finding say what to do."""
        best = self.best(event.step)
        if best is None:
            return replace(event, cure=self._likeliest(event.step, event.cure))
        lines = () if best.role is Role.CAUSE else self._suspicious(event.step)
        self._tell(event.step, best, beyond(lines, best))
        return replace(event, cure=self.explanation.finding(best, event.step).cure)

    def _likeliest(self, step: str, cure: str) -> str:
        """Show what comes nearest to a reason, where the step knows none itself."""
        lines = self._suspicious(step) if cure in {"", SAYS_MORE} else ()
        return f"No rule knows why; likeliest is {quoted(lines[0])}." if lines else cure

    def _suspicious(self, step: str) -> Sequence[Line]:
        """Return what looks like the reason, of what a step said last."""
        suspects = Suspects(())
        for output in self._heard_last.get(step, ()):
            suspects.line = output.line
            suspects.feed(_joined(output))
        return suspects.found()

    def _tell(self, step: str, found: Found, likeliest: Line | None = None) -> None:
        if found.identity not in self._told:
            self._told.add(found.identity)
            finding = self.explanation.finding(found, step, likeliest)
            self.into(finding if self._comes_first(step, found) else replace(finding, automatic=()))

    def _comes_first(self, step: str, found: Found) -> bool:
        """Whether the build does this one's steps unasked: it looks at the first cause only."""
        scan = self._scans.get(step)
        if scan is None or not found.rule.cure.is_unasked:
            return True
        return scan.findings()[0].rule.cure.is_unasked


def _joined(output: Output) -> bytes:
    return "".join(f"{line}\n" for line in output.lines).encode(errors="replace")
