"""What stands before a line: a sign, the same in ASCII, and a colour that only repeats it."""

from wizard.model.check import Code
from wizard.model.events import PlannedState, ReversedState, StepState

STEP = {
    StepState.DONE: ("✓", "+", "green"),
    StepState.SKIPPED: ("=", "=", "dim"),
    StepState.FAILED: ("✗", "x", "red"),
    StepState.CANCELLED: ("-", "-", "dim"),
}
PLAN = {
    PlannedState.PENDING: ("▸", ">", "bold"),
    PlannedState.SATISFIED: ("=", "=", "dim"),
    PlannedState.BLOCKED: ("✗", "x", "red"),
}
CHECK = {
    Code.SUCCESS: ("✓", "+", "green"),
    Code.WARNING: ("!", "!", "yellow"),
    Code.FAILURE: ("✗", "x", "red"),
}
UNDO = {
    ReversedState.DONE: ("✓", "+", "green"),
    ReversedState.STAYS: ("!", "!", "yellow"),
}
ASIDE = ("·", ".", "dim")
RETRIED = ("!", "!", "yellow")
DEFERRED = ("·", ".", "dim")


def duration(seconds: float) -> str:
    """Return a time span as a person says it: ``3.2 s``, ``2 min 05 s``."""
    if seconds < 60:  # noqa: PLR2004 -- a minute
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02} s"
