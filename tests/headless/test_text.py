"""A run as text: what a person reads from top to bottom."""

import io

from wizard.headless.terminal import Terminal
from wizard.headless.text import Text
from wizard.model.check import Code
from wizard.model.events import (
    CheckFinished,
    Event,
    RunFinished,
    RunStarted,
    Stamped,
    StepFinished,
    StepState,
    Titled,
)

STEPS = (Titled("venv", "virtual environment"),)
CHECKS = (Titled("first", "first check"), Titled("second", "second check"))
STARTED = RunStarted("r", "build", "0", "Debian", "", "/opt/v", "stack", "/runs/r", STEPS, CHECKS)


def shown(*events: Event) -> str:
    """Return what a build with these events prints."""
    stream = io.StringIO()
    text = Text(Terminal(stream, {}))
    for number, event in enumerate((STARTED, *events, RunFinished(0, 1.0, "Done."))):
        text(Stamped(number, float(number), event))
    return stream.getvalue()


def test_verdicts_stand_in_the_order_of_the_plan() -> None:
    said = shown(
        CheckFinished("second", Code.SUCCESS, "b"), CheckFinished("first", Code.SUCCESS, "a")
    )
    assert "Checks\n  + first check" in said
    assert said.index("first check") < said.index("second check")


def test_a_run_that_changed_something_says_how_to_undo_it() -> None:
    assert "--undo r" in shown(StepFinished("venv", StepState.DONE, 1.0))


def test_a_run_that_changed_nothing_names_no_undo() -> None:
    assert "--undo" not in shown(StepFinished("venv", StepState.SKIPPED, 0.0))


def test_a_path_is_never_cut_in_two() -> None:
    path = "/opt/stack/a-folder-with-hyphens/" + "long-" * 20 + "venv"
    said = shown(CheckFinished("first", Code.FAILURE, f"no room in {path}", f"Make some in {path}"))
    assert said.count(path) == 2
