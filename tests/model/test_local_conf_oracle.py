"""The editor and the reader against several awks, DevStack's parser and real bash."""

import os
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from tests.local_conf_oracle import (
    ACCEPTED,
    AWKS,
    REFUSED,
    Awk,
    sourced,
)
from tests.model.localrc_texts import NAMES, documents, shell_texts
from tests.support import local_reader
from wizard.model.bash.values import Absent, Dynamic, Literal, values
from wizard.model.devstack import Kind
from wizard.model.local_conf.defects import obstructed, unreadable
from wizard.model.local_conf.editor import with_block, without_block
from wizard.model.local_conf.managed_block import PASSWORDS, ManagedBlock, Password, managed_block
from wizard.model.local_conf.managed_block import wanted_passwords as wanted
from wizard.model.local_conf.meta_sections import localrc
from wizard.model.secret import Secret
from wizard.steps.local_conf import complete

EXAMPLES = int(os.environ.get("LOCAL_CONF_EXAMPLES", "40"))
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
LITERAL = 'it\'s $HOME `x` \\ "q" #é'
MADE_UP = tuple(Password(name, Secret(f"made{number}up")) for number, name in enumerate(PASSWORDS))


def block_for(text: bytes, kind: Kind | None = Kind.GLOBAL) -> ManagedBlock:
    return managed_block(
        kind,
        use=True,
        venv_path="/opt/stack/global-venv",
        settings=(("FURTHER", LITERAL),),
        passwords=wanted(MADE_UP, localrc(without_block(text))),
    )


bash_says = partial(complete, local_reader())


def refused(text: bytes) -> bool:
    return bool(unreadable(text, bash_says) or obstructed(text, block_for(text).names))


def asked_for(block: ManagedBlock) -> dict[str, str]:
    return {
        "USE_VENV": "False",
        "VENV_PATH": "/opt/stack/global-venv",
        "GLOBAL_VENV": "True",
        "DEVSTACK_VENV": "/opt/stack/global-venv",
        "FURTHER": LITERAL,
    } | {p.name: p.secret.value for p in MADE_UP if p.name in block.names}


@pytest.mark.parametrize("awk", AWKS, ids=lambda awk: awk.name)
def test_every_awk_extracts_what_we_extract_from_ordinary_files(awk: Awk) -> None:
    if not awk.installed:
        pytest.skip(f"{awk.argv[0]} is not installed")
    for file in ACCEPTED:
        text = file.read_bytes()
        assert awk.localrc(text) == localrc(text), file


@pytest.mark.parametrize("file", ACCEPTED, ids=lambda file: file.stem)
def test_an_ordinary_file_says_what_was_asked_and_nothing_else_changes(file: Path) -> None:
    assert_effective(file.read_bytes())


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.stem)
def test_a_file_with_a_true_defect_is_refused(file: Path) -> None:
    assert refused(file.read_bytes())


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
def test_bash_sees_exactly_what_was_asked(text: bytes) -> None:
    assume(b"eval" not in text)  # whether that ends in a syntax error, only running it tells
    assume(not refused(text))

    assert_effective(text)


def assert_effective(text: bytes) -> None:
    assert not refused(text)
    block = block_for(text)
    new = with_block(text, block.body)
    before, after = sourced(localrc(text)), sourced(localrc(new))
    assert before is not None
    assert after is not None
    expected = asked_for(block)
    assert {name: after.get(name) for name in expected} == expected
    assert all(after.get(name) for name in PASSWORDS)
    moved = {name for name in before | after if before.get(name) != after.get(name)}
    filled = {name for name in PASSWORDS if not before.get(name)}
    assert moved <= expected.keys() | filled | {"STACK_ENV_VARS"}


@given(documents)
@many
def test_every_awk_extracts_what_we_extract(text: bytes) -> None:
    assume(not unreadable(text, lambda _: ""))
    for awk in AWKS:
        if awk.installed and awk.argv[0] != "busybox":  # which splits fields at more than blanks
            assert awk.localrc(text) == localrc(text), awk.name


@given(documents)
@settings(max_examples=EXAMPLES * 5, deadline=None)
def test_a_second_time_changes_nothing(text: bytes) -> None:
    assume(not unreadable(text, lambda _: ""))
    new = with_block(text, block_for(text).body)

    assert with_block(new, block_for(text).body) == new


@given(documents)
@settings(max_examples=EXAMPLES * 5, deadline=None)
@example(b"")
@example(b"\n")
@example(b"A=1")
@example(b"[[local|localrc]]")
@example(b"[[local|localrc]]\n\n\n")
@example(b"[[local|localrc]]\nA=1\n\n\n[[a|b]]\n")
def test_taking_the_block_out_gives_back_every_byte(text: bytes) -> None:
    assume(not unreadable(text, lambda _: ""))

    assert without_block(with_block(text, block_for(text).body)) == text


@given(documents)
@settings(max_examples=EXAMPLES * 5, deadline=None)
def test_the_block_is_inserted_and_nothing_removed(text: bytes) -> None:
    assume(not unreadable(text, lambda _: ""))
    new = with_block(text, block_for(text).body)
    added = len(new) - len(text)

    assert any(new[:at] + new[at + added :] == text for at in range(len(text) + 1))


@given(documents, st.sampled_from(("OTHER=1\n", "# mine\n", "\n", "[[a|b]]\nx=1\n")))
@settings(max_examples=EXAMPLES * 5, deadline=None)
def test_lines_added_below_the_block_stay_and_the_block_moves(text: bytes, more: str) -> None:
    assume(text.endswith(b"\n") and not unreadable(text, lambda _: ""))
    body = block_for(text).body
    edited = with_block(text, body) + more.encode()

    again = with_block(edited, body)

    assert with_block(again, body) == again
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
def test_a_literal_is_what_bash_says_and_so_is_its_absence(text: bytes) -> None:
    assume(not bash_says(text))
    read = values(text)
    said = {name: read.of(name) for name in NAMES}
    assume(not all(isinstance(value, Dynamic) for value in said.values()))
    bash = sourced(text)
    assert bash is not None
    for name, value in said.items():
        match value:
            case Literal(value=literal):
                assert bash.get(name) == literal, name
            case Absent():
                assert name not in bash, name
            case Dynamic():
                pass


def test_at_most_three_in_ten_readings_of_ordinary_files_are_dynamic() -> None:
    names = (*PASSWORDS, "DEST", "DATA_DIR", "STACK_USER", "USE_VENV", "VENV_PATH", "HOST_IP")
    readings = [values(localrc(file.read_bytes())).of(name) for file in ACCEPTED for name in names]

    shy = sum(isinstance(reading, Dynamic) for reading in readings)

    assert shy <= 0.3 * len(readings)
