"""The rules that travel with the program."""

import re

import pytest

from wizard.model.diagnosis import rule_book, rule_words, wording
from wizard.model.diagnosis.clue import Clues
from wizard.model.diagnosis.diagnosis import Found, Scan
from wizard.model.diagnosis.rule import Case, Role, Rule, RuleBook

BOOK = rule_book.shipped()
CLUES = Clues(BOOK)
EXAMPLES = [
    *((rule, example) for rule in BOOK.rules for example in rule.examples),
    *((rule.told_by(case), case.example) for rule in BOOK.rules for case in rule.cases),
]
CASES = [(rule, case) for rule in BOOK.rules for case in rule.cases]


def found(text: str) -> tuple[Found, ...]:
    scan = Scan(CLUES)
    scan.feed(text.encode())
    return scan.findings()


def test_every_rule_file_stands_up_to_a_thorough_look() -> None:
    book = rule_book.load(rule_book.FOLDER)
    assert isinstance(book, RuleBook), "\n".join(map(str, book))


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=lambda value: getattr(value, "id", ""))
def test_every_example_is_explained_by_its_own_rule(rule: Rule, example: str) -> None:
    first, *others = found(example)
    assert first.rule.id == rule.id
    if "\n" not in example.strip():
        assert not others
    assert all(other.role is Role.SYMPTOM or other.rule.id == rule.id for other in others) or (
        {other.rule.confidence for other in others} != {first.rule.confidence}
    )


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=lambda value: getattr(value, "id", ""))
def test_the_words_for_a_finding_can_be_filled_in(rule: Rule, example: str) -> None:
    captures = {**found(example)[0].captures, "package": "x", "install": "y"}
    for text in (rule.what, rule.cause, rule.cure.text, *rule.cure.commands):
        assert "{" not in text.format_map(captures)


@pytest.mark.parametrize(("rule", "case"), CASES, ids=lambda value: getattr(value, "id", ""))
def test_the_example_of_a_case_is_told_in_its_words(rule: Rule, case: Case) -> None:
    told = found(case.example)[0].rule
    assert told.id == rule.id
    assert told != rule
    assert case.cause in ("", told.cause)
    assert case.cure in ("", told.cure.text)


def test_no_pattern_captures_what_the_host_fills_in() -> None:
    patterns = [(rule.id, pattern) for rule in BOOK.rules for pattern in rule.match]
    assert not [one for one in patterns if "(?P<package>" in one[1] or "(?P<install>" in one[1]]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=lambda value: getattr(value, "id", ""))
def test_a_title_has_no_gap_where_a_line_says_less(rule: Rule, example: str) -> None:
    title = wording.filled(rule.what, found(example)[0].captures)
    assert not re.search(r"^[ ,:]|[:,(]$", title)


@pytest.mark.parametrize(
    ("told", "filled"),
    [
        ("cannot run {file}.", "cannot run ./stack.sh."),
        ("cannot run {none}, as said", "cannot run, as said"),
        ("it lacks {none}. It", "it lacks. It"),
        ("{none} {why}", "{a, :b}"),
    ],
)
def test_what_was_not_said_leaves_no_gap_and_what_was_said_stays(told: str, filled: str) -> None:
    assert wording.filled(told, {"file": "./stack.sh", "none": "", "why": "{a, :b}"}) == filled


def test_no_cure_does_what_must_never_be_done() -> None:
    for rule in (*BOOK.rules, *(rule.told_by(case) for rule, case in CASES)):
        for command in rule.cure.commands:
            for never in ("--break-system-packages", "FORCE=yes", "rm ", "lock -f", "chmod 777"):
                assert never not in command, (rule.id, command)


def test_nearly_every_pattern_needs_whole_words() -> None:
    """Parts of words cost each rule a search through the whole log."""
    patterns = [pattern for rule in BOOK.rules for pattern in rule.match]
    certain = (one for pattern in patterns for one in rule_words.certain(pattern))
    assert len({one.part for one in certain}) < 30


@pytest.mark.parametrize(
    ("rule", "can", "cannot"),
    [
        ("venv-per-project", ("", "2023.2", "2026.1", "master"), ("2023.1", "zed")),
        ("stack-in-virtualenv", ("", "liberty", "zed", "2025.1"), ("kilo", "icehouse")),
    ],
)
def test_a_rule_counts_for_the_releases_in_which_it_can_happen(
    rule: str, can: tuple[str, ...], cannot: tuple[str, ...]
) -> None:
    counting = {s for s in (*can, *cannot) if rule in {one.id for one in BOOK.of(s).rules}}
    assert counting == set(can)
