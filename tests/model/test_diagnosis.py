"""What went wrong in a log, on real logs and on what people do to them."""

import gzip
import time
import tomllib
from pathlib import Path

import pytest

from wizard.model.diagnosis import rule_book
from wizard.model.diagnosis.clue import Clues
from wizard.model.diagnosis.diagnosis import Scan
from wizard.model.diagnosis.rule import Role

LOGS = Path(__file__).parent.parent / "data" / "logs"
EXPECTED: dict[str, str] = tomllib.loads((LOGS / "expected.toml").read_text())
CLUES = Clues(rule_book.shipped())


def log(name: str) -> bytes:
    path = LOGS / f"{name}.log"
    return (
        path.read_bytes()
        if path.exists()
        else gzip.decompress((LOGS / f"{name}.log.gz").read_bytes())
    )


def scan(text: bytes) -> Scan:
    done = Scan(CLUES)
    done.feed(text)
    return done


def first(text: bytes) -> str:
    findings = scan(text).findings()
    return findings[0].rule.id if findings else ""


def test_every_log_has_its_expectation() -> None:
    assert {path.name.partition(".log")[0] for path in LOGS.glob("*.log*")} == set(EXPECTED)


@pytest.mark.parametrize(("name", "rule"), EXPECTED.items())
def test_the_first_finding_is_the_cause(name: str, rule: str) -> None:
    assert first(log(name)) == rule


@pytest.mark.parametrize("name", [name for name, rule in EXPECTED.items() if not rule])
def test_a_good_run_raises_nothing_at_all(name: str) -> None:
    assert scan(log(name)).findings() == ()


FAILING = [name for name, rule in EXPECTED.items() if rule and "stack-use" not in name]


@pytest.mark.parametrize("name", FAILING)
def test_it_makes_no_difference_what_a_logger_puts_before_each_line(name: str) -> None:
    stamped = b"\n".join(b"2026-11-22 09:00:00.123 | " + line for line in log(name).split(b"\n"))
    assert first(stamped) == EXPECTED[name]


@pytest.mark.parametrize("name", FAILING)
def test_it_makes_no_difference_in_which_pieces_a_log_comes(name: str) -> None:
    whole, pieces = scan(log(name)), Scan(CLUES)
    for line in log(name).splitlines(keepends=True):
        pieces.feed(line)
    assert [(f.identity, f.line) for f in pieces.findings()] == [
        (f.identity, f.line) for f in whole.findings()
    ]


def test_colours_do_not_hide_an_error() -> None:
    text = b"\x1b[31mE: \x1b[0mUnable to locate package \x1b[1mtree\x1b[0m\n"
    findings = scan(text).findings()
    assert [dict(found.captures) for found in findings] == [{"name": "tree"}]


def test_what_a_trace_quotes_was_not_said() -> None:
    text = (
        b"+ functions-common:die:290 :   die 709 'git call failed: [git clone' x]\n"
        b"++ echo 'E: Unable to locate package tree'\n"
        b"2026-11-22 09:00:00.123 | + echo 'E: Unable to locate package tree'\n"
        b"$ grep 'E: Unable to locate package tree' log\n"
    )
    assert scan(text).findings() == ()


def test_retries_that_helped_are_no_failure() -> None:
    retry = log("pip-network-refused").split(b"\n")[2]
    assert scan(retry + b"\nSuccessfully installed six-1.17.0\n").findings() == ()


def test_what_follows_the_end_of_stack_sh_only_clears_up() -> None:
    roles = {found.rule.id: found.role for found in scan(log("devstack-no-systemd")).findings()}
    assert roles == {"no-systemd": Role.CAUSE, "sudo-command-not-found": Role.SYMPTOM}


def test_a_stack_sh_that_came_up_forgives_what_was_said_before() -> None:
    done = scan(log("devstack-git-clone-failed") + b"This is your host IP address: 10.0.0.5\n")
    assert done.findings() == ()
    assert done.ended_well


def test_a_failure_after_a_good_end_counts() -> None:
    done = scan(b"This is your host IP address: 10.0.0.5\nE: Unable to locate package tree\n")
    assert [found.line for found in done.findings()] == [2]
    assert not done.ended_well


def test_a_finding_knows_the_command_that_was_under_way() -> None:
    findings = scan(log("devstack-git-clone-failed")).findings()
    assert "git clone --no-checkout" in findings[0].command


