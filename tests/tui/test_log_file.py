"""A log file as lines by number, read as they are needed."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.tui.widgets.log_file import BLOCK, LONGEST_BLOCK, LogFile, Matches

LINES = st.lists(st.binary(max_size=8).map(lambda b: b.replace(b"\n", b"n").replace(b"\r", b"r")))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "build.log"
    path.touch()
    return path


def append(path: Path, text: str | bytes) -> None:
    with path.open("ab") as file:
        file.write(text.encode() if isinstance(text, str) else text)


def whole(path: Path) -> LogFile:
    log = LogFile(path)
    while log.grow():
        pass
    return log


def test_lines_are_found_by_their_number(path: Path) -> None:
    append(path, "".join(f"line {n}\n" for n in range(1000)))
    log = whole(path)
    assert len(log) == 1000
    numbers = (0, 127, 128, 999)
    assert [log.line(n) for n in numbers] == [f"line {n}" for n in numbers]


def test_a_line_beyond_the_last_is_empty(path: Path) -> None:
    append(path, "one\n")
    assert (whole(path).line(1), whole(path).line(-1)) == ("", "")


def test_an_unfinished_line_waits_for_its_end(path: Path) -> None:
    append(path, "one\ntw")
    log = whole(path)
    assert len(log) == 1
    append(path, "o\n")
    assert log.grow()
    assert log.tail(5) == ["one", "two"]


@given(pieces=st.lists(LINES, max_size=5), most=st.integers(1, 40))
def test_it_grows_to_the_same_whatever_pieces_it_is_read_in(
    pieces: list[list[bytes]], most: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("log") / "build.log"
    path.touch()
    log = LogFile(path)
    for piece in pieces:
        append(path, b"".join(line + b"\n" for line in piece))
        while log.grow(most):
            pass
    lines = [line for piece in pieces for line in piece]
    fresh = whole(path)
    assert len(log) == len(fresh) == len(lines)
    assert log.tail(len(lines)) == fresh.tail(len(lines))


def test_a_line_is_read_anew_when_its_block_has_grown(path: Path) -> None:
    append(path, "one\n")
    log = whole(path)
    assert log.line(0) == "one"
    append(path, "two\n")
    log.grow()
    assert log.line(1) == "two"


def test_control_sequences_and_broken_bytes_are_harmless(path: Path) -> None:
    append(path, b"\x1b[2J\x1b]52;c;YQ==\x07red \xff\xfe\x00 \xe2\x80\xae end\n")
    assert whole(path).line(0) == "red \ufffd\ufffd  end"


def test_the_last_state_of_a_progress_line_is_shown(path: Path) -> None:
    append(path, "  1 %\r 50 %\r100 %\n")
    assert whole(path).line(0) == "100 %"


def test_a_line_without_end_is_not_read_whole(path: Path) -> None:
    append(path, "x" * (LONGEST_BLOCK * 3) + "\nlast\n")
    log = whole(path)
    tracemalloc.start()
    shown = log.line(0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert shown.endswith("more characters")
    assert peak < 8 * LONGEST_BLOCK


def test_a_million_lines_take_little_memory(path: Path) -> None:
    append(path, "".join(f"{n:07} Unpacking something:amd64 (1.2.3-4) ...\n" for n in range(10**6)))
    tracemalloc.start()
    log = whole(path)
    for number in range(0, 10**6, 997):
        assert log.line(number).startswith(f"{number:07}")
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(log) == 10**6
    assert kept < 4 * 2**20
    assert peak < 16 * 2**20


def test_matches_are_the_lines_that_are_wanted(path: Path) -> None:
    append(path, "".join(f"line {n}\n" for n in range(3 * BLOCK)))
    log = whole(path)
    matches = Matches(log, lambda line: line.endswith("7"))
    while matches.extend(50):
        pass
    assert list(matches.numbers) == list(range(7, 3 * BLOCK, 10))


def test_matches_keep_up_with_the_file(path: Path) -> None:
    append(path, "error\nfine\n")
    log = whole(path)
    matches = Matches(log, lambda line: "error" in line)
    matches.extend(1000)
    append(path, "fine\nerror\n")
    log.grow()
    matches.extend(1000)
    assert list(matches.numbers) == [0, 3]
