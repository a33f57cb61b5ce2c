"""Documents for property tests: ordinary lines, odd lines, headers of every kind, odd bytes."""

from hypothesis import strategies as st

NAMES = ("USE_VENV", "VENV_PATH", "ADMIN_PASSWORD", "DATABASE_PASSWORD", "DEST", "OTHER")

LOCALRC_HEADERS = (
    "[[local|localrc]]",
    "[[local|localrc]] # mine",
    "[[local|localrc ]]",
    "[[local|localrc|x]]",
    "[[[local|localrc]]]",
    "[[lo[c]al|localrc]]",
    "[[local|localrc]]\t",
)
OTHER_HEADERS = (
    "[[post-config|$NOVA_CONF]]",
    "[[local|]]",
    "[[a|]]",
    "[[|]]",
    "[[local|localrc]]x",
    "[[Local|localrc]]",
    "[[ local | localrc ]]",
    "[[local | localrc]]",
    "[[local|./localrc]]",
    "  [[local|localrc]]",
    "[[local|localrc]]\u00a0",
    "[[ -n $A || -n $B ]] && OTHER=1",
    "[[ $h =~ a|b ]] && OTHER=1",
    " [[ -n $A || -n $B ]] && OTHER=1",
    "[[ -n $A ]] && OTHER=1",
    "[[ -n $A ]] || [[ -n $B ]] && OTHER=1",
    "[[local|localrc",
    "[DEFAULT]",
)
ORDINARY = (
    "",
    "# a comment \\",
    "#USE_VENV=True",
    "HOST_IP=10.0.0.1 # here",
    "enable_service s-proxy s-object",
    "enable_plugin heat https://example.org/heat",
    "export OTHER=x",
    "LOGFILE=$DEST/logs/stack.sh.log",
    "IMAGE_URLS='a\nb'",
    'PROJECT_VENV["nova"]=/x',
    'if [ -n "$DEST" ]; then\n  OTHER=1\nfi',
    "cat <<E\nUSE_VENV=True\nE",
    "cat <<-'E'\n\tit's $(\n\tE",
    "for i in a b; do OTHER=$i; done",
    "f() { local x=1; return 1; }",
    "case $OTHER in a|b) OTHER=2 ;; *) ;; esac",
    "OTHER=$(echo 'x)' # )\n)",
    "OTHER=`echo x`",
    "arr=(1 2\n3)",
    "DEST=/srv; DATA_DIR=$DEST/data",
)
HOSTILE = (
    "cat <<E",
    "E",
    'A="x',
    'B="y',
    "it's",
    "`",
    "$(",
    ")",
    "fi",
    "if true",
    "{",
    "}",
    "(",
    "OTHER=1 &&",
    "OTHER=1 |",
    "OTHER=1 \\",
    "HOST_IP=<your-ip>",
    "<<<<<<< HEAD",
    ">>>>>>> x",
    "case x in @(a|b)) ;; esac",
    "shopt -s extglob",
    "return",
    "[ -n x ] && return",
    "exit 1",
    "(exit 1)",
    "exec true",
    "exec 3>&1",
    "set -e",
    "set -eu",
    "set -o nounset",
    "set -x",
    "trap 'USE_VENV=no' RETURN",
    "readonly VENV_PATH=/a",
    "declare -r USE_VENV",
    "declare -i VENV_PATH",
    "declare -n VENV_PATH=OTHER",
    "declare -l VENV_PATH",
    "typeset -u USE_VENV=x",
    "VENV_PATH=(/a /b)",
    "VENV_PATH[0]=/a",
    "f() { exit 1; }",
    "f() { VENV_PATH=/a; }",
    "f",
    ": ${OTHER:?}",
    "echo ${DEST?no}",
    "OTHER=$((1/0))",
    "OTHER=${a b}",
    "unset OTHER",
    "{ exit 1; } | true",
    "A=1 true | exit 1",
    "while false; do return; done",
    "eval OTHER=1",
    "# BEGIN devstack-venv",
    "# END devstack-venv",
    "\ufeff[[local|localrc]]",
    "UID=5",
    "USE_VENV+=x",
    "local USE_VENV=x",
    "export -n USE_VENV",
    "[[ a == (b|c) ]] && OTHER=x",
    "((OTHER=3))",
    "!",
    "time -p true",
    "coproc true",
    "function g { OTHER=5\n}\ng",
    "for ((i=0;i<2;i++)) do OTHER=1; done",
    "select x in a; do break; done",
    "POSIXLY_CORRECT=1",
)
VALUES = (
    "True",
    "true",
    "'x y'",
    '"a\\"b$"',
    "x#y # z",
    "$OTHER",
    "${OTHER}-x",
    '"$DEST/venv"',
    "${OTHER:-no}",
    "${OTHER:=set}",
    "~/v",
    '"~/v"',
    "/a:~/b",
    "$(echo x)",
    "a\\ b",
    "$'a\\nb'",
    '$"x"',
    "''",
    "",
    "/a true",
    "/a &",
    "(/a /b)",
    "é",
    "$#",
    "$((1+1))",
    "a\\\nb",
    "{a,b}",
    "*",
    "x >/dev/null",
    "x <<<y",
    '"${OTHER#a}"',
    "'it'\"'\"'s'",
    "!x",
)
_WRAPS = (
    "{}",
    "export {}",
    "  {}",
    "{}; true",
    "true && {}",
    "{} || true",
    "({})",
    "if true; then {}; fi",
    "eval {}",
    "declare {}",
    "OTHER=1 {}",
    "echo x | read {}",
    "f() {{ {}; }}",
    "for USE_VENV in a b; do {}; done",
)


