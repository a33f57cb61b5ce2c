"""The editor and the reader against several awks and real bash: seven properties, P1 to P7.

How many examples is the profile's affair (tests/conftest.py); those that stand here by name are
what random search is too thin to find.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from tests.local_conf_oracle import ACCEPTED, AWKS, REFUSED, Awk
from tests.local_conf_properties import (
    bash_says,
    block_for,
    edited,
    p1_every_awk_extracts_what_we_extract,
    p2_p3_bash_sees_what_was_asked_and_no_other_variable_moves,
    p4_a_second_time_changes_nothing,
    p5_taking_the_block_out_gives_back_every_byte,
    p6_the_block_is_inserted_and_nothing_removed,
    p7_what_is_read_is_what_bash_says,
    refusals,
)
from tests.model.localrc_texts import NAMES, documents, shell_texts, soup
from wizard.model.bash.hazards import assigned, fixes, spaced_assignments, stops
from wizard.model.bash.values import Dynamic, values
from wizard.model.local_conf.defects import unreadable
from wizard.model.local_conf.managed_block import PASSWORDS
from wizard.model.local_conf.meta_sections import localrc
from wizard.model.local_conf.warnings import warnings

many = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def is_readable(text: bytes) -> bool:
    """Whether nothing but bash's opinion could stand against this text."""
    return not unreadable(text, lambda _: "")


@pytest.mark.parametrize("awk", AWKS, ids=lambda awk: awk.name)
def test_every_awk_extracts_what_we_extract_from_ordinary_files(awk: Awk) -> None:
    if not awk.installed:
        pytest.skip(f"{awk.argv[0]} is not installed")
    for file in ACCEPTED:
        text = file.read_bytes()
        assert awk.localrc(text) == localrc(text), file


@pytest.mark.parametrize("file", ACCEPTED, ids=lambda file: file.stem)
def test_an_ordinary_file_says_what_was_asked_and_nothing_else_changes(file: Path) -> None:
    text = file.read_bytes()

    assert not refusals(text)
    p2_p3_bash_sees_what_was_asked_and_no_other_variable_moves(text)
    p4_a_second_time_changes_nothing(text)
    p5_taking_the_block_out_gives_back_every_byte(text)
    p6_the_block_is_inserted_and_nothing_removed(text)
    p7_what_is_read_is_what_bash_says(localrc(text), (*NAMES, *PASSWORDS))


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.stem)
def test_a_file_with_a_true_defect_is_refused(file: Path) -> None:
    assert refusals(file.read_bytes())


@given(documents)
@many
@example(b"[[local|localrc]] # [[x|y]]\nA=1\n")
@example(b"[[local|localrc ]]\nA=1\n[[ local|localrc ]]\nB=1\n")
@example(b"[[local|localrc]]\vA=1\nB=1\n")
@example(b"[[local|localrc]]\nA=\xff\n[[a|b]]\nB=\xff\n")
@example(b"[[local|localrc]]\n[[ -n $A ]] && B=1\nC=1\n")
@example(b"[[local|localrc]]\n[[ -n $A ]] || [[ -n $B ]] && B=1\nC=1\n")
@example(b"[[|x]]\n[[|]]\n[[local|localrc]]\nA=1")
@example(b"[[local|localrc]]\ncat <<E\n[[|x]]\nE\nA=1\n")
def test_p1_every_awk_extracts_what_we_extract(text: bytes) -> None:
    assume(is_readable(text))

    p1_every_awk_extracts_what_we_extract(text)


