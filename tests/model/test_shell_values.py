"""What a localrc surely sets, by reading alone."""

import pytest

from wizard.model.bash.values import Absent, Dynamic, Literal, Reading, read_assignment

CASES: dict[str, Reading] = {
    "": Absent(),
    "#V=x": Absent(),
    "MY_V=x": Absent(),
    "V=x": Literal("x"),
    "V=x\nV=y": Literal("y"),
    "  V=x # why": Literal("x"),
    "V=x#y": Literal("x#y"),
    "V=": Literal(""),
    "export V=x": Literal("x"),
    "A=1 V=x": Literal("x"),
    "A=1; V=x; B=2": Literal("x"),
    "V='a b'\"c $\"d\\ e": Literal("a bc $d e"),
    "V='it'\"'\"'s'": Literal("it's"),
    "V=a\\\nb": Literal("ab"),
    "V='a\nb'": Literal("a\nb"),
    "A=x\nV=$A/y": Literal("x/y"),
    'A=x\nV="${A}y"': Literal("xy"),
    "V=x\nV+=y": Literal("xy"),
    'V="~/v"': Literal("~/v"),
    "V=größe": Literal("größe"),
    "cat <<E\nV=x\nE": Absent(),
    'A="x\nV=x\nB="y': Absent(),
    "V=~/v": Dynamic(),
    "V=$HOME": Dynamic(),
    "V=${V:-x}": Dynamic(),
    ": ${V:=x}": Dynamic(),
    ": ${A:-${V:=x}}": Dynamic(),
    "V=$(date)": Dynamic(),
    "V+=x": Dynamic(),
    "if true; then V=x; fi": Dynamic(),
    "true && V=x": Dynamic(),
    "V=(a b)": Dynamic(),
    "V[0]=a": Dynamic(),
    "f() { V=x; }": Dynamic(),
    "printf -v V x": Dynamic(),
    "read V <<<x": Dynamic(),
    "for V in a b; do :; done": Dynamic(),
    "eval V=x": Dynamic(),
    "source <(echo V=x)": Dynamic(),
    "V=x\n. ./file": Dynamic(),
    "V=x\nunset V": Dynamic(),
    "[ -n x ] && return\nV=x": Dynamic(),
    "A=$((1/0)); V=x": Dynamic(),
    "export V={a,b}": Dynamic(),
    "A=1\n: ${A:?}\nV=x": Literal("x"),
    ": ${A:?}\nV=x": Dynamic(),
    "V=x true": Absent(),
    "(V=x)": Absent(),
    "V=x &": Absent(),
    "echo x | read V": Absent(),
    "A=$(V=x)": Absent(),
    "for ((V=0; V<2; V++)); do :; done": Dynamic(),
    "V\\\n=x": Literal("x"),
    'V="a\\"b"': Literal('a"b'),
    "cat <<-E\n\tE\nV=x": Literal("x"),
    "A=V\nV=x\nunset $A": Dynamic(),
    "A=V\nread $A <<<x": Dynamic(),
    "'function'": Absent(),
    "A=1 function": Absent(),
    "A=1 for": Absent(),
    "A=1 select": Absent(),
}


@pytest.mark.parametrize(("text", "expected"), CASES.items(), ids=map(repr, CASES))
def test_a_variable_reads_as(text: str, expected: Reading) -> None:
    assert read_assignment(f"{text}\n".encode(), "V") == expected


def test_a_value_that_is_not_utf_8_is_dynamic() -> None:
    assert read_assignment(b"V=\xff\n", "V") == Dynamic()


def test_a_text_nested_beyond_reason_is_dynamic() -> None:
    assert read_assignment(b"V=x\nA=" + b"${a:-" * 5000 + b"}" * 5000 + b"\n", "V") == Dynamic()