@st.composite
def assignments(draw: st.DrawFn) -> str:
    """A variable set in one of many ways."""
    name, value = draw(st.sampled_from(NAMES)), draw(st.sampled_from(VALUES))
    sign = draw(st.sampled_from(("=", "=", "=", "+=", " = ")))
    return draw(st.sampled_from(_WRAPS)).format(name + sign + value)


def _documents(*lines: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    header = st.sampled_from(LOCALRC_HEADERS)
    body = st.lists(st.one_of(*lines), max_size=9)
    ends = st.sampled_from(("\n", "\n", "\n\n", "", "\\", " \\\n"))
    return st.builds(
        lambda *parts: (
            "\n".join((*parts[0], *parts[1:-2], *parts[-2])).encode() + parts[-1].encode()
        ),
        body.map(lambda some: some[:2]),
        header,
        body,
        ends,
    )


clean = _documents(
    assignments(), st.sampled_from(ORDINARY), st.sampled_from((*LOCALRC_HEADERS, *OTHER_HEADERS))
)
hostile = _documents(
    assignments(),
    st.sampled_from(ORDINARY),
    st.sampled_from(HOSTILE),
    st.sampled_from((*LOCALRC_HEADERS, *OTHER_HEADERS)),
    st.text("[]|local rc\t'\"$`\\;&=#x", max_size=12),
)
JUNK = (
    b"\xff",
    b"\r",
    b"\r\n",
    b"\xef\xbb\xbf",
    b"\0",
    b"\v",
    b"\f",
    b"\x1b[2J",
    b"\xc2\xa0",
    b"\xc3",
)
damaged = st.builds(
    lambda text, junk, at: text[:at] + junk + text[at:],
    st.one_of(clean, hostile),
    st.sampled_from(JUNK),
    st.integers(0, 300),
)
documents = st.one_of(clean, hostile, damaged)
shell_texts = st.lists(
    st.one_of(assignments(), assignments(), st.sampled_from(ORDINARY), st.sampled_from(HOSTILE)),
    max_size=7,
).map(lambda lines: "\n".join((*lines, "")).encode())

_TOKENS = (
    *("V", "OTHER", "1", "=", "+=", "V=a", "OTHER=b", "V=$OTHER", "V=(a)", "V[1]=x", "V+=c", "f()"),
    *(";", "&", "&&", "||", "|", "(", ")", "{", "}", "[[", "]]", "[", "]", "((", "))", ";;", "!"),
    *("if", "then", "elif", "else", "fi", "while", "until", "do", "done", "for", "in", "select"),
    *("case", "esac", "function", "time", "coproc", "eval", "source", ".", "trap", "export", "set"),
    *("local", "declare", "readonly", "unset", "let", "printf", "read", "exec", "return", "exit"),
    *("'", '"', "`", "$(", "${", "$((", "$[", "$'", '$"', "<<E", "<<-'E'", "E", "<(", ">", "2>&1"),
    *("\\", "#", "~", "*", "-v", "-r", "-e", "-o", "--", "${V:=x}", "${V?}", "${!V}", "extglob"),
)
soup = st.lists(
    st.lists(st.sampled_from(_TOKENS), max_size=6).flatmap(
        lambda line: st.sampled_from((" ".join(line), "".join(line)))
    ),
    max_size=6,
).map(lambda lines: "\n".join((*lines, "")).encode())