@given(documents)
@many
@example(b"[[local|localrc]]\ntrap 'USE_VENV=no' RETURN\nif true; then A=1; fi\\")
@example(b"[[local|localrc]]\nUSE_VENV=True\nset -eu\nif true; then USE_VENV=True; fi\\")
@example(b"[[local|localrc]]\nA=1 \\")
@example(b"[[local|localrc]]\nA=1\\\n[[a|b]]\n")
@example(b"[[local|localrc]]\nA=1\n[[ -n $A || -n $B ]] && X=1\nB=2\n")
@example(b"[[local|localrc]]\nVENV_PATH[0]=/a\n")
@example(b"[[local|localrc]]\nreadonly VENV_PATH=/a\n")
@example(b"[[local|localrc]]\n[ -n x ] && return\n")
@example(b"[[local|localrc]]\ncat <<E\n[[post-config|x]]\nE\n")
@example(b"[[local|localrc]]\nA=1\n[[local|localrc]]\nUSE_VENV=no\n")
@example(b'[[local|localrc]]\nPROJECT_VENV[\xff"nova"]=/x\n')
@example(b'[[local|localrc]]\nMINE["oslo.config"]=/x\n')
@example(b"[[local|localrc]]\nfor ((i=0;i<2;i++)\xff) do OTHER=1; done\n")
@example(b"[[local|localrc]]\n[[ a \xff b ]]\n")
@example(b"[[local|localrc]]\ntrap 'USE_VENV=no' RETURN\nUSE_VENV=True\ncoproc true\n")
@example(b"[[local|localrc]]\nset -eu\nUSE_VENV=True\ncoproc true\n")
@example(b"[[local|localrc]]\nUSE_VENV=True\nexit 1\ncat <<E\nUSE_VENV=True\nE\\")
@example(b"[[local|localrc]]\ndeclare -i VENV_PATH\ncat <<E\nUSE_VENV=True\nE\\")
@example(b"[[local|localrc]]\ncat <<-E\nUSE_VENV=no\n\tE\\\n\nexit\n")
def test_p2_p3_bash_sees_what_was_asked_and_no_other_variable_moves(text: bytes) -> None:
    assume(b"eval" not in text)  # whether that ends in a syntax error, only running it tells
    assume(not refusals(text))

    p2_p3_bash_sees_what_was_asked_and_no_other_variable_moves(text)


@given(documents)
@many
@example(b"[[local|localrc]]\nA=1")
@example(b"[[local|localrc]]\n[[local|localrc]]\nA=1\n\n\n[[a|b]]\n")
def test_p4_a_second_time_changes_nothing(text: bytes) -> None:
    assume(is_readable(text))

    p4_a_second_time_changes_nothing(text)


@given(documents)
@many
@example(b"")
@example(b"\n")
@example(b"A=1")
@example(b"[[local|localrc]]")
@example(b"[[local|localrc]]\n\n\n")
@example(b"[[local|localrc]]\nA=1\n\n\n[[a|b]]\n")
def test_p5_taking_the_block_out_gives_back_every_byte(text: bytes) -> None:
    assume(is_readable(text))

    p5_taking_the_block_out_gives_back_every_byte(text)


@given(documents)
@many
@example(b"[[local|localrc]]\nA=1\n\n\n[[a|b]]\n")
def test_p6_the_block_is_inserted_and_nothing_removed(text: bytes) -> None:
    assume(is_readable(text))

    p6_the_block_is_inserted_and_nothing_removed(text)


@given(documents, st.sampled_from(("OTHER=1\n", "# mine\n", "\n", "[[a|b]]\nx=1\n")))
@many
def test_lines_added_below_the_block_stay_and_the_block_moves(text: bytes, more: str) -> None:
    assume(text.endswith(b"\n") and is_readable(text))

    again = edited(edited(text) + more.encode())

    p4_a_second_time_changes_nothing(again)
    lines = {*text.split(b"\n"), *more.encode().split(b"\n")} - {b""}
    assert lines <= {*again.split(b"\n")}


@given(shell_texts)
@many
@example(b"VENV_PATH=/a true\n")
@example(b'A="x\nUSE_VENV=True\nB="y\n')
@example(b"USE_VENV=True#yes\n")
@example(b"USE_VENV=a\nf() { USE_VENV=b; }\nUSE_VENV=c\nf\n")
@example(b"OTHER=$((1/0)); USE_VENV=x\n")
@example(b"for USE_VENV in a b; do :; done\n")
@example(b"printf -v USE_VENV x\n")
@example(b"OTHER=a\\\nb\n")
@example(b"export USE_VENV={a,b}\n")
def test_p7_what_is_read_is_what_bash_says(text: bytes) -> None:
    assume(not bash_says(text))

    p7_what_is_read_is_what_bash_says(text, NAMES)


@given(soup)
@many
@example(b"A=1 function\n")
@example(b"A=1 for\n")
def test_whatever_stands_there_is_read_to_an_answer(text: bytes) -> None:
    values(text).of("V")
    for find in (stops, spaced_assignments):
        find(text)
    for find_of in (fixes, assigned):
        find_of(text, {"V", "OTHER"})
    warnings(b"[[local|localrc]]\n" + text, block_for(text))


def test_at_most_three_in_ten_readings_of_ordinary_files_are_dynamic() -> None:
    names = (*PASSWORDS, "DEST", "DATA_DIR", "STACK_USER", "USE_VENV", "VENV_PATH", "HOST_IP")
    readings = [values(localrc(file.read_bytes())).of(name) for file in ACCEPTED for name in names]

    shy = sum(isinstance(reading, Dynamic) for reading in readings)

    assert shy <= 0.3 * len(readings)