def test_the_same_failure_of_the_same_thing_is_one_finding() -> None:
    findings = scan(b"a.c:1:10: fatal error: lber.h: No such file or directory\n" * 1000).findings()
    assert [(found.times, found.line) for found in findings] == [(1000, 1)]


@pytest.mark.parametrize(
    "text",
    [
        b"\x00\xff\xfe" * 1000,
        b"\x1b]0;title" * 1000,
        b"E: Unable to locate package " + b"x" * 5_000_000,
        b"error " * 500_000,
        b"\r" * 100_000 + b"error",
        b"fatal error: " + b"a/" * 100_000 + b".h: No such file or directory",
        b"Because " + b"a " * 100_000,
        b"Package '" * 50_000,
    ],
    ids=range(8),
)
def test_hostile_bytes_cost_no_time(text: bytes) -> None:
    start = time.perf_counter()
    scan(text).findings()
    assert time.perf_counter() - start < 5


def test_a_finding_never_holds_what_moves_a_terminal() -> None:
    findings = scan(b"E: Unable to locate package \x1b[2Jx\x07\x9b1m\n").findings()
    assert all(found.lines[0].text.isprintable() for found in findings)


DENIED = b"ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)\n"
NO_HOST = b"fatal: unable to access 'https://x.invalid/nova/': Could not resolve host: x.invalid\n"
TRACE = b"+ functions:frob:12 :   frob\n"


def test_what_a_run_went_on_after_for_long_did_not_stop_it() -> None:
    assert first(NO_HOST + TRACE * 20 + DENIED + b"Error on exit\n") == "git-name-resolution"
    assert first(NO_HOST + TRACE * 1000 + DENIED + b"Error on exit\n") == "database-password"


def test_what_is_said_again_at_the_end_was_not_survived() -> None:
    log = NO_HOST + TRACE * 1000 + NO_HOST + DENIED + b"Error on exit\n"
    assert first(log) == "git-name-resolution"


def test_it_makes_no_difference_in_how_many_pieces_a_trace_comes() -> None:
    whole, pieces = Scan(CLUES), Scan(CLUES)
    log = NO_HOST + TRACE * 1000 + DENIED
    whole.feed(log)
    for line in log.splitlines(keepends=True):
        pieces.feed(line)
    assert [found.role for found in whole.findings()] == [found.role for found in pieces.findings()]


def test_records_of_a_service_that_follow_the_end_count_as_they_did_before_it() -> None:
    record = b"Nov 22 09:00:00 box mysql[12]: " + DENIED
    done = scan(b"Error on exit\n" + record)
    assert [found.role for found in done.findings()] == [Role.CAUSE]
    assert [f.role for f in scan(b"Error on exit\n" + DENIED).findings()] == [Role.SYMPTOM]


def test_what_somebody_asked_for_after_the_end_is_no_echo() -> None:
    for prompt in (b"$ dmesg\n", b"stack@box:~/devstack$ dmesg\n", b"[stack@box ~]$ dmesg\n"):
        done = scan(b"Error on exit\n" + prompt + DENIED)
        assert [found.role for found in done.findings()] == [Role.CAUSE]


QUOTE = (
    b"/opt/stack/devstack/.localrc.auto: line 3: unexpected EOF while looking for matching `\"'\n"
)
DIED = b"[ERROR] /opt/stack/devstack/functions:631 Invalid path permissions\n"


def test_what_does_its_harm_late_is_not_survived() -> None:
    log = QUOTE + TRACE * 1000 + b"ENTER A PASSWORD TO USE FOR THE DATABASE.\n"
    assert first(log) == "local-conf-syntax"


def test_what_stack_sh_says_itself_at_its_end_comes_before_what_it_went_on_after() -> None:
    assert first(NO_HOST + TRACE * 20 + DIED) == "stack-closed-folder"
    assert first(NO_HOST + TRACE * 5 + DIED) == "git-name-resolution"


def test_two_lines_that_lead_to_the_same_words_are_one_finding() -> None:
    said = b"  cause: dns error\n  cause: failed to lookup address information: Try again\n"
    assert [found.rule.id for found in scan(said).findings()] == ["uv-name-resolution"]


@pytest.mark.parametrize(
    "place", ["setup.py:7: UserWarning", "/usr/lib/x.py:7: DeprecationWarning", "x.c:7:9: warning"]
)
def test_what_was_only_warned_of_is_no_failure(place: str) -> None:
    said = b"ModuleNotFoundError: No module named 'pkg_resources'\n"
    assert scan(said).findings()
    assert not scan(f"{place}: ".encode() + said).findings()
