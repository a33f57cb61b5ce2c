"""What another line of the log tells more of a failure."""

import pytest

from wizard.model.diagnosis.clue import Clues
from wizard.model.diagnosis.diagnosis import Found, Scan
from wizard.model.diagnosis.rule import RuleBook
from wizard.model.diagnosis.rule_file import parse

BOOK = parse(
    """
area = "Apache"

[[rule]]
id = "port-taken"
match = ['could not bind to port (?P<port>\\d+)']
what = "Port {port} is taken"
cause = "Another program has it."
cure = "End it."
manual = "Which one has to give way is to be decided."
examples = ["could not bind to port 80"]

[[rule.case]]
beside = 'LISTEN .*users:.."(?P<holder>\\w+)"'
what = "{holder} has port {port}"
example = "could not bind to port 80\\nLISTEN 0 511 *:80 users:((\\"nginx\\",pid=1))"

[[rule.case]]
traced = "PORT=$'80\\\\r'"
cause = "The port was read with a carriage return."
example = "could not bind to port 80\\n+ x.sh:main:1 : PORT=$'80\\\\r'"

[[ending]]
match = 'all went well'
well = true
""",
    "x.toml",
)
FAILED = "could not bind to port 80\n"
HOLDER = 'LISTEN 0 511 *:80 users:(("nginx",pid=1))\n'
TRACE = "+ x.sh:main:1 : PORT=$'80\\r'\n"


def scan(*pieces: str) -> Scan:
    assert isinstance(BOOK, RuleBook)
    found = Scan(Clues(BOOK))
    for piece in pieces:
        found.feed(piece.encode())
    return found


def only(*pieces: str) -> Found:
    (found,) = scan(*pieces).findings()
    return found


@pytest.mark.parametrize("pieces", [(FAILED, HOLDER), (HOLDER, FAILED), (HOLDER + FAILED,)])
def test_a_line_before_or_after_tells_more(pieces: tuple[str, ...]) -> None:
    found = only(*pieces)
    assert found.rule.what == "{holder} has port {port}"
    assert found.captures == {"port": "80", "holder": "nginx"}
    assert [line.text for line in found.lines] == [FAILED.strip(), HOLDER.strip()]


def test_without_that_line_the_rule_speaks_for_itself() -> None:
    assert only(FAILED).rule.what == "Port {port} is taken"


def test_that_line_alone_is_no_failure() -> None:
    assert not scan(HOLDER, TRACE).findings()


@pytest.mark.parametrize("pieces", [(FAILED, TRACE), ("+ a\n" + TRACE + "+ b\n", FAILED)])
def test_a_trace_tells_more_where_a_rule_asks_for_its_words(pieces: tuple[str, ...]) -> None:
    assert only(*pieces).rule.cause == "The port was read with a carriage return."


def test_what_is_only_quoted_in_a_trace_is_not_said() -> None:
    assert only(FAILED, f"+ echo {HOLDER}").rule.what == "Port {port} is taken"


def test_what_was_said_before_a_good_end_tells_nothing_any_more() -> None:
    assert only(HOLDER + "all went well\n" + FAILED).rule.what == "Port {port} is taken"


def test_what_a_later_line_tells_is_news_of_the_findings_not_a_second_one() -> None:
    found = scan(FAILED)
    assert not found.feed(HOLDER.encode())
    assert len(found.findings()) == 1
