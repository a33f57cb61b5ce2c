"""What a person is shown of a log that no rule explains."""

import pytest

from wizard.model.diagnosis.rule import Ending
from wizard.model.diagnosis.suspects import MOST, Suspects, Weight, weight

ENDINGS = (Ending("^Error on exit", well=False), Ending("^All is well", well=True))


def shown(log: str) -> list[str]:
    suspects = Suspects(ENDINGS)
    suspects.feed(log.encode())
    return [f"{line.number}: {line.text.strip()}" for line in suspects.found()]


@pytest.mark.parametrize(
    "line",
    [
        "E: The frob is not signed.",
        "fatal: no such frob",
        "frobnicator: error: out of frobs",
        "frob.c:12:3: error: expected expression before ';' token",
        "frob.core.NotEnoughFrobsError: 3 of 4",
        "OSError: [Errno 5] Input/output error",
        "./frob.sh: line 12: frob: command not found",
        "CRITICAL frob.service [-] Unhandled error",
        "!!! no frob at /etc/frob !!!",
        "ERROR 1045 (28000): Access denied for user 'frob'",
        "  cause: frob was not found",
    ],
)
def test_a_programs_own_last_words_weigh_most(line: str) -> None:
    assert weight(line) is Weight.SAYS


@pytest.mark.parametrize(
    "line",
    [
        "  error: subprocess-exited-with-error",
        "make[1]: *** [Makefile:12: frob.o] Error 1",
        "E: Sub-process /usr/bin/dpkg returned an error code (1)",
        "Job for frob.service failed because the control process exited with error code.",
        "Traceback (most recent call last):",
        "ERROR: Failed building wheel for frob",
    ],
)
def test_what_only_passes_a_failure_on_weighs_less_than_what_speaks_of_one(line: str) -> None:
    assert weight(line) is Weight.FOLLOWS


@pytest.mark.parametrize(
    "line",
    [
        "Setting up liberror-perl (0.17029-2) ...",
        "copying frob/errors.py -> build/lib/frob",
        "checking for frob.h... not found",
        "Compiler for C supports arguments -Wno-missing-field-initializers: YES",
        "12 tests passed, 0 errors",
        "[Sun Nov 22 09:07:32.06 2026] [mpm_event:notice] AH00489: configured -- resuming",
        "DEBUG frob.client [None] retried 3 times, error_count=0",
        "Note: switching to 'zed-eom'.",
        "AH00557: apache2: apr_sockaddr_info_get() failed for box",
        "all went well",
    ],
)
def test_what_belongs_to_a_good_day_weighs_nothing(line: str) -> None:
    assert weight(line) is Weight.NONE


def test_a_warning_is_nobodys_last_word() -> None:
    said = "bash: warning: setlocale: LC_ALL: cannot change locale (en_US.UTF-8)"
    assert weight(said) is Weight.MENTIONS


def test_the_first_of_the_weightiest_lines_comes_first() -> None:
    log = "a failure\nTraceback (most recent call last):\nFrobError: one\nFrobError: two\n"
    assert shown(log)[:2] == ["3: FrobError: one", "4: FrobError: two"]


def test_what_the_last_command_of_a_trace_said_comes_before_what_was_said_earlier() -> None:
    log = "+ frob --first\nfatal: did no harm\n+ frob --second\nsome failure\nError on exit\n"
    assert shown(log) == ["4: some failure", "2: fatal: did no harm"]


def test_what_a_trace_quotes_was_not_said() -> None:
    assert shown("+ functions:frob:12 : echo 'fatal: no frob'\n") == []
    assert shown("\x1b[0m+functions:frob:12         die 12 'fatal: no frob'\n") == []


def test_nothing_counts_that_was_said_after_the_end() -> None:
    assert shown("fatal: no frob\nError on exit\nfatal: cannot clean up\n") == ["1: fatal: no frob"]


def test_nothing_is_left_of_what_came_before_a_good_end() -> None:
    assert shown("fatal: no frob\nAll is well\n") == []


def test_a_person_is_shown_a_few_lines_however_many_there_are() -> None:
    assert len(shown("fatal: no frob\n" * 100_000)) == MOST
