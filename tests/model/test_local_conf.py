"""The editor of local.conf: one case of the wild each."""

from functools import partial

import pytest

from tests.support import local_reader
from wizard.model.devstack import Kind
from wizard.model.local_conf.defects import obstructed, unreadable
from wizard.model.local_conf.editor import (
    Block,
    find_block,
    shell_text,
    unified_diff,
    with_block,
    without_block,
)
from wizard.model.local_conf.managed_block import managed_block
from wizard.model.local_conf.meta_sections import localrc
from wizard.model.local_conf.warnings import warnings
from wizard.model.secret import Mask, Secret
from wizard.steps.local_conf import complete

HEAD = b"[[local|localrc]]\n"
BODY = b"USE_VENV=True\n"
OURS = with_block(b"", BODY).removeprefix(HEAD + b"\n").split(b"\n# The section")[0]
NEW = managed_block(Kind.GLOBAL, use=True, venv_path="/opt/v")
bash_says = partial(complete, local_reader())


def block(body: bytes = BODY) -> bytes:
    """The block as it stands after a line that needs nothing."""
    return with_block(HEAD, body).removeprefix(HEAD)


def refusals(text: bytes) -> tuple[tuple[int, str], ...]:
    found = unreadable(text, bash_says) or obstructed(text, NEW.names)
    return tuple((remark.line, remark.what) for remark in found)


def warned(text: bytes) -> list[tuple[int, str]]:
    assert not refusals(text)
    return [(remark.line, remark.what) for remark in warnings(text, NEW)]


PLACED = {
    "at the end of the only section": (HEAD + b"A=1\n", HEAD + b"A=1\n", b""),
    "before the next section": (
        HEAD + b"A=1\n[[post-config|x]]\nB=1\n",
        HEAD + b"A=1\n",
        b"[[post-config|x]]\nB=1\n",
    ),
    "before the blank lines that part it from the next section": (
        HEAD + b"A=1\n\n[[post-config|x]]\n",
        HEAD + b"A=1\n",
        b"\n[[post-config|x]]\n",
    ),
    "in the last of two sections": (
        HEAD + b"A=1\n[[a|b]]\n" + HEAD + b"B=1\n",
        HEAD + b"A=1\n[[a|b]]\n" + HEAD + b"B=1\n",
        b"",
    ),
    "before a test that DevStack takes for a header": (
        HEAD + b"A=1\n[[ -n $A || -n $B ]] && X=1\n",
        HEAD + b"A=1\n",
        b"[[ -n $A || -n $B ]] && X=1\n",
    ),
    "in a section with a comment behind its header": (
        b"[[local|localrc]] # mine\n",
        b"[[local|localrc]] # mine\n",
        b"",
    ),
}


@pytest.mark.parametrize(("text", "above", "below"), PLACED.values(), ids=PLACED)
def test_the_block_goes(text: bytes, above: bytes, below: bytes) -> None:
    assert with_block(text, BODY) == above + block() + below


@pytest.mark.parametrize(
    "header", [b"[[local|localrc ]]", b"[[[local|localrc]]]", b"[[lo[c]al|localrc|x]]"]
)
def test_odd_headers_that_devstack_accepts_are_accepted(header: bytes) -> None:
    assert localrc(header + b"\nA=1\n") == b"A=1\n"


@pytest.mark.parametrize("text", [b"", b"\n", b"A=1\n", b"[[post-config|x]]\nA=1\n", b"A=1"])
def test_a_file_without_a_localrc_section_gets_one(text: bytes) -> None:
    new = with_block(text, BODY)

    assert new.startswith(text)
    assert BODY in localrc(new)
    assert without_block(new) == text


def test_after_two_sections_in_a_row_the_block_gets_its_own_as_old_devstacks_skip_one() -> None:
    text = HEAD + b"A=1\n" + HEAD + b"B=1\n[[a|b]]\n"

    new = with_block(text, BODY)

    assert new.count(HEAD) == 3
    assert new.endswith(b"# END devstack-venv\n[[a|b]]\n")
    assert without_block(new) == text


