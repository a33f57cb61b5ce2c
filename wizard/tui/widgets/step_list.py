"""The steps of a build: state, time, and what is expected."""

from collections.abc import Sequence

from textual.content import Content

from wizard.model.course import Course, Item, Stand
from wizard.tui.spans import clock
from wizard.tui.widgets.cells import fitted
from wizard.tui.widgets.lines import Lines

MARKS: dict[Stand, tuple[str, str]] = {
    Stand.WAITING: ("·", "$text-muted"),
    Stand.RUNNING: ("▸", "bold $text-accent"),
    Stand.DONE: ("✓", "$text-success"),
    Stand.SKIPPED: ("=", "$text-muted"),
    Stand.DEFERRED: ("…", "$text-muted"),
    Stand.WARNING: ("!", "$text-warning"),
    Stand.FAILED: ("✗", "bold $text-error"),
    Stand.CANCELLED: ("-", "$text-muted"),
}
TIME = 7  # columns
PERCENT = 100


class StepList(Lines):
    """One line for each step; where there are too few rows, those around the running one."""

    def draw(self, course: Course, now: float, rows: int) -> None:
        """Draw how things stand, in so many rows."""
        steps = shown_part(tuple(course.steps.values()), rows)
        self.show([_line(step, course, now, self.size.width) for step in steps])


def shown_part(steps: Sequence[Item], rows: int) -> Sequence[Item]:
    """Return the steps to show in so many rows: what runs, and what comes next."""
    if len(steps) <= rows:
        return steps
    here = next((n for n, step in enumerate(steps) if not step.is_over), len(steps) - 1)
    first = max(0, min(here - 1, len(steps) - rows))
    return steps[first : first + rows]


def _line(step: Item, course: Course, now: float, width: int) -> Content:
    mark, style = MARKS[step.stand]
    time = _time(step, course, now)
    title_width = max((len(other.title) for other in course.steps.values()), default=0)
    room = max(0, width - title_width - TIME - 5)
    title_style = style if step.stand in (Stand.RUNNING, Stand.FAILED) else ""
    title_style = "$text-muted" if step.stand is Stand.WAITING else title_style
    return Content.assemble(
        (f"{mark} ", style),
        (fitted(step.title, title_width), title_style),
        "  ",
        (fitted(_details(step), room), "" if step.stand is Stand.RUNNING else "$text-muted"),
        (f" {time:>{TIME}}", "$text-muted" if step.stand is Stand.WAITING else ""),
    )


def _details(step: Item) -> str:
    if step.stand is not Stand.RUNNING or not step.done or step.waits:
        return step.details
    if step.total == PERCENT:
        return f"{step.done} % {step.details}"
    return f"{step.done} of {step.total} {step.details}"


def _time(step: Item, course: Course, now: float) -> str:
    if step.stand is Stand.SKIPPED or (step.stand is Stand.CANCELLED and not step.seconds):
        return ""
    if step.stand is Stand.WAITING:
        expected = course.expected.get(step.id)
        worth_saying = expected is not None and expected >= 1 and not step.total
        return f"~ {clock(expected or 0)}" if worth_saying else ""
    return clock(step.elapsed(now))
