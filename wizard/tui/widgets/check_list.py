"""The checks of a build, turning over while it runs."""

from collections.abc import Iterator

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
}
ONE_LINE = 70  # columns from which on title and details share a line


class CheckList(Lines):
    """Title and word for each check, and what it found as far as there is room."""

    def draw(self, course: Course, rows: int) -> None:
        """Draw how things stand, in so many rows."""
        checks = tuple(course.checks.values())
        width = self.size.width
        is_roomy = len(checks) * 2 <= rows and width < ONE_LINE
        lines: list[Content] = []
        for check in checks:
            lines += _two_lines(check, width) if is_roomy else [_one_line(check, checks, width)]
        self.show(lines[:rows])


def counts(course: Course) -> Iterator[Content]:
    """Yield how many passed, warn and fail."""
    stands = [check.stand for check in course.checks.values()]
    for stand in (Stand.DONE, Stand.WARNING, Stand.FAILED):
        if number := stands.count(stand):
            yield Content.styled(f"{number} {WORDS[stand]}", MARKS[stand][1])


def _head(check: Item, title: str) -> Content:
    mark, style = MARKS[check.stand]
    is_loud = check.stand in (Stand.RUNNING, Stand.FAILED, Stand.WARNING)
    quiet = "$text-muted" if check.stand in (Stand.WAITING, Stand.DEFERRED) else ""
    return Content.assemble((f"{mark} ", style), (title, style if is_loud else quiet))


def _one_line(check: Item, checks: tuple[Item, ...], width: int) -> Content:
    title_width = max(len(other.title) for other in checks)
    said = check.details or WORDS.get(check.stand, "")
    room = max(0, width - title_width - 4)
    return Content.assemble(
        _head(check, fitted(check.title, title_width)), "  ", (fitted(said, room), "$text-muted")
    )


def _two_lines(check: Item, width: int) -> tuple[Content, ...]:
    word = WORDS.get(check.stand, "")
    title = fitted(check.title, max(0, width - len(word) - 3))
    head = Content.assemble(_head(check, title), " ", (word, MARKS[check.stand][1]))
    return head, Content.styled("  " + fitted(check.details, max(0, width - 2)), "$text-muted")