@pytest.mark.parametrize(
    "text", [HEAD + b"A=1", HEAD + b"A=1 \\", HEAD[:-1], b"x", HEAD + b"A=1\\"]
)
def test_a_missing_final_newline_is_missing_again_after_undo(text: bytes) -> None:
    assert without_block(with_block(text, BODY)) == text


def test_a_line_appended_below_is_not_joined_to_one_that_had_no_newline() -> None:
    text = with_block(HEAD + b"A=1", BODY) + b"B=2\n"

    assert without_block(text) == HEAD + b"A=1\nB=2\n"


def test_only_blanks_end_the_word_of_a_header_that_counts() -> None:
    assert localrc(b"[[local|localrc]]\v\nA=1\n") == b""
    assert localrc(b"[[local|localrc]]\t#\nA=1\n") == b"A=1\n"


def test_a_backslash_at_the_end_does_not_swallow_the_block() -> None:
    new = with_block(HEAD + b"A=1 \\", BODY)

    assert b"A=1 \\\n\n# BEGIN" in new


def test_odd_bytes_stay() -> None:
    text = HEAD + b"NAME=\xff\xfe\r\n"

    assert without_block(with_block(text, BODY)) == text


def test_a_new_block_takes_the_place_of_the_old_one() -> None:
    old = with_block(HEAD + b"A=1\n\n\n[[a|b]]\n", BODY)

    assert with_block(old, b"USE_VENV=False\n") == old.replace(BODY, b"USE_VENV=False\n")


def test_a_line_appended_below_the_block_stays_and_the_block_moves_below_it() -> None:
    old = with_block(HEAD + b"A=1\n", BODY)

    assert with_block(old + b"USE_VENV=False\n", BODY) == HEAD + b"A=1\nUSE_VENV=False\n" + block()


def test_a_line_put_under_a_header_that_came_with_the_block_keeps_the_header() -> None:
    old = with_block(b"", BODY)

    assert without_block(old + b"A=1\n") == HEAD + b"A=1\n"


def test_a_block_whose_blank_line_somebody_removed_gets_it_back() -> None:
    old = with_block(HEAD + b"A=1\n", BODY).replace(b"\n\n# BEGIN", b"\n# BEGIN")

    assert with_block(old, BODY) == with_block(HEAD + b"A=1\n", BODY)


def test_a_block_whose_last_line_end_somebody_removed_gets_it_back() -> None:
    whole = with_block(HEAD + b"A=1\n", BODY)

    assert isinstance(find_block(whole[:-1]), Block)
    assert with_block(whole[:-1], BODY) == whole
    assert without_block(whole[:-1]) == HEAD + b"A=1\n"


def test_the_user_s_shell_text_is_what_stands_outside_the_block() -> None:
    assert shell_text(with_block(HEAD + b"A=1\n", BODY)) == b"A=1\n"


