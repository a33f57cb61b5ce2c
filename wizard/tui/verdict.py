"""How a run went, in one sentence."""

from dataclasses import dataclass

from wizard.model.course import Course, Item, Stand
from wizard.model.exit_status import MEANING, ExitStatus
from wizard.tui.spans import clock, counted

_STOPPED = (ExitStatus.INTERRUPTED, ExitStatus.TERMINATED)
_DONE = {"fix": "Mended", "check": "Checked"}  # by the kind of run; others build


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it went in one sentence; tone is good, warn or bad."""

    words: str
    tone: str

    @property
    def is_good(self) -> bool:
        """Whether everything is as it should be."""
        return self.tone == "good"


def verdict(course: Course) -> Verdict:
    """Judge a run that is over."""
    if course.finished is None:
        return Verdict("✗ The build was broken off: its engine was killed, or crashed", "bad")
    status, took = status_of(course), clock(course.finished.seconds)
    if status in (ExitStatus.DONE, ExitStatus.CHECK_FAILED):
        return _to_its_end(course, took)
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


def failing(course: Course) -> tuple[Item, ...]:
    """Return the checks that fail, as they were asked last."""
    return tuple(check for check in course.checks.values() if check.stand is Stand.FAILED)


def has_stacked(course: Course) -> bool:
    """Whether stack.sh ran, too."""
    return any(
        step.stand is Stand.DONE and step.id.startswith("stack-") and step.id != "stack-user"
        for step in course.steps.values()
    )


def _to_its_end(course: Course, took: str) -> Verdict:
    changed = any(step.stand is Stand.DONE for step in course.steps.values())
    kind = course.started.kind if course.started else ""
    did = "Built, and stack.sh run," if has_stacked(course) else _DONE.get(kind, "Built")
    words = f"{did} in {took}"
    if bad := len(failing(course)):
        verb = "fails" if bad == 1 else "fail"
        return Verdict(f"! {words}, but {counted(bad, 'check')} {verb}", "warn")
    if status_of(course) is ExitStatus.CHECK_FAILED:
        return Verdict(f"✓ {words}; no check fails any more", "good")
    return Verdict(f"✓ {words}" if changed else "✓ Nothing to do: all is so already", "good")
