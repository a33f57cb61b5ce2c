"""How far a build is: a bar by expected time, what is left, and how long nobody has said a word."""

from textual.content import Content

from wizard.model.course import Course
from wizard.tui.spans import clock, roughly
from wizard.tui.widgets.lines import Lines

FULL, HALF, REST = "━", "╸", "─"
PERCENT_WIDTH = 6
NOW = 3.0  # seconds: nobody counts these
UNUSUAL = 30.0  # seconds of silence that make one wonder
QUIET = {"bytecode": 180.0, "pypi-packages": 120.0, "completion": 60.0}  # compilers say little


class ProgressLine(Lines):
    """One line."""

    def draw(self, course: Course, now: float) -> None:
        """Draw how things stand."""
        right = f"   {_left(course, now)}".rstrip() + f"   {_silence(course, now)}"
        if course.over:
            right = ""
        part = 1.0 if course.finished and not course.finished.status else course.fraction(now)
        width = max(10, self.size.width - PERCENT_WIDTH - len(right))
        self.show([Content.assemble(_bar(part, width, course), f"{part:>5.0%} ", right)])


def _bar(part: float, width: int, course: Course) -> Content:
    halves = int(part * width * 2)
    full, half = divmod(halves, 2)
    style = "$text-accent"
    if course.over:
        good = course.finished is not None and not course.finished.status
        style = "$text-success" if good else "$text-error"
    rest = REST * (width - full - half)
    return Content.assemble((FULL * full + HALF * half, style), (rest, "$border-blurred"))


def _left(course: Course, now: float) -> str:
    remaining = course.remaining(now)
    return "" if remaining is None else f"about {roughly(remaining)} left"


def _silence(course: Course, now: float) -> str:
    silence = course.silence(now)
    if silence < NOW or not course.running:
        return "last output now" if course.running else ""
    said = f"last output {clock(int(silence)) if silence >= 10 else f'{silence:.0f} s'} ago"  # noqa: PLR2004
    patience = max(QUIET.get(step.id, UNUSUAL) for step in course.running)
    return f"{said}: unusually long" if silence > patience else said