MARKED = with_block(HEAD, BODY)
BEGIN, END = MARKED.split(b"\n")[2] + b"\n", b"# END devstack-venv\n"
DAMAGED = {
    "no END": HEAD + BEGIN + BODY,
    "no BEGIN": HEAD + BODY + END,
    "END before BEGIN": HEAD + END + BODY + BEGIN,
    "two blocks": MARKED + block(),
    "one in the other": HEAD + BEGIN + BEGIN + END + END,
    "indented": MARKED.replace(b"# END", b"  # END"),
    "both indented": MARKED.replace(b"# BEGIN", b" # BEGIN").replace(b"# END", b"\t# END"),
    "in another section": b"[[post-config|x]]\n" + BEGIN + BODY + END,
    "over two sections": HEAD + BEGIN + b"[[a|b]]\n" + END,
    "edited": MARKED.replace(b"(replaced", b"(kept"),
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_damaged_markers_are_refused_and_nothing_is_taken_out(text: bytes) -> None:
    ((line, what),) = refusals(text)

    assert line > 0
    assert "damaged" in what
    assert without_block(text) == text
    assert not isinstance(find_block(text), Block)


def test_the_section_above_a_new_one_gets_no_line_more() -> None:
    other = b"[[post-config|$NOVA_CONF]]\n[DEFAULT]\nuse_venv = a #b\n"

    assert with_block(other, BODY).startswith(other + b"[[local|localrc]]\n")


REFUSED = {
    "L03 Windows line ends": (b"[[local|localrc]]\r\nA=1\r\n", 1, "Windows line end"),
    "L05 carriage returns alone": (b"[[local|localrc]]\rA=1\r", 1, "carriage return"),
    "L06 a byte order mark": (b"\xef\xbb\xbf" + HEAD, 1, "byte order mark"),
    "L06 one in the middle": (HEAD + b"\xef\xbb\xbf" + HEAD, 2, "byte order mark"),
    "L07 UTF-16 little end first": (b"\xff\xfe" + HEAD.decode().encode("utf-16-le"), 1, "UTF-16"),
    "L07 UTF-16 big end first": (b"\xfe\xff" + HEAD.decode().encode("utf-16-be"), 1, "UTF-16"),
    "L08 a NUL": (HEAD + b"A=1\0B=2\n", 2, "NUL"),
    "L10 a header that is not UTF-8": (HEAD + b"[[post-config|/etc/\xff.conf]]\n", 2, "not UTF-8"),
    "L26 a header in a here-document": (
        HEAD + b"\ncat <<E\n[[post-config|x]]\nE\n",
        3,
        "cut at line 4",
    ),
    "L28 an open here-document": (HEAD + b"A=1\ncat <<E\nx\n", 3, "here-document"),
    "L29 an open double quote": (HEAD + b'A=1\nB="x\n', 3, "matching `\"'"),
    "L29 an open single quote": (HEAD + b"B='x\n", 2, "matching `''"),
    "L29 an open backquote": (HEAD + b"B=`x\n", 2, "matching ``'"),
    "L29 an open substitution": (HEAD + b"B=$(x\n", 2, "matching `)'"),
    "L31 an open if": (HEAD + b"if true; then\nA=1\n", 3, "end of file"),
    "L31 an open group": (HEAD + b"{ A=1\n", 2, "end of file"),
    "L31 an open case": (HEAD + b"case x in\n", 2, "end of file"),
    "L31 an open function": (HEAD + b"f() {\n", 2, "end of file"),
    "L32 an open list": (HEAD + b"A=1 &&\n", 2, "end of file"),
    "L35 a placeholder": (HEAD + b"A=1\nHOST_IP=<your-ip> # set\n", 3, "<your-ip> is not filled"),
    "L36 a merge conflict": (HEAD + b"<<<<<<< a\nA=1\n=======\nA=2\n>>>>>>> b\n", 2, "conflict"),
    "L37 a pattern without extglob": (HEAD + b"case x in @(a|b)) ;; esac\n", 2, "syntax error"),
    "L38 return": (HEAD + b"A=1\nreturn\n", 3, "`return`"),
    "L38 a conditional return": (HEAD + b"[ -n x ] && return\n", 2, "`return`"),
    "L39 exit": (HEAD + b"if true; then exit 1; fi\n", 2, "`exit`"),
    "L39 exec": (HEAD + b"exec bash\n", 2, "exec bash"),
    "L39 errexit": (HEAD + b"set -e\n", 2, "set -e"),
    "L39 nounset": (HEAD + b"set -xu\n", 2, "set -xu"),
    "L39 errexit in words": (HEAD + b"set -o errexit\n", 2, "errexit"),
    "L39 a trap on return": (HEAD + b"trap 'A=1' RETURN\n", 2, "RETURN"),
    "L39 an error when unset": (HEAD + b": ${HOST_IP:?}\n", 2, "HOST_IP"),
    "L39 an end by eval": (HEAD + b"eval exit 1\n", 2, "`exit`"),
    "L39 an end by a word of eval": (HEAD + b"eval 'A=1; exit'\n", 2, "`exit`"),
    "L39 an end in so many words": (HEAD + b"builtin exit 1\n", 2, "`exit`"),
    "L39 an end that is timed": (HEAD + b"time -p exit\n", 2, "`exit`"),
    "L39 an end in pieces": (HEAD + b"e'xi't\n", 2, "`exit`"),
    "L39 DevStack's own end": (HEAD + b"[ -d /x ] || die 3 no\n", 2, "`die`"),
    "L39 a function that ends": (HEAD + b"f() { exit; }\nf a\n", 3, "`f` may end"),
    "L39 a trap that ends": (HEAD + b"trap 'exit 1' ERR\n", 2, "ERR"),
    "L39 POSIX's strictness": (HEAD + b"set -o posix\n. /x\n", 2, "posix"),
    "L39 POSIX's variable": (HEAD + b"A=1\nPOSIXLY_CORRECT=1\n", 3, "POSIXLY_CORRECT"),
    "L39 POSIX's variable exported": (HEAD + b"export POSIXLY_CORRECT=\n", 2, "POSIXLY_CORRECT"),
    "L39 an end that a word becomes": (HEAD + b"e=exit\n$e\n", 3, "`exit`"),
    "L39 an end that words become": (HEAD + b"e='exit 1'\n${e}\n", 3, "`exit`"),
    "L39 a signal to itself": (HEAD + b"kill $$\n", 2, "`kill $$`"),
    "L39 a signal to itself by number": (HEAD + b"kill -9 $BASHPID\n", 2, "`kill"),
    "L39 an alias that ends": (
        HEAD + b"shopt -s expand_aliases\nalias stop='exit 1' other=ls\nstop\n",
        4,
        "`exit`",
    ),
    "L33 an end above a here-document that a last backslash leaves open": (
        HEAD + b"exit 1\ncat <<E\nA=1\nE\\",
        2,
        "`exit`",
    ),
    "an end above a here-document whose last line is in pieces": (
        HEAD + b"exit 1\ncat <<EE\nA=1\nE\\\nE\nB=1\n",
        2,
        "`exit`",
    ),
    "an end in a text that is not understood": (HEAD + b"coproc true\nexit 1\n", 3, "`exit`"),
    "strictness where a condition opens on a line of its own": (
        HEAD + b"coproc true\nif true; then set -eu\nfi\n",
        3,
        "set -eu",
    ),
    "a trap in a text that is not understood": (
        HEAD + b"trap 'USE_VENV=no' RETURN\ncoproc true\n",
        2,
        "RETURN",
    ),
    "a byte that bash takes for the end": (
        HEAD + b"A=1\nfor ((i=0;i<2;i++)\xff) do B=1; done\n",
        3,
        "0xFF",
    ),
    "an index that is no number": (HEAD + b'MINE["oslo.config"]=x\n', 2, "MINE[oslo.config]"),
    "an index of a list that is no number": (HEAD + b"A=1\nMINE=([08]=x)\n", 3, "MINE[08]"),
    "an index that divides by nothing": (HEAD + b"declare MINE[1/0]=x\n", 2, "MINE[1/0]"),
    "L47 readonly by eval": (HEAD + b"eval readonly VENV_PATH\n", 2, "VENV_PATH"),
    "L47 readonly of what a word becomes": (HEAD + b"v=USE_VENV\nreadonly $v\n", 3, "may mean"),
    "L47 readonly of braces": (HEAD + b"readonly USE_{VENV,X}=1\n", 2, "may mean"),
    "L47 readonly of an answer": (HEAD + b"readonly $(echo USE_VENV)\n", 2, "may mean"),
    "L47 a command that is a word": (HEAD + b"r=readonly\n$r USE_VENV\n", 3, "USE_VENV"),
    "L47 readonly in pieces": (HEAD + b"read'only' U''SE_VENV\n", 2, "USE_VENV"),
    "L47 readonly": (HEAD + b"readonly VENV_PATH=/a\n", 2, "VENV_PATH"),
    "L47 declare -r": (HEAD + b"declare -r VENV_PATH\n", 2, "VENV_PATH"),
    "L47 declare -i": (HEAD + b"declare -i VENV_PATH\n", 2, "VENV_PATH"),
    "L47 declare -n": (HEAD + b"declare -n VENV_PATH=X\n", 2, "VENV_PATH"),
    "L47 declare -l": (HEAD + b"if true; then declare -l USE_VENV; fi\n", 2, "USE_VENV"),
    "L48 an array": (HEAD + b"VENV_PATH=(/a /b)\n", 2, "array"),
    "L58 too large": (HEAD + b"#" * (4 * 1024 * 1024), 0, "4 MiB"),
}


@pytest.mark.parametrize(("text", "line", "what"), REFUSED.values(), ids=REFUSED)
def test_a_defect_is_refused_with_its_line(text: bytes, line: int, what: str) -> None:
    found = refusals(text)

    assert [number for number, _ in found][:1] == [line]
    assert what in found[0][1]


def test_a_defect_below_the_block_is_named_by_its_line_in_the_file() -> None:
    text = with_block(HEAD + b"A=1\n", BODY) + b"return\n"

    assert [line for line, _ in refusals(text)] == [text.count(b"\n")]


ACCEPTED = {
    "L24 an indented test": HEAD + b" [[ -n $A || -n $B ]] && X=1\n",
    "L27 a setting in a here-document": HEAD + b"cat <<E\nreadonly VENV_PATH\nexit\nE\n",
    "L33 a last backslash": HEAD + b"A=1 \\",
    "L34 a comment that ends in a backslash": HEAD + b"# x \\\n",
    "L37 a pattern below extglob": HEAD + b"shopt -s extglob\ncase x in @(a|b)) ;; esac\n",
    "L42 a commented setting": HEAD + b"#readonly VENV_PATH\n# exit\n",
    "L52 a function that returns": HEAD + b"f() { return 1; }\n",
    "a function that ends and is not called": HEAD + b"f() { exit; }\n",
    "a function that returns and is called": HEAD + b"f() { return; }\nf\n",
    "a function that ended before": HEAD + b"f() { exit; }\nf() { :; }\nf\n",
    "an alias that ends and that bash does not expand": HEAD + b"alias stop=exit\nstop\n",
    "an alias that ends nothing": HEAD + b"shopt -s expand_aliases\nalias e=echo\ne x\n",
    "an alias that ends and is taken back": (
        HEAD + b"shopt -s expand_aliases\nalias e=exit\nunalias e\ne x\n"
    ),
    "an index of what DevStack declares": HEAD + b'GITREPO["oslo.config"]=x\n',
    "a byte that is no text, in a value or a comment": HEAD + b"A=\xff\n# ((\xff\n",
    "what is harmless in a text that is not understood": HEAD + b"coproc true\nA=1\necho exit\n",
    "an end that is said in a here-document whose last line is in pieces": (
        HEAD + b"cat <<EE\nexit\nE\\\nE\nA=1\n"
    ),
    "an index by name": HEAD + b"declare -A MINE\nMINE[oslo.config]=x\n",
    "indexes that can be worked out": HEAD + b"MINE[nova]=x\nMINE=([2*3]=y [0x1f]=z)\n",
    "an index in what is only said": HEAD + b"echo MINE[oslo.config]=x\n",
    "a signal to another": HEAD + b"kill -0 $PPID\n",
    "a word that becomes another command": HEAD + b"e=echo\n$e exit\n",
    "POSIX's variable taken away": HEAD + b"unset POSIXLY_CORRECT\n",
    "a trap that only tells": HEAD + b"trap 'echo oops' ERR\n",
    "eval of what ends nothing": HEAD + b'eval A=1\neval "$(dircolors)"\n',
    "eval of more than anybody reads": HEAD + b"eval ! " * 999 + b"true\n",
    "a read-only variable whose value is found out": HEAD + b"readonly X=$(id) Y=${X}\n",
    "an exit in a subshell": HEAD + b"(exit 1)\nx=$(exit 1)\ntrue | exit 1\n",
    "exec that only opens a file": HEAD + b"exec 3>&1\n",
    "set that stops nothing": HEAD + b"set -x\nset +e\nset -- a b\n",
    "an error when unset, of what is set": HEAD + b"A=1\n: ${A:?}\n",
    "a read-only variable that is not ours": HEAD + b"readonly OTHER=1\n",
    "words in quotes": HEAD + b"A='exit\nreturn\n'\n",
    "a defect in another section": HEAD + b"[[post-config|x]]\nurl = <none>\nit's\n",
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED)
def test_what_does_no_harm_is_not_refused(text: bytes) -> None:
    assert not refusals(text)


WARNED = {
    "L04 carriage returns in values": (HEAD + b"A=1\r\nB=2\r\n", 2, "carriage return"),
    "L12 text above the first header": (b"\n# x\nA=1\n", 3, "above the first section header"),
    "L17 an indented header": (b"  [[local|localrc]]\n#\n", 1, "does not take this line for"),
    "L18 blanks in a header": (b"[[ local | localrc ]]\n", 1, "does not take this line for"),
    "L21 a capital letter": (b"[[Local|localrc]]\n", 1, "does not take this line for"),
    "L21 something behind": (b"[[local|localrc]]x\n", 1, "does not take this line for"),
    "L21 a blank that is none": (b"[[local|localrc]]\xc2\xa0\n", 1, "does not take this line for"),
    "L23 a test taken for a header": (HEAD + b"[[ -n $A || -n $B ]] && X=1\n", 2, "ends localrc"),
    "L25 a match taken for a header": (HEAD + b"[[ $h =~ a|b ]] && X=1\n", 2, "ends localrc"),
    "L40 a setting that we override": (HEAD + b"A=1\nUSE_VENV=False\n", 3, "USE_VENV is set here"),
    "L43 an exported one": (HEAD + b"export USE_VENV=False\n", 2, "USE_VENV is set here"),
    "L46 blanks around the equals sign": (HEAD + b"USE_VENV = True\n", 2, "command named USE_VENV"),
    "L57 a line inside our block": (HEAD + block(b"MINE=1\n" + NEW.body), 4, "MINE inside our"),
}


@pytest.mark.parametrize(("text", "line", "what"), WARNED.values(), ids=WARNED)
def test_a_misunderstanding_is_warned_of_with_its_line(text: bytes, line: int, what: str) -> None:
    assert [(number, what) for number, said in warned(text) if what in said] == [(line, what)]


def test_our_own_block_is_nothing_to_warn_of() -> None:
    assert warned(HEAD + b"A=1\n" + block(NEW.body)) == []


def test_a_diff_shows_no_password() -> None:
    old = HEAD + b"ADMIN_PASSWORD=hunter22\nKEY=abcdef\n"

    shown = unified_diff("/x/local.conf", old, with_block(old, BODY), Mask((Secret("abcdef"),)))

    assert "+USE_VENV=True" in shown
    assert "hunter22" not in shown
    assert "abcdef" not in shown


def test_a_diff_shows_no_second_line_of_a_password() -> None:
    old = HEAD + b"A=1\nADMIN_PASSWORD='a\nhunter22\nb'\n[[post-config|x]]\npassword = hunter 22\n"
    new = with_block(old.replace(b"A=1\n", b"A=2\nB=3\n"), BODY)

    shown = unified_diff("/x/local.conf", old, new, Mask())

    assert shown.splitlines()[3:11] == [
        *(" [[local|localrc]]", "-A=1", "+A=2", "+B=3", " ADMIN_PASSWORD=********"),
        *(" ********", " ********", "+"),
    ]
    assert " password = ********" in shown
    assert "hunter" not in shown


def test_a_diff_says_where_a_line_end_is_missing() -> None:
    shown = unified_diff("x", b"A=1", b"A=1\n", Mask())

    assert shown.splitlines()[-3:] == ["-A=1", "\\ No newline at end of file", "+A=1"]
