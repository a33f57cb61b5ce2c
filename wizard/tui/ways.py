"""The ways on from a run that is over: which there are, in which order, and what each is called."""

from collections.abc import Iterator
from dataclasses import dataclass

from wizard.model.course import Course
from wizard.model.exit_status import ExitStatus
from wizard.tui.cards import Card
from wizard.tui.report import checkout
from wizard.tui.verdict import failing, status_of, verdict

STACK, USER = "stack-", "stack-user"  # steps: phases of stack.sh begin with the one


@dataclass(frozen=True, slots=True)
class Way:
    """A way on: its name, the words on its button, and the key that goes it."""

    name: str
    words: str
    key: str = ""

    @property
    def label(self) -> str:
        """The words, and the key after them."""
        return f"{self.words} ({self.key})" if self.key else self.words


def ways(course: Course, card: Card | None, *, can_change: bool) -> tuple[Way, ...]:
    """Return the ways, the most likely first."""
    good = verdict(course).is_good
    return tuple(_after_a_good_one(course) if good else _after_a_bad_one(course, card, can_change))


def _after_a_good_one(course: Course) -> Iterator[Way]:
    if can_stack(course):
        yield Way("stack", "Run stack.sh now", "s")
    yield Way("leave", "Leave")
    yield Way("log", "Show the log", "l")
    yield Way("undo", "Undo", "u")
    yield Way("bundle", "Support bundle", "p")


def _after_a_bad_one(course: Course, card: Card | None, can_change: bool) -> Iterator[Way]:  # noqa: FBT001
    if card is not None and card.verb:
        yield Way("cure", card.verb, "d")
    elif failing(course) and not course.failed:
        yield Way("cure", "Mend it", "d")
    retry = Way(
        "retry", f"Go on from {course.failed.title}" if course.failed else "Build again", "b"
    )
    change = (Way("change", "Change answers", "a"),) if can_change else ()
    answers_are_wrong = status_of(course) is ExitStatus.ANSWERS  # again they would fail the same
    yield from (*change, retry) if answers_are_wrong else (retry, *change)
    yield Way("look", "Check again", "c")
    yield Way("log", "Show the log", "l")
    yield Way("undo", "Undo", "u")
    yield Way("bundle", "Support bundle", "p")
    yield Way("leave", "Leave")


def can_stack(course: Course) -> bool:
    """Whether there is a stack.sh that this run was made for, and did not run."""
    started = course.started
    has_run = any(name.startswith(STACK) and name != USER for name in course.steps)
    return started is not None and bool(checkout(started)) and not has_run
