"""--diagnose, as it is typed."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest

LOGS = Path(__file__).parent.parent / "data" / "logs"


def diagnose(log: Path | str, *options: str, stdin: bytes = b"") -> CompletedProcess[bytes]:
    command = [sys.executable, "-m", "wizard", "--diagnose", str(log), *options]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


def test_a_failing_log_ends_with_6_and_a_card_that_shows_its_lines() -> None:
    done = diagnose(LOGS / "build-P-psycopg2-no-libpqfe.log")
    said = done.stdout.decode()
    assert done.returncode == 6, done.stderr
    assert "The C header libpq-fe.h is missing" in said
    assert "| 36: ./psycopg/psycopg.h:37:10: fatal error: libpq-fe.h" in said
    assert said.index("libpq-fe.h") < said.index("Why we think so") < said.index("What to do")


def test_a_log_may_come_through_a_pipe() -> None:
    done = diagnose("-", stdin=(LOGS / "apt-dpkg-interrupted.log").read_bytes())
    assert done.returncode == 6
    assert b"sudo dpkg --configure -a" in done.stdout


def test_a_good_log_ends_with_0_and_no_finding() -> None:
    log = gzip.decompress((LOGS / "stack-good-run.log.gz").read_bytes())
    done = diagnose("-", "--output", "json", stdin=log)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [event["event"] for event in events] == ["run_finished"]


def test_json_says_all_that_is_known_of_a_finding() -> None:
    done = diagnose(LOGS / "build-B-posix-ipc.log", "--output", "json")
    first, *_, last = (json.loads(line) for line in done.stdout.splitlines())
    assert first["event"] == "finding"
    assert (first["id"], first["confidence"], first["role"]) == (
        *("header-missing", "certain", "cause"),
    )
    assert first["evidence"][0].startswith(f"{first['line']}: ")
    assert first["automatic"] == ["add-distro-package", "retry"]
    assert last["status"] == 6


def test_what_no_rule_knows_is_shown_and_not_explained() -> None:
    done = diagnose("-", stdin=b"$ frob\nall well\nfrobnicator: fatal: out of frobs\n")
    said = done.stdout.decode()
    assert done.returncode == 0
    assert "no rule knows what happened" in said
    assert "3: frobnicator: fatal: out of frobs" in said
    assert "Likeliest is line 3: «frobnicator: fatal: out of frobs»." in said
    assert "The last command was: frob." in said


def test_a_symptom_alone_says_what_looks_most_like_its_reason() -> None:
    log = b"ERROR: Failed building wheel for x\nfrobnicator: fatal: out of frobs\n"
    said = diagnose("-", stdin=log).stdout.decode()
    assert "The likeliest reason is line 2 of the log." in said
    assert "2: frobnicator: fatal: out of frobs" in said


def test_a_log_that_only_speaks_of_errors_raises_no_alarm() -> None:
    done = diagnose("-", stdin=b"all well\nthe error handler is set\nall well\n")
    assert done.returncode == 0
    assert "No finding in 3 lines; most like an error is line 2" in done.stdout.decode()


def test_a_packed_log_may_come_through_a_pipe() -> None:
    done = diagnose("-", stdin=gzip.compress(b"E: Unable to locate package tree\n"))
    assert b"tree" in done.stdout
    assert done.returncode == 6


@pytest.mark.parametrize("before", [b"", b"frobnicator: fatal: out of frobs\n"])
def test_a_stack_sh_that_says_it_stopped_is_a_failure_whatever_the_rules_know(
    before: bytes,
) -> None:
    done = diagnose("-", stdin=b"+ ./stack.sh:main:12 : frob\n" + before + b"Error on exit\n")
    assert done.returncode == 6
    assert b"stack.sh stopped, and no rule knows what happened" in done.stdout


@pytest.mark.parametrize("log", ["/nonexistent/x.log", "/"])
def test_a_log_that_cannot_be_read_is_wrong_usage(log: str) -> None:
    done = diagnose(log)
    assert done.returncode == 2
    assert log.encode() in done.stdout


def test_nothing_in_a_log_moves_the_terminal() -> None:
    done = diagnose("-", stdin=b"E: Unable to locate package \x1b]0;x\x07\x1b[2Jtree\n")
    assert done.returncode == 6
    assert b"\x1b" not in done.stdout
    assert b"\x07" not in done.stdout
