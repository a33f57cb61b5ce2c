"""Foreign text in events, as a terminal gets it."""

import io

import pytest

from wizard.headless.clean import clean
from wizard.headless.terminal import Terminal
from wizard.headless.text import Text
from wizard.model.events import Event, Finding, Output, Planned, PlannedState, Stamped

HOSTILE = "\x1b]52;c;aGk=\x07a\x1b[2Jb\x9b31mc\u202ed\ne"


@pytest.mark.parametrize(
    "event",
    [
        Finding("needs-person", HOSTILE, HOSTILE),
        Planned("venv", PlannedState.PENDING, HOSTILE, HOSTILE, (HOSTILE,), (HOSTILE,)),
        Output("venv", 1, (HOSTILE,)),
    ],
)
def test_no_escape_reaches_the_terminal(event: Event) -> None:
    out = io.StringIO()
    text = Text(Terminal(out, {}), "devstack-venv")
    text(Stamped(1, 0.0, event))
    text.close()
    assert not set("\x1b\x07\x9b\u202e") & set(out.getvalue())


def test_a_diff_keeps_its_lines_and_a_sentence_is_one() -> None:
    cleaned = clean(Planned("x", PlannedState.PENDING, "a\nb", diffs=("a\nb\x1b[31m\nc",)))
    assert (cleaned.why, cleaned.diffs) == ("a b", ("a\nb\nc",))
    assert cleaned.state is PlannedState.PENDING
