"""The lines of a log that tell why a step failed."""

from wizard.model.course import Course, Item
from wizard.model.log_level import Level, level
from wizard.tui.widgets.log_file import LogFile

FAR = 2000  # lines looked at before a step's last one
LEAST = 12  # characters that are worth looking for


def landmarks(course: Course, log: LogFile) -> list[int]:
    """Return the lines (from 0) that somebody should look at, in order."""
    found = {finding.line - 1 for finding in course.findings if finding.line}
    if course.failed is not None and (line := telling_line(course.failed, log)) is not None:
        found.add(line)
    return sorted(found)


def telling_line(step: Item, log: LogFile) -> int | None:
    """Return the line that a step's failure quotes, else its last grave one, else its last."""
    last = min(step.last_line, len(log)) - 1
    if last < 0:
        return None
    numbers = range(last, max(-1, last - FAR), -1)
    quoted = step.details[:60]
    if len(quoted) >= LEAST:
        for number in numbers:
            if quoted in log.line(number):
                return number
    return next((n for n in numbers if level(log.line(n)) is Level.ERROR), last)


def around(log: LogFile, line: int, before: int, after: int) -> list[tuple[int, str]]:
    """Return lines about a place, each with its number from 1."""
    numbers = range(max(0, line - before), min(len(log), line + after + 1))
    return [(number + 1, log.line(number)) for number in numbers]
