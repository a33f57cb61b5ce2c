"""The checks of a build, turning over while it runs."""

from collections.abc import Iterator
from textwrap import wrap

from textual.content import Content

from wizard.model.course import Course, Item, Stand
from wizard.tui.widgets.cells import fitted
from wizard.tui.widgets.lines import Lines
from wizard.tui.widgets.step_list import MARKS

WORDS: dict[Stand, str] = {
    Stand.WAITING: "waiting",
    Stand.RUNNING: "asking",
    Stand.DONE: "passed",
    Stand.DEFERRED: "later",
    Stand.WARNING: "warning",
    Stand.FAILED: "failed",
    Stand.CANCELLED: "not asked",
}
TOLD = (Stand.DONE, Stand.WARNING, Stand.FAILED, Stand.DEFERRED)  # in the summary
DULL = (  # what says least comes first
    *(Stand.DEFERRED, Stand.SKIPPED, Stand.CANCELLED, Stand.WAITING, Stand.DONE),
    *(Stand.RUNNING, Stand.WARNING, Stand.FAILED),
)
DEEPEST = 3  # lines for one check
WORTHWHILE = 45  # columns below which too little of the details would be left
ONE_LINE = 70  # columns from which on title and details share a line


class CheckList(Lines):
    """Title and word for each check, and what it found as far as there is room."""

    def draw(self, course: Course, rows: int) -> None:
        """Draw how things stand, in so many rows."""
        checks, left_out = chosen(tuple(course.checks.values()), rows)
        width = self.size.width
        each = min(DEEPEST, rows // max(1, len(checks))) if width < ONE_LINE else 1
        lines: list[Content] = []
        for check in checks:
            one = _one_line(check, checks, width)
            lines += [one] if each == 1 else _stacked(check, width, each - 1)
        more = [Content.styled(f"… {left_out} more", "$text-muted")] if left_out else []
        self.show([*lines[: rows - len(more)], *more])


def chosen(checks: tuple[Item, ...], rows: int) -> tuple[tuple[Item, ...], int]:
    """Return the checks to show in so many rows, and how many are left out: the dullest ones."""
    if len(checks) <= rows:
        return checks, 0
    by_interest = sorted(checks, key=lambda check: DULL.index(check.stand), reverse=True)
    kept = {check.id for check in by_interest[: max(0, rows - 1)]}
    shown = tuple(check for check in checks if check.id in kept)
    return shown, len(checks) - len(shown)


def counts(course: Course) -> Iterator[Content]:
    """Yield how many passed, warn and fail."""
    stands = [check.stand for check in course.checks.values()]
    for stand in TOLD:
        if number := stands.count(stand):
            yield Content.styled(f"{number} {WORDS[stand]}", MARKS[stand][1])


def _head(check: Item, title: str) -> Content:
    mark, style = MARKS[check.stand]
    is_loud = check.stand in (Stand.RUNNING, Stand.FAILED, Stand.WARNING)
    quiet = "$text-muted" if check.stand in (Stand.WAITING, Stand.DEFERRED) else ""
    return Content.assemble((f"{mark} ", style), (title, style if is_loud else quiet))


def _one_line(check: Item, checks: tuple[Item, ...], width: int) -> Content:
    if width < WORTHWHILE:
        return _titled(check, width)
    title_width = max(len(other.title) for other in checks)
    said = check.details or WORDS.get(check.stand, "")
    room = max(0, width - title_width - 4)
    return Content.assemble(
        _head(check, fitted(check.title, title_width)), "  ", (fitted(said, room), "$text-muted")
    )


def _titled(check: Item, width: int) -> Content:
    """Return the title, and at the right the word for how it stands."""
    word = WORDS.get(check.stand, "")
    title = fitted(check.title, max(0, width - len(word) - 3))
    return Content.assemble(_head(check, title), " ", (word, MARKS[check.stand][1]))


def _stacked(check: Item, width: int, rows: int) -> Iterator[Content]:
    """Yield the title with its word, and what was found below in at most ``rows`` lines."""
    yield _titled(check, width)
    folded = wrap(check.details, max(8, width - 2), max_lines=rows, placeholder=" …")
    for line in folded:
        yield Content.styled("  " + fitted(line, max(0, width - 2)), "$text-muted")
