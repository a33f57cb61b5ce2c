"""The headings of the build screen."""

from textual.content import Content

from wizard.model.course import Course, Stand
from wizard.model.exit_status import ExitStatus
from wizard.tui.cards import cards
from wizard.tui.spans import clock, counted
from wizard.tui.widgets.build_log import BuildLog
from wizard.tui.widgets.cells import cut_middle, fitted
from wizard.tui.widgets.check_list import counts

_STOPPED = (ExitStatus.INTERRUPTED, ExitStatus.TERMINATED, ExitStatus.TIMED_OUT)


def title(course: Course, now: float, width: int, *, stopping: bool) -> Content:
    """Return what is going on, and for how long."""
    verb, style = _verb(course, stopping=stopping)
    time = f"{clock(course.elapsed(now))}{'' if course.over else ' elapsed'}"
    venv = course.started.venv if course.started else ""
    room = max(0, width - len(verb) - len(time) - 2)
    return Content.assemble(
        (verb, f"bold {style}"), " ", fitted(cut_middle(venv, room), room), " ", time
    )


def _verb(course: Course, *, stopping: bool) -> tuple[str, str]:
    if course.broken_off:
        return "✗ Broken off:", "$text-error"
    if course.finished is None:
        return ("Stopping", "$text-warning") if stopping else ("Building", "$text-accent")
    if course.finished.status == ExitStatus.DONE:
        return "✓ Built", "$text-success"
    if course.finished.status in _STOPPED:
        return "- Stopped:", "$text-warning"
    if course.finished.status == ExitStatus.CHECK_FAILED:
        return "! Built, but a check fails:", "$text-warning"
    return "✗ Failed:", "$text-error"


def steps(course: Course) -> Content:
    """Return how many steps are over."""
    whole = len(course.steps)
    said = f"   {course.steps_done} of {whole}" if whole else ""
    return Content.assemble(("Steps", "bold"), (said, "$text-muted"))


def checks(course: Course) -> Content:
    """Return how many checks passed."""
    said = [part for count in counts(course) for part in (Content("   "), count)]
    if not said and course.checks and not course.over:
        said = [Content.styled(f"   0 of {len(course.checks)}", "$text-muted")]
    return Content.assemble(("Checks", "bold"), *said)


def notice(course: Course, width: int) -> Content | None:
    """Return the gravest thing that somebody should know by now."""
    if course.broken_off:
        words = "The engine was killed or crashed. What is done stays done."
        return Content.styled(fitted(f"▌ {words}", width), "$text-error")
    if course.failed is not None:
        return Content.styled(fitted(f"▌ {_why(course)}", width), "bold $text-error")
    if held := [step for step in course.running if step.waits]:
        known = held[0].details
        words = f"▌ {known}" + ("" if " lock " in known else ": it holds the package lock")
        return Content.styled(fitted(words, width), "$text-warning")
    if course.findings:
        return Content.styled(fitted(f"▌ {course.findings[-1].what}", width), "$text-warning")
    failing = [check for check in course.checks.values() if check.stand is Stand.FAILED]
    if failing:
        words = f"▌ {failing[0].title}: {failing[0].details}"
        return Content.styled(fitted(words, width), "bold $text-error")
    return None


def _why(course: Course) -> str:
    """Return why a step failed: the finding that explains it, else what it said itself."""
    if course.failed is None:
        return ""
    found = cards(course)
    said = f"{course.failed.title}: {course.failed.details}"
    more = "   Enter: what to do" if course.over else ""
    return f"{found[0].finding.what}{more}" if found else said


def log(view: BuildLog, course: Course, width: int) -> Content:
    """Return what is seen of the log."""
    state = "following" if view.following else "paused"
    if view.filter_name != view.filters[0]:
        state += f" · {view.filter_name}"
    if view.search.pattern is not None:
        state += f" · “{view.search.text}” {view.search.state}"
    right = counted(len(view.file), "line")
    if findings := len(view.marked) or len(course.findings):
        right += f" · {counted(findings, 'finding')}"
    state = fitted(state, min(len(state), max(0, width - len(right) - 16)))
    rule = "─" * max(2, width - len(state) - len(right) - 14)
    return Content.assemble(
        ("── ", "$border-blurred"),
        ("Log", "bold"),
        f" · {state} ",
        (rule, "$border-blurred"),
        f" {right} ",
        ("──", "$border-blurred"),
    )
