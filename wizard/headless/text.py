"""Events as text: the plan, one line a step with its time, then how to go on."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field

from wizard.headless import marks
from wizard.headless.activity import Running, activity
from wizard.headless.card import aside, card
from wizard.headless.clean import clean
from wizard.headless.folding import folded
from wizard.headless.terminal import Terminal
from wizard.headless.ways_on import cure_command, ways_on
from wizard.model.check import Code
from wizard.model.diagnosis.rule import Role
from wizard.model.events import (
    CheckDeferred,
    CheckFinished,
    CheckStarted,
    Finding,
    Output,
    Planned,
    PlannedState,
    Progress,
    Remark,
    Reversed,
    RunFinished,
    RunStarted,
    Setting,
    Stamped,
    StepFinished,
    StepRetried,
    StepStarted,
    StepState,
)
from wizard.model.exit_status import ExitStatus

HEARTBEAT = 20.0  # seconds of silence in a pipe
REDRAW = 0.2  # seconds between two status lines on a terminal
_ACTING = ("build", "fix")  # the kinds of run that carry out their steps
TAIL = 12  # lines of log shown when a step fails


@dataclass(slots=True)
class Text:
    """Renders events one after the other; a thread of its own keeps the silence short."""

    terminal: Terminal
    program: str = "devstack-venv"
    run: RunStarted | None = None
    _titles: dict[str, str] = field(default_factory=dict)
    _running: dict[str, Running] = field(default_factory=dict)
    _tails: dict[str, deque[str]] = field(default_factory=dict)
    _spoke: float = field(default_factory=time.monotonic)
    _over: threading.Event = field(default_factory=threading.Event)
    _heading: str = ""
    _open: set[str] = field(default_factory=set)  # steps that are not over
    _verdicts: dict[str, CheckDeferred | CheckFinished] = field(default_factory=dict)
    _explained: bool = False  # whether a card has been shown
    _changed: bool = False  # whether there is something to undo

    def __post_init__(self) -> None:
        threading.Thread(target=self._keep_company, daemon=True).start()

    def __call__(self, stamped: Stamped) -> None:  # noqa: C901, PLR0912 -- one exhaustive match
        """Show one event."""
        match clean(stamped.event):
            case RunStarted() as event:
                self._run_started(event)
            case Setting(key, value, origin):
                self._head("Decisions")
                self._line(f"  {key:<28} {value}  {self._dim(f'({origin})')}")
            case Planned() as event:
                self._planned(event)
            case Remark(what, cure):
                self._head("Worth knowing")
                self._line(f"  {self._mark(marks.CHECK[Code.WARNING])} {what}")
                self._cure(cure)
            case StepStarted(step):
                self._running[step] = Running(time.monotonic())
            case Output(step, _, lines):
                self._tails.setdefault(step, deque(maxlen=TAIL)).extend(lines)
            case Progress() as event:
                self._progress(event)
            case StepRetried(step) as event:
                self._head("Build")
                self._row(self._mark(marks.RETRIED), self._title(step), event.words)
            case StepFinished() as event:
                self._step_finished(event)
            case CheckStarted(check):
                self._running[check] = Running(time.monotonic())
            case CheckDeferred() | CheckFinished() as event:
                self._check_over(event)
            case Reversed(what, outcome):
                self._head("Undo")
                self._line(f"  {self._mark(marks.UNDO[outcome])} {what}")
            case Finding() as event:
                self._finding(event)
            case RunFinished() as event:
                self._run_finished(event)

    def close(self) -> None:
        """Stop redrawing and leave the cursor on a fresh line."""
        self._over.set()
        self.terminal.status("")

    def _run_started(self, event: RunStarted) -> None:
        self.run = event
        self._titles = {titled.id: titled.title for titled in (*event.steps, *event.checks)}
        self._line(f"devstack-venv {event.version}")
        self._line()
        devstack = event.devstack or "no checkout: the venv stands alone"
        rows = {"Host": event.host, "DevStack": devstack, "User": event.user, "Venv": event.venv}
        for name, value in rows.items():
            self._line(f"  {name:<10} {value}")

    def _planned(self, event: Planned) -> None:
        if self.run and self.run.kind in _ACTING and event.state is PlannedState.PENDING:
            self._open.add(event.step)
        self._head("Plan")
        mark = self._mark(marks.PLAN[event.state])
        self._line(f"  {mark} {self._title(event.step):<20} {event.why}")
        self._cure(event.cure)
        for command in event.commands:
            self._line(self._dim(f"      $ {command}"))
        for diff in event.diffs:
            for line in diff.splitlines():
                colour = {"+": "green", "-": "red"}.get(line[:1], "dim")
                self._line("      " + self.terminal.paint(line, colour))

    def _progress(self, event: Progress) -> None:
        if running := self._running.get(event.step):
            known = f"{event.done} of {event.total}" if event.done and event.total else ""
            running.progress = " ".join(part for part in (known, event.text) if part)

    def _step_finished(self, event: StepFinished) -> None:
        self._running.pop(event.step, None)
        self._open.discard(event.step)
        if event.state is StepState.SKIPPED:  # the plan has said so
            return
        self._changed = True
        self._head("Build" if self.run else "")
        mark = self._mark(marks.STEP[event.state])
        self._row(mark, self._title(event.step), event.details, marks.duration(event.seconds))
        self._cure(event.cure)
        if event.state is StepState.FAILED:
            for line in self._tails.get(event.step, ()):
                self._line(self._dim(f"      | {line}"))
        self._tails.pop(event.step, None)

    def _check_over(self, event: CheckDeferred | CheckFinished) -> None:
        """Keep the verdicts of a build together, to its end: each may be asked once more."""
        self._running.pop(event.check, None)
        self._verdicts[event.check] = event
        if not self._open and not (self.run and self.run.kind == "build"):
            self._tell_verdicts()

    def _tell_verdicts(self) -> None:
        """Tell what is known, in the order of the plan."""
        for name in (*self._titles, *self._verdicts):
            event = self._verdicts.pop(name, None)
            if isinstance(event, CheckDeferred):
                self._check_deferred(event)
            elif event:
                self._check_finished(event)

    def _check_deferred(self, event: CheckDeferred) -> None:
        self._head("Checks")
        mark = self._mark(marks.DEFERRED)
        details = f"{event.details}; waits until {event.until}"
        self._row(mark, self._title(event.check), details)

    def _check_finished(self, event: CheckFinished) -> None:
        self._head("Checks")
        self._row(self._mark(marks.CHECK[event.code]), self._title(event.check), event.details)
        if event.code is not Code.SUCCESS:
            for line in event.evidence:
                self._line(self._dim(f"      | {line}"))
        self._cure(event.cure)

    def _finding(self, event: Finding) -> None:
        self._head("")
        if event.role == Role.REMARK or (event.role == Role.SYMPTOM and self._explained):
            lines = aside(event, self._mark(marks.ASIDE))
        else:
            self._explained = True
            cure = cure_command(self.run, event, self.program)
            lines = card(event, self.terminal.width, self._mark(marks.CHECK[Code.FAILURE]), cure)
        for line, colour in lines:
            self._line(self.terminal.paint(line, colour) if colour else line)

    def _run_finished(self, event: RunFinished) -> None:
        self._tell_verdicts()
        self.close()
        self._line()
        colour = "green" if event.status == ExitStatus.DONE else "red"
        self._line(self.terminal.paint(event.summary, colour))
        for name, way in ways_on(self.run, event, self.program, changed=self._changed):
            self._line(f"  {name:<10} {way}")

    def _row(self, mark: str, title: str, details: str, took: str = "") -> None:
        room = max(20, self.terminal.width - 36)
        first, *rest = folded(details, room) or [""]
        self._line(f"  {mark} {title:<20} {first:<{room}} {took:>9}".rstrip())
        for line in rest:
            self._line(f"  {'':<22} {line}")

    def _cure(self, cure: str) -> None:
        for line in folded(cure, self.terminal.width - 8):
            self._line(f"      {line}")

    def _head(self, heading: str) -> None:
        """A blank line, and the heading, where a new part begins."""
        if self._heading != heading:
            self._heading = heading
            self._line()
            if heading:
                self._line(self.terminal.paint(heading, "bold"))

    def _line(self, text: str = "") -> None:
        self._spoke = time.monotonic()
        self.terminal.line(text)

    def _title(self, name: str) -> str:
        return self._titles.get(name, name)

    def _mark(self, mark: tuple[str, str, str]) -> str:
        glyph, plain, colour = mark
        return self.terminal.paint(self.terminal.mark(glyph, plain), colour)

    def _dim(self, text: str) -> str:
        return self.terminal.paint(text, "dim")

    def _keep_company(self) -> None:
        """Redraw the status line on a terminal; in a pipe say something now and then."""
        while not self._over.wait(REDRAW if self.terminal.live else 1.0):
            if self.terminal.live:
                self.terminal.status(activity(self._running, self._title))
            elif self._running and time.monotonic() - self._spoke > HEARTBEAT:
                self._line(f"    {activity(self._running, self._title)}")
