"""Where a venv may be."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.model import venv_path
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem


def refusal(text: str, *taken: str) -> str:
    problem = venv_path.check(text, taken)
    assert isinstance(problem, Problem), f"accepted as {problem!r}"
    assert problem.status is ExitStatus.ANSWERS
    return str(problem)


@pytest.mark.parametrize(
    "path",
    [
        "/opt/stack/global-venv",
        "/opt/stack/data/venv",
        "/home/stack/venv",
        "/home/stack/.venv",
        "/venv",
        "/usr/local/devstack-venv",
        "/tmp/x/venv",
        "/opt/a.b_c-d/V1",
        "/etcetera/venv",
    ],
)
def test_an_ordinary_path_stays_as_it_is(path: str) -> None:
    assert venv_path.check(path) == path


@pytest.mark.parametrize("text", ["/opt//x", "/opt/x/", "//opt/x", "/opt/x///"])
def test_doubled_and_trailing_slashes_go(text: str) -> None:
    assert venv_path.check(text) == "/opt/x"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("/opt/my venv", "a space, as character 8 of '/opt/my venv'"),
        ('/opt/a"b', "'\"'"),
        ("/opt/a'b", "'''"),
        ("/opt/a$(touch PWN)b", "'$'"),
        ("/opt/a`id`b", "'`'"),
        ("/opt/a\nb", "a line break, as character 7 of '/opt/a\\nb'"),
        ("/opt/a\rb", "a carriage return"),
        ("/opt/a\tb", "a tab"),
        ("/opt/a\x1b[31m", "U+001B, as character 7 of '/opt/a\\x1b[31m'"),
        ("/opt/a\0b", "U+0000"),
        ("/opt/vénv", "'é', U+00E9, as character 7 of '/opt/v\\xe9nv'"),
        ("/opt/环境", "'环', U+73AF"),
        ("/opt/a\u202eb", "U+202E"),
        ("/opt/a\udc80b", "U+DC80"),
        *((f"/opt/a{c}b", f"'{c}'") for c in ":,=#%@+*()[]{}|^?\\!&;<>"),
    ],
)
def test_a_character_with_a_meaning_elsewhere_is_named_and_escaped(text: str, named: str) -> None:
    message = refusal(text)
    assert f"contains {named}" in message
    assert "\x1b" not in message
    assert "\n" not in message


@pytest.mark.parametrize("text", ["~/v", "~user/v", "~"])
def test_a_tilde_is_refused_with_the_reason(text: str) -> None:
    assert "only a shell replaces" in refusal(text)


@pytest.mark.parametrize("text", ["v", "./v", "../v"])
def test_a_relative_path_is_refused(text: str) -> None:
    assert "not an absolute path" in refusal(text)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_is_refused_as_empty(text: str) -> None:
    assert "is empty" in refusal(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/opt/x/../y", "part '..'"),
        ("/opt/./x", "part '.'"),
        ("/opt/-a", "starts with a dash"),
        ("/opt/--", "starts with a dash"),
        ("/opt/...", "dots and dashes"),
        ("/opt/.-x", "dots and dashes"),
    ],
)
def test_a_part_that_programs_misread_is_refused(text: str, why: str) -> None:
    assert why in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        *("/", "//", "/usr", "/usr/local", "/usr/lib/v", "/etc", "/etc/venv", "/opt", "/opt/"),
        *("/opt/stack", "/home", "/home/u", "/root", "/tmp", "/var", "/boot", "/bin", "/proc"),
        *("/dev/shm", "/dev/shm/v", "/proc/self", "/sys", "/sys/fs/v", "/run", "/run/v"),
    ],
)
def test_a_folder_of_the_system_is_no_place(text: str) -> None:
    assert "not a place for a venv" in refusal(text)


@pytest.mark.parametrize("text", ["/data/devstack", "/data/devstack/", "/data"])
def test_a_folder_that_holds_something_else_is_no_place(text: str) -> None:
    assert "/data/devstack is there" in refusal(text, "/data/devstack/")


def test_a_folder_beside_or_below_something_else_is_fine() -> None:
    assert venv_path.check("/data/devstack2", ["/data/devstack"]) == "/data/devstack2"
    assert venv_path.check("/data/devstack/v", ["/data/devstack"]) == "/data/devstack/v"


def test_the_first_line_of_a_script_may_have_127_bytes_and_no_more() -> None:
    longest = "/opt/" + "a" * (127 - len("#!/opt/" + "/bin/python3"))
    assert venv_path.check(longest) == longest
    message = refusal(longest + "a")
    assert "128 bytes" in message
    assert f"at most {len(longest)} characters" in message


PARTS = st.from_regex(r"\A\.?[A-Za-z0-9_][A-Za-z0-9._-]{0,8}\Z")


@given(st.one_of(st.text(max_size=30), st.lists(PARTS, max_size=5).map("/opt/x/".join)))
def test_whatever_is_accepted_is_accepted_again_unchanged(text: str) -> None:
    path = venv_path.check(text)
    if isinstance(path, str):
        assert venv_path.check(path) == path


@given(st.lists(PARTS, min_size=1, max_size=4))
def test_safe_parts_make_a_safe_path(parts: list[str]) -> None:
    path = "/opt/x/" + "/".join(parts)
    assert venv_path.check(path) == path


def test_bash_reads_every_allowed_character_as_it_stands() -> None:
    path = venv_path.check("/opt/ABCXYZabcxyz0189._-/.hidden_-.")
    assert isinstance(path, str)
    echoed = subprocess.run(["bash", "-c", f"echo {path}; V={path}; [[ $V =~ ^{path}$ ]]"],
                            capture_output=True, text=True, check=True)  # fmt: skip
    assert echoed.stdout == f"{path}\n"
