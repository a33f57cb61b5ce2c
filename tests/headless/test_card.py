"""A finding as text: a card that says who does what it asks for."""

import io

import pytest

from wizard.headless.terminal import Terminal
from wizard.headless.text import Text
from wizard.model.diagnosis.finding import Finding
from wizard.model.events import Event, RunStarted, Stamped, StepRetried

RUN = RunStarted(
    "20260101-000000-aaaa", "build", "1", "Debian 12", "", "/v", "stack", "/runs/a", (), ()
)
MISSING = Finding(
    "header-missing",
    "The C header lber.h is missing",
    "Install libldap-dev, then run the same again.",
    cause="It is compiled here.",
    evidence=("4: a.c: fatal error: lber.h",),
    commands=("sudo apt-get install libldap-dev",),
    automatic=("add-distro-package", "retry"),
    confidence="certain",
    role="cause",
)
CURE = "./wizard.sh --auto --cure 20260101-000000-aaaa:header-missing"


def shown(*events: Event) -> str:
    out = io.StringIO()
    text = Text(Terminal(out, {}), "./wizard.sh")
    for number, event in enumerate(events, 1):
        text(Stamped(number, 0.0, event))
    text.close()
    return out.getvalue()


def test_a_cause_is_told_with_its_lines_and_the_command_that_cures_it() -> None:
    said = shown(RUN, MISSING)
    for part in (MISSING.what, MISSING.cause, *MISSING.evidence, *MISSING.commands, CURE):
        assert part in said


def test_a_log_that_is_of_no_run_of_ours_has_no_such_command() -> None:
    assert "--cure" not in shown(MISSING)


@pytest.mark.parametrize(
    ("automatic", "manual", "says"),
    [
        (("retry",), "", "The build tries that by itself"),
        ((), "Who owns a folder is its owner's decision.", "Not done for you: Who owns"),
    ],
)
def test_what_is_not_for_this_command_says_who_does_it(
    automatic: tuple[str, ...], manual: str, says: str
) -> None:
    said = shown(RUN, Finding("x", "What", automatic=automatic, manual=manual, role="cause"))
    assert says in said
    assert "--cure" not in said


SYMPTOM = Finding("x", "apt could not", "Wait", 7, "Because", role="symptom")


def test_what_only_follows_is_one_line_where_the_cause_has_a_card() -> None:
    said = shown(RUN, MISSING, SYMPTOM)
    assert "line 7: apt could not" in said
    assert "Because" not in said


def test_what_only_follows_has_a_card_where_nothing_else_is_known() -> None:
    said = shown(RUN, SYMPTOM)
    assert "Because" in said
    assert "Wait" in said


def test_a_repetition_says_which_why_and_when() -> None:
    said = shown(RUN, StepRetried("pypi-packages", 2, 4, 5.0, "The index could not be reached"))
    assert "The index could not be reached; attempt 2 of 4 in 5 s" in " ".join(said.split())
