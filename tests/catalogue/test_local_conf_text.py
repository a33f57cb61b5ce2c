"""Rows L: what stands in a local.conf, byte by byte, and what the step makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

import pytest

from tests.local_conf_oracle import sourced
from tests.local_conf_properties import (
    p2_p3_bash_sees_what_was_asked_and_no_other_variable_moves,
    p5_taking_the_block_out_gives_back_every_byte,
    p6_the_block_is_inserted_and_nothing_removed,
)
from wizard.engine.acting_machine import ActingMachine
from wizard.model.bash.values import Absent, Dynamic, Literal, Reading, read_assignment
from wizard.model.devstack import Kind
from wizard.model.exit_status import ExitStatus
from wizard.model.local_conf.editor import with_block, without_block
from wizard.model.local_conf.meta_sections import localrc
from wizard.model.problem import Problem
from wizard.model.step import Done, Pending, Satisfied
from wizard.steps.local_conf import LocalConf

HEAD = b"[[local|localrc]]\n"
OURS = with_block(HEAD, b"USE_VENV=True\n").removeprefix(HEAD + b"\n")
BEGIN, END = OURS.splitlines(keepends=True)[0], OURS.splitlines(keepends=True)[-1]
DYNAMIC, ABSENT = Dynamic(), Absent()


def step(conf: Path) -> LocalConf:
    return LocalConf(str(conf), Kind.GLOBAL, use=True, venv_path="/opt/stack/global-venv")


@dataclass(frozen=True)
class Refused:
    """A text that stays as it is: the line that is named, and words of the sentence."""

    text: bytes
    line: int
    what: str


REFUSED = {
    "L03 Windows line ends": Refused(b"[[local|localrc]]\r\nA=1\r\n", 1, "Windows line end"),
    "L05 carriage returns alone": Refused(b"[[local|localrc]]\rA=1\r", 1, "carriage return"),
    "L06 byte order mark": Refused(b"\xef\xbb\xbf" + HEAD, 1, "byte order mark"),
    "L07 UTF-16, little end": Refused(HEAD.decode().encode("utf-16"), 1, "UTF-16"),
    "L07 UTF-16, big end": Refused(b"\xfe\xff" + HEAD.decode().encode("utf-16-be"), 1, "UTF-16"),
    "L08 NUL": Refused(HEAD + b"A=1\0B=2\n", 2, "NUL"),
    "L10 header not UTF-8": Refused(HEAD + b"[[post-config|/etc/\xff]]\n", 2, "not UTF-8"),
    "L26 header in here-document": Refused(
        HEAD + b"cat <<E\n[[post-config|x]]\nE\n", 2, "cut at line 3"
    ),
    "L28 open here-document": Refused(HEAD + b"cat <<E\nx\n", 2, "here-document"),
    "L29 open double quote": Refused(HEAD + b'B="x\n', 2, "matching `\"'"),
    "L29 open single quote": Refused(HEAD + b"B='x\n", 2, "matching `''"),
    "L29 open backquote": Refused(HEAD + b"B=`x\n", 2, "matching ``'"),
    "L29 open substitution": Refused(HEAD + b"B=$(x\n", 2, "matching `)'"),
    "L31 open if": Refused(HEAD + b"if x; then\n", 2, "end of file"),
    "L31 open for": Refused(HEAD + b"for i in a; do\n", 2, "end of file"),
    "L31 open group": Refused(HEAD + b"{ A=1\n", 2, "end of file"),
    "L31 open subshell": Refused(HEAD + b"( A=1\n", 2, "end of file"),
    "L31 open case": Refused(HEAD + b"case x in\n", 2, "end of file"),
    "L31 open function": Refused(HEAD + b"f() {\n", 2, "end of file"),
    "L31 closed only below our block": Refused(
        HEAD + b"if true; then\n\n" + OURS + b"fi\n", 3, "end of file"
    ),
    "L32 ends in &&": Refused(HEAD + b"A=1 &&\n", 2, "end of file"),
    "L32 ends in ||": Refused(HEAD + b"true ||\n", 2, "end of file"),
    "L32 ends in a pipe": Refused(HEAD + b"true |\n", 2, "end of file"),
    "L35 placeholder": Refused(HEAD + b"A=1\nHOST_IP=<your-ip>\n", 3, "silently stops reading"),
    "L36 merge conflict": Refused(
        HEAD + b"<<<<<<< a\nA=1\n=======\nA=2\n>>>>>>> b\n", 2, "merge conflict"
    ),
    "L37 pattern without extglob": Refused(
        HEAD + b"case x in @(a|b)) ;; esac\n", 2, "syntax error"
    ),
    "L38 return": Refused(HEAD + b"return\n", 2, "may never run"),
    "L38 return in a list": Refused(HEAD + b"[ -n x ] && return\n", 2, "may never run"),
    "L38 builtin return": Refused(HEAD + b"builtin return\n", 2, "may never run"),
    "L39 exit in quotes": Refused(HEAD + b"\\exit 1\n", 2, "may never run"),
    "L39 exit": Refused(HEAD + b"exit 1\n", 2, "may never run"),
    "L39 exec": Refused(HEAD + b"exec bash\n", 2, "may never run"),
    "L39 set -e": Refused(HEAD + b"set -e\n", 2, "may never run"),
    "L39 set -u": Refused(HEAD + b"set -u\n", 2, "may never run"),
    "L39 trap on RETURN": Refused(HEAD + b"trap 'A=1' RETURN\n", 2, "may never run"),
    "L47 readonly": Refused(HEAD + b"readonly VENV_PATH=/a\n", 2, "cannot change"),
    "L47 declare -r": Refused(HEAD + b"declare -r VENV_PATH\n", 2, "cannot change"),
    "L47 declare -i": Refused(HEAD + b"declare -i VENV_PATH\n", 2, "cannot change"),
    "L47 declare -n": Refused(HEAD + b"declare -n VENV_PATH=X\n", 2, "cannot change"),
    "L47 declare -l": Refused(HEAD + b"declare -l VENV_PATH\n", 2, "cannot change"),
    "L48 array": Refused(HEAD + b"VENV_PATH=(/a /b)\n", 2, "array"),
    "L48 element": Refused(HEAD + b"VENV_PATH[0]=/a\n", 2, "array"),
    "L56 BEGIN without END": Refused(HEAD + BEGIN + b"A=1\n", 2, "damaged"),
    "L56 END without BEGIN": Refused(HEAD + b"A=1\n" + END, 3, "damaged"),
    "L56 END before BEGIN": Refused(HEAD + END + b"A=1\n" + BEGIN, 2, "damaged"),
    "L56 two pairs": Refused(HEAD + OURS + b"A=1\n" + OURS, 2, "damaged"),
    "L56 nested": Refused(HEAD + BEGIN + BEGIN + END + END, 2, "damaged"),
    "L56 indented": Refused(HEAD + BEGIN + b"  " + END, 2, "damaged"),
    "L56 both indented": Refused(HEAD + b" " + BEGIN + b" " + END, 2, "damaged"),
    "L56 in another section": Refused(b"[[post-config|x]]\n" + OURS, 2, "damaged"),
    "L58 larger than 4 MiB": Refused(HEAD + b"#" * (4 << 20), 0, "larger than 4 MiB"),
}


@pytest.mark.parametrize("row", REFUSED.values(), ids=REFUSED)
def test_a_text_that_devstack_would_misread_is_named_and_stays(
    row: Refused, conf: Path, machine: ActingMachine
) -> None:
    conf.write_bytes(row.text)

    known = step(conf).state(machine)

    assert isinstance(known, Problem)
    assert row.what in known.what
    assert known.where == (f"{conf}:{row.line}" if row.line else str(conf))
    assert known.status is ExitStatus.NEEDS_PERSON
    assert step(conf).preview(machine) == ()
    assert step(conf).apply(machine) == known
    assert conf.read_bytes() == row.text
    assert {path.name for path in conf.parent.iterdir()} == {"stack.sh", "local.conf"}


@dataclass(frozen=True)
class Edited:
    """A text that gets the block; what is warned of (line and words), and what is read from it."""

    text: bytes
    warned: tuple[int, str] | None = None
    reads: Mapping[str, Reading] = field(default_factory=dict)
    above: bytes | None = None  # what the block stands below, where that is the row's point


def reads(text: str, **readings: Reading) -> Edited:
    return Edited(HEAD + text.encode() + b"\n", reads=readings)


EDITED = {
    "L01 one section": Edited(HEAD + b"A=1\n", above=HEAD + b"A=1\n"),
    "L02 no last line end": Edited(HEAD + b"A=1", above=HEAD + b"A=1\n"),
    "L04 CR in the body": Edited(HEAD + b"A=1\r\n", (2, "carriage return")),
    "L09 a byte that is not UTF-8": Edited(HEAD + b"A=\xff\n"),
    "L11 empty": Edited(b"", above=HEAD),
    "L12 no section": Edited(b"A=1\n", (1, "above the first section header")),
    "L13 only another section": Edited(b"[[post-config|x]]\nA=1\n"),
    "L14 two sections in a row": Edited(HEAD + b"A=1\n" + HEAD + b"B=1\n", (3, "skips the second")),
    "L15 two sections apart": Edited(
        HEAD + b"A=1\n[[post-config|x]]\n" + HEAD + b"B=1\n",
        above=HEAD + b"A=1\n[[post-config|x]]\n" + HEAD + b"B=1\n",
    ),
    "L16 comment behind the header": Edited(
        b"[[local|localrc]] # mine\n", above=b"[[local|localrc]] # mine\n"
    ),
    "L16 blanks behind the header": Edited(
        b"[[local|localrc]]  \n", above=b"[[local|localrc]]  \n"
    ),
    "L17 indented header": Edited(b"  [[local|localrc]]\nA=1\n", (1, "does not take this line")),
    "L18 blanks in the header": Edited(b"[[ local|localrc ]]\nA=1\n", (1, "does not take this")),
    "L18 blanks around the bar": Edited(
        HEAD + b"A=1\n[[local | localrc]]\nB=1\n", (3, "does not take this"), above=HEAD + b"A=1\n"
    ),
    "L19 a blank before the end": Edited(b"[[local|localrc ]]\n", above=b"[[local|localrc ]]\n"),
    "L20 a third part": Edited(b"[[local|localrc|x]]\n", above=b"[[local|localrc|x]]\n"),
    "L20 three brackets": Edited(b"[[[local|localrc]]]\n", above=b"[[[local|localrc]]]\n"),
    "L20 a bracket inside": Edited(b"[[lo[c]al|localrc]]\n", above=b"[[lo[c]al|localrc]]\n"),
    "L21 a capital": Edited(b"[[Local|localrc]]\n", (1, "does not take this line")),
    "L21 something behind": Edited(b"[[local|localrc]]x\n", (1, "does not take this line")),
    "L21 no-break space behind": Edited(b"[[local|localrc]]\xc2\xa0\n", (1, "does not take this")),
    "L21 vertical tab behind": Edited(b"[[local|localrc]]\v\n", (1, "does not take this")),
    "L22 headers of nothing": Edited(
        HEAD + b"A=1\n[[local|]]\n[[|]]\n[[a|]]\nB=1\n", above=HEAD + b"A=1\n"
    ),
    "L23 a test taken for a header": Edited(
        HEAD + b"A=1\n[[ -n $A || -n $B ]] && X=1\n", (3, "ends localrc"), above=HEAD + b"A=1\n"
    ),
    "L23 two tests taken for a header": Edited(
        HEAD + b"A=1\n[[ -n $A ]] || [[ -n $B ]] && X=1\n",
        (3, "ends localrc"),
        above=HEAD + b"A=1\n",
    ),
    "L24 the same, indented": Edited(HEAD + b" [[ -n $A || -n $B ]] && X=1\n"),
    "L24 one without a bar": Edited(HEAD + b"[[ -n $A ]] && X=1\nUSE_VENV=no\n", (3, "last word")),
    "L25 a match taken for a header": Edited(
        HEAD + b"A=1\n[[ $h =~ a|b ]] && X=1\n", (3, "ends localrc"), above=HEAD + b"A=1\n"
    ),
    "L27 a setting in a here-document": reads("cat <<E\nUSE_VENV=True\nE", USE_VENV=ABSENT),
    # differs: who reads quotes like bash need not call this dynamic
    "L30 a quote that another line closes": reads(
        'A="x\nUSE_VENV=True\nB="y', USE_VENV=ABSENT, B=ABSENT
    ),
    "L33 last backslash": Edited(HEAD + b"A=1 \\\n"),
    "L33 last backslash, no line end": Edited(HEAD + b"A=1 \\"),
    "L34 backslash in a comment": Edited(HEAD + b"# x \\\n"),
    "L37 a pattern below extglob": Edited(HEAD + b"shopt -s extglob\ncase x in @(a|b)) ;; esac\n"),
    "L40 set above": Edited(
        HEAD + b"USE_VENV=False\n", (2, "has the last word"), {"USE_VENV": Literal("False")}
    ),
    "L42 in a comment": reads("#USE_VENV=True", USE_VENV=ABSENT),
    "L42 in a longer name": reads("MY_USE_VENV=True", USE_VENV=ABSENT),
    "L43 exported": reads("export USE_VENV=True", USE_VENV=Literal("True")),
    "L44 default": reads("USE_VENV=${USE_VENV:-False}", USE_VENV=DYNAMIC),
    "L44 assigned default": reads(": ${USE_VENV:=True}", USE_VENV=DYNAMIC),
    "L45 in a branch": reads("if true; then USE_VENV=True; fi", USE_VENV=DYNAMIC),
    "L46 blanks around the sign": Edited(
        HEAD + b"USE_VENV = True\n", (2, "command named USE_VENV"), {"USE_VENV": ABSENT}
    ),
    "L47 in a function": Edited(HEAD + b"f() { declare -r VENV_PATH=/a; }\nf\n"),
    "L48 more of it": reads("VENV_PATH+=/b", VENV_PATH=DYNAMIC),
    "L49 tilde": reads("VENV_PATH=~/v", VENV_PATH=DYNAMIC),
    "L49 tilde in quotes": reads('VENV_PATH="~/v"', VENV_PATH=Literal("~/v")),
    "L50 of a name that is set later": reads("VENV_PATH=$DEST/venv\nDEST=/srv", VENV_PATH=DYNAMIC),
    "L51 for one command": reads("VENV_PATH=/a true", VENV_PATH=ABSENT),
    "L51 in a subshell": reads("(VENV_PATH=/a)", VENV_PATH=ABSENT),
    "L51 in the background": reads("VENV_PATH=/a &", VENV_PATH=ABSENT),
    "L51 read in a pipe": reads("echo x | read VENV_PATH", VENV_PATH=ABSENT),
    "L52 in a function": reads("f() { VENV_PATH=/a; }", VENV_PATH=DYNAMIC),
    "L52 in a function that is called": reads("f() { VENV_PATH=/a; }\nf", VENV_PATH=DYNAMIC),
    "L53 printf -v": reads("printf -v VENV_PATH /a", VENV_PATH=DYNAMIC),
    "L53 eval": reads("eval VENV_PATH=/a", VENV_PATH=DYNAMIC),
    "L53 sourced": reads("source <(echo VENV_PATH=/a)", VENV_PATH=DYNAMIC),
    "L53 loop": reads("for VENV_PATH in a b; do :; done", VENV_PATH=DYNAMIC),
    "L54 no comment": reads("USE_VENV=True#yes", USE_VENV=Literal("True#yes")),
    "L54 a comment": reads("USE_VENV=True # yes", USE_VENV=Literal("True")),
    "L57 a line of the user's in our block": Edited(
        HEAD + b"\n" + BEGIN + b"MINE=1\n" + END, (4, "MINE inside our block")
    ),
}


@pytest.mark.parametrize("row", EDITED.values(), ids=EDITED)
def test_a_text_that_devstack_reads_gets_the_block_and_nothing_else(
    row: Edited, conf: Path, machine: ActingMachine
) -> None:
    conf.write_bytes(row.text)

    assert isinstance(step(conf).apply(machine), Done)

    new = conf.read_bytes()
    assert without_block(new) == without_block(row.text)
    assert isinstance(step(conf).state(machine), Satisfied)
    if row.above is not None:
        assert new.startswith(row.above + b"\n# BEGIN")
    log = (machine.at.folder.path / "build.log").read_text()
    if row.warned:
        assert f"{conf}:{row.warned[0]}: " in log
        assert row.warned[1] in log
    effective = sourced(localrc(new))
    assert effective is not None
    assert (effective["USE_VENV"], effective["GLOBAL_VENV"]) == ("False", "True")


READ = {name: row for name, row in EDITED.items() if row.reads}
WITHOUT_BLOCK = {name: row for name, row in EDITED.items() if BEGIN not in row.text}


@pytest.mark.parametrize("row", READ.values(), ids=READ)
def test_what_is_read_from_it_is_true(row: Edited) -> None:
    shell = localrc(row.text)
    assert {name: read_assignment(shell, name) for name in row.reads} == row.reads


@pytest.mark.parametrize("row", WITHOUT_BLOCK.values(), ids=WITHOUT_BLOCK)
def test_bash_agrees(row: Edited) -> None:
    p2_p3_bash_sees_what_was_asked_and_no_other_variable_moves(row.text)
    p5_taking_the_block_out_gives_back_every_byte(row.text)
    p6_the_block_is_inserted_and_nothing_removed(row.text)


def test_l11_a_missing_file_is_made_for_its_owner_alone(conf: Path, machine: ActingMachine) -> None:
    """Differs: not as the umask has it, for it holds passwords."""
    assert step(conf).apply(machine) == Done("created")
    assert conf.stat().st_mode & 0o777 == 0o600


def test_l41_a_line_appended_below_the_block_loses(conf: Path, machine: ActingMachine) -> None:
    conf.write_bytes(HEAD)
    step(conf).apply(machine)
    conf.write_bytes(conf.read_bytes() + b"GLOBAL_VENV=False\n")

    assert step(conf).state(machine) == Pending("block to be replaced")
    assert step(conf).apply(machine) == Done("block written")

    new = conf.read_bytes()
    assert new.startswith(HEAD + b"GLOBAL_VENV=False\n\n# BEGIN")
    assert (sourced(localrc(new)) or {})["GLOBAL_VENV"] == "True"


@pytest.mark.parametrize(
    "text",
    [
        b"".join(b"SETTING_%d=value\n" % number for number in range(100_000)),
        b"A=" + b"x" * (1 << 20) + b"\n",
        b"A='" + b"x y " * (1 << 18) + b"'\n",
    ],
    ids=["many lines", "a long line", "a long quoted line"],
)
def test_l58_a_large_file_takes_a_second(text: bytes, conf: Path, machine: ActingMachine) -> None:
    conf.write_bytes(HEAD + text)
    before = process_time()

    assert step(conf).state(machine) == Pending("block to be added")

    assert process_time() - before < 3.0  # usually a third of that; other processes share the core


def test_l59_a_localrc_file_beside_it_is_named(conf: Path, machine: ActingMachine) -> None:
    conf.write_bytes(HEAD)
    (conf.parent / "localrc").write_text("A=1\n")

    found = step(conf).state(machine)

    assert isinstance(found, Problem)
    assert (found.where, found.status) == (str(conf.parent / "localrc"), ExitStatus.NEEDS_PERSON)
    assert "ignores [[local|localrc]]" in found.what
    assert conf.read_bytes() == HEAD


def test_l60_only_the_file_that_was_named_is_touched(conf: Path, machine: ActingMachine) -> None:
    other = conf.parent.with_name("other") / "local.conf"
    other.parent.mkdir()
    for file in (conf, other):
        file.write_bytes(HEAD)

    step(conf).apply(machine)

    assert other.read_bytes() == HEAD != conf.read_bytes()
