"""Answers read from TOML."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from tests.model.answers_strategy import ANSWERS
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.settings.answers import (
    Answers,
    BuildAnswers,
    DevstackAnswers,
    FromEnvironment,
    FromFile,
    Generate,
    HostAnswers,
    Installer,
    Like,
    PackageAnswers,
    VenvAnswers,
)
from wizard.model.settings.answers_file import MAX_BYTES, Loaded, load, parse
from wizard.model.settings.answers_text import save

EVERYTHING = """\
schema = 1
[host]
like = "debian"
devstack_name = "bookworm"
[devstack]
directory = "/opt/stack/devstack/"
user = "stack"
[venv]
use = true
path = "/opt/stack//global-venv"
python = "/usr/bin/python3"
system_site_packages = false
installer = "uv"
constraints = "https://example.org/upper-constraints.txt"
[packages.distro]
add = ["libpq-dev", "g++"]
remove = ["gcc"]
[packages.pypi]
add = ["PyMySQL>=1.1", "osc[x]; python_version > '3'"]
remove = ["Python_Memcached"]
[local_conf]
HOST_IP = "127.0.0.1"
ADMIN_PASSWORD = { generate = true }
DATABASE_PASSWORD = { env = "DB_PW" }
RABBIT_PASSWORD = { file = "rabbit" }
[build]
stack = true
timeout_minutes = 90
"""


class LocalFiles:
    def read(self, path: str) -> bytes:
        return Path(path).read_bytes()

    def stat(self, path: str) -> os.stat_result:
        return Path(path).stat()


def read(text: str) -> Answers:
    answers = parse(text, "/etc/answers.toml")
    assert isinstance(answers, Answers), [str(problem) for problem in answers]
    return answers


def problems(text: str) -> list[str]:
    found = parse(text, "a.toml")
    assert isinstance(found, tuple), found
    assert {problem.status for problem in found} == {ExitStatus.ANSWERS}
    return [str(problem) for problem in found]


def load_file(path: Path, environ: Mapping[str, str] | None = None) -> Loaded | tuple[Problem, ...]:
    return load(str(path), LocalFiles(), environ or {})


def refused(path: Path, environ: Mapping[str, str] | None = None) -> list[str]:
    found = load_file(path, environ)
    assert isinstance(found, tuple), found
    assert {problem.status for problem in found} == {ExitStatus.ANSWERS}
    return [str(problem).replace(f"{path.parent}/", "") for problem in found]


def test_every_key_is_understood() -> None:
    assert read(EVERYTHING) == Answers(
        host=HostAnswers(Like.DEBIAN, "bookworm"),
        devstack=DevstackAnswers("/opt/stack/devstack", "stack"),
        venv=VenvAnswers(
            use=True,
            path="/opt/stack/global-venv",
            python="/usr/bin/python3",
            system_site_packages=False,
            installer=Installer.UV,
            constraints="https://example.org/upper-constraints.txt",
        ),
        distro=PackageAnswers(("libpq-dev", "g++"), ("gcc",)),
        pypi=PackageAnswers(
            ("PyMySQL>=1.1", "osc[x]; python_version > '3'"), ("python-memcached",)
        ),
        build=BuildAnswers(stack=True, timeout_minutes=90),
        local_conf={
            "HOST_IP": "127.0.0.1",
            "ADMIN_PASSWORD": Generate(),
            "DATABASE_PASSWORD": FromEnvironment("DB_PW"),
            "RABBIT_PASSWORD": FromFile("/etc/rabbit"),
        },
    )


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "schema = 1", "[venv]", "[packages.pypi]"])
def test_what_is_not_said_is_none(text: str) -> None:
    assert read(text) == Answers()


@pytest.mark.parametrize(
    "text", ["[packages.distro]\nadd = []", '[venv]\nconstraints = ""', "[local_conf]"]
)
def test_an_empty_list_and_empty_constraints_are_as_good_as_nothing(text: str) -> None:
    assert read(text) == Answers()


def test_an_empty_directory_says_that_there_shall_be_no_checkout() -> None:
    assert read('[devstack]\ndirectory = ""').devstack.directory == ""


def test_dotted_keys_and_inline_tables_say_the_same_as_tables() -> None:
    table = read('[packages.pypi]\nadd = ["a"]\n')
    assert read('packages.pypi.add = ["a"]') == table
    assert read('packages = { pypi = { "add" = ["a"] } }') == table


def test_a_relative_constraints_file_is_beside_the_answers() -> None:
    assert read('[venv]\nconstraints = "c.txt"').venv.constraints == "/etc/c.txt"


def test_answers_know_where_they_stand() -> None:
    places = read('[venv]\nuse = true\n[packages.pypi]\nadd = [\n"a"]').places
    assert places == {
        "venv.use": "/etc/answers.toml:2:7",
        "packages.pypi.add": "/etc/answers.toml:4:7",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[venv]\npth = 1", "a.toml:2:1: there is no key pth in [venv]. Did you mean path?"),
        (
            "[venv]\nsystem-site-packages = true",
            (
                "a.toml:2:1: there is no key system-site-packages in [venv]. "
                "Did you mean system_site_packages?"
            ),
        ),
        (
            "[devstack]\npath = 1",
            "a.toml:2:1: there is no key path in [devstack]. It belongs in [venv]",
        ),
        (
            'installer = "pip"',
            "a.toml:1:1: there is no key installer outside of all tables. It belongs in [venv]",
        ),
        (
            "[build]\ninstaler = 1",
            "a.toml:2:1: there is no key instaler in [build]. Did you mean venv.installer?",
        ),
        ("[vnev]\nx = 1", "a.toml:1:2: there is no table [vnev]. Did you mean venv?"),
        (
            "[packages]\nadd = []",
            (
                "a.toml:2:1: there is no key add in [packages]. "
                "It belongs in [packages.distro] or in [packages.pypi]"
            ),
        ),
        (
            "[build]\nADMIN_PASSWORD = { generate = true }",
            "a.toml:2:1: there is no key ADMIN_PASSWORD in [build]. It belongs in [local_conf]",
        ),
        ("[venv]\n'ü\\n' = 1", "a.toml:2:1: there is no key '\\xfc\\\\n' in [venv]"),
        ("[qqqqq]", "a.toml:1:2: there is no table [qqqqq]"),
    ],
)
def test_an_unknown_key_is_told_with_what_was_meant(text: str, message: str) -> None:
    assert problems(text) == [message]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[venv]\nuse = "yes"', "a.toml:2:7: this must be true or false, not a text in quotes"),
        ("venv = 3", "a.toml:1:8: this must be a table, not a whole number"),
        ("[[venv]]\nuse = true", "this must be a table, not a list in square brackets"),
        ("[venv]\npath = true", "a.toml:2:8: this must be a text in quotes, not true or false"),
        ("[build]\ntimeout_minutes = true", "must be a whole number, not true or false"),
        ("[build]\ntimeout_minutes = 1.5", "must be a whole number, not a number"),
        ("[build]\ntimeout_minutes = 12:00:00", "must be a whole number, not a date or time"),
        ('packages.pypi.add = "a"', "1:21: this must be a list in square brackets, not a text"),
        (
            'packages.pypi.add = [\n  "a", # [\n  { b = 1 },\n]',
            "a.toml:3:3: this must be a text in quotes, not a table",
        ),
    ],
)
def test_a_wrong_type_is_told_where_the_value_is(text: str, message: str) -> None:
    (problem,) = problems(text)
    assert message in problem


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schema = 0", "a.toml:1:10: there is no schema 0, only 1"),
        ('[venv]\npath = "/opt/my venv"', "a.toml:2:8: VENV_PATH contains a space"),
        ('[venv]\npath = ""', "VENV_PATH is empty"),
        ('[venv]\ninstaler = 1\ninstaller = "uvv"', "3:13: this must be uv or pip, not 'uvv'"),
        ('[venv]\npython = "python3"', "not an absolute path: 'python3'"),
        ('[venv]\npython = "/usr/../x"', "has a part '..'"),
        ('[venv]\nconstraints = "ftp://x/c.txt"', "neither a file nor a URL"),
        ('[venv]\nconstraints = "-c"', "neither a file nor a URL"),
        ('[devstack]\ndirectory = "~/devstack"', "~ is not replaced here"),
        ('[devstack]\ndirectory = "/x\\n"', "without control characters, not '\\n'"),
        ('[devstack]\nuser = "root"', "DevStack does not run as root"),
        ('[devstack]\nuser = "Stack User"', "'Stack User' is not a user name"),
        ('[host]\nlike = "deb"', "must be debian, rhel or suse, not 'deb'. Did you mean debian?"),
        ('[host]\ndevstack_name = "a b"', "'a b' is not a name as DevStack has them"),
        ("[build]\ntimeout_minutes = -1", "must be between 1 and 10080 minutes, not -1"),
        ("[build]\ntimeout_minutes = 0", "must be between 1 and 10080 minutes, not 0"),
        ('packages.distro.add = ["a1", "sudo-"]', "1:30: 'sudo-' is not a package name"),
        ('packages.distro.add = ["-oX::Y=1"]', "it is an option"),
        ('packages.pypi.add = ["a >>= 1"]', "'a >>= 1' is not a requirement"),
        ('packages.pypi.add = ["--pre"]', "it is an option"),
        ('packages.pypi.remove = ["a>1"]', "more than the name of a package: a>1"),
        ('packages.pypi.add = ["a",\n "b", "a"]', "a.toml:2:7: a is in this list twice"),
        (
            'packages.pypi = { add = ["a"], remove = ["a"] }',
            "a.toml:1:42: a is to be added and to be removed",
        ),
        ("[local_conf]\nUSE_VENV = 'True'", "USE_VENV follows from venv.use"),
        ("[local_conf]\n'A-B' = 'x'", "'A-B' is not the name of a variable"),
        ("[local_conf]\nSWIFT_REPLICAS = 1", 'Write SWIFT_REPLICAS = "1"'),
        ("[local_conf]\nA = 'x\u2028y'", "without control characters"),
        ("[local_conf]\nA = []", "must be a text in quotes, not a list"),
    ],
)
def test_a_wrong_value_is_told(text: str, message: str) -> None:
    assert any(message in problem for problem in problems(text))


@pytest.mark.parametrize("name", ["ADMIN_PASSWORD", "SERVICE_TOKEN", "my_secret", "DB_PASSWD"])
def test_a_password_must_not_stand_in_the_file_and_is_not_repeated(name: str) -> None:
    (problem,) = problems(f'[local_conf]\n{name} = "hunter2"')
    assert problem == (
        f"a.toml:2:{len(name) + 4}: {name} must not stand here itself. "
        'Use { generate = true }, { env = "NAME" } or { file = "PATH" }'
    )


@pytest.mark.parametrize(
    "reference",
    [
        *("{}", "{ generate = false }", "{ generate = 1 }", "{ env = '' }", "{ env = 'A B' }"),
        *("{ file = '' }", "{ file = 1 }", "{ fil = 'x' }", "{ env = 'A', file = 'b' }"),
    ],
)
def test_what_is_not_quite_a_reference_is_refused(reference: str) -> None:
    (problem,) = problems(f"[local_conf]\nA = {reference}")
    assert problem.startswith("a.toml:2:5: this is not a reference to a password")


def test_all_mistakes_are_told_at_once_from_top_to_bottom() -> None:
    text = '[build]\nstak = 1\n[venv]\nuse = 1\npath = "x"\n[host]\nlike = ""\nx = 1'
    assert [problem.partition(": ")[0] for problem in problems(text)] == [
        *("a.toml:2:1", "a.toml:4:7", "a.toml:5:8", "a.toml:7:8", "a.toml:8:1")
    ]


def test_a_newer_schema_is_told_alone() -> None:
    (problem,) = problems("schema = 2\n[new]\nthing = 1")
    assert problem.startswith("a.toml:1:10: the file has schema 2, this program knows 1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[venv]\npath = /opt/x", "a.toml:2:8: this is not TOML: invalid value. Texts stand in"),
        ("[venv]\nuse = True", "a.toml:2:7: this is not TOML: invalid value"),
        ("[venv\nuse = true", "a.toml:1:6: this is not TOML: expected ']'"),
        ('[venv]\npath = "x', "a.toml:2:10: this is not TOML: unterminated string"),
        ("[venv]\nuse = true\n  use = true", "a.toml:3:3: venv.use is given twice"),
        ("[venv]\n[build]\n[venv]", "a.toml:3:2: venv is given twice"),
        ("venv = { use = true, use = false }", "a.toml:1:22: venv.use is given twice"),
        ("a = " + "[" * 5000, "nested too deeply"),
        ("a = " + "1" * 5000, "this is not TOML"),
    ],
)
def test_what_is_not_toml_is_told_where_it_ends_to_be(text: str, message: str) -> None:
    (problem,) = problems(text)
    assert message in problem


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[venv]\nuse = \xff", "a.toml:2:7: the file is not UTF-8: byte 0xff. Save it as UTF-8"),
        (b"#" * (MAX_BYTES + 1), "a.toml: the file has 1048577 bytes, more than 1048576"),
    ],
)
def test_a_file_that_is_no_small_text_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "a.toml").write_bytes(content)
    assert refused(tmp_path / "a.toml") == [message]


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert refused(tmp_path / "none") == ["none: there is no such file"]
    assert refused(tmp_path / "fifo" / "x") == [
        "fifo/x: there is no such file".removeprefix("fifo/")
    ]
    assert refused(tmp_path / "fifo") == ["fifo: this is not an ordinary file"]
    assert refused(tmp_path / "a\0b") == ["a\0b: no file can have this name"]
    assert "this is a folder, not a file" in refused(tmp_path)[0]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(b"\xef\xbb\xbf[venv]\r\nuse = true\r\n")
    loaded = load_file(file)
    assert isinstance(loaded, Loaded)
    assert loaded.answers.venv.use is True


def test_references_are_fetched_and_what_is_to_be_generated_is_not(tmp_path: Path) -> None:
    (tmp_path / "rabbit").write_text("from file\r\n")
    (tmp_path / "rabbit").chmod(0o600)
    (tmp_path / "a.toml").write_text(EVERYTHING)
    loaded = load_file(tmp_path / "a.toml", {"DB_PW": "from environment"})
    assert isinstance(loaded, Loaded)
    assert {name: secret.reveal() for name, secret in loaded.secrets.items()} == {
        "DATABASE_PASSWORD": "from environment",
        "RABBIT_PASSWORD": "from file",
    }
    assert loaded.warnings == ()
    assert "from" not in repr(loaded.secrets)


def test_references_that_lead_nowhere_are_told_with_all_other_mistakes(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "lines").write_text("a\nb\n")
    (tmp_path / "a.toml").write_text(
        "[local_conf]\nA = {env='GONE'}\nB = {env='EMPTY'}\nC = {file='gone'}\nD = {file='empty'}\n"
        "E = {file='lines'}\nF = {file='.'}\n[venv]\nuse = 1\n"
    )
    assert refused(tmp_path / "a.toml", {"EMPTY": ""}) == [
        "a.toml:2:5: the environment variable GONE is not set. Set it: export GONE=...",
        "a.toml:3:5: the environment variable EMPTY is empty",
        "a.toml:4:5: no secret can be read from gone: there is no such file",
        "a.toml:5:5: empty is empty",
        "a.toml:6:5: lines holds more than one line, or characters that do not print",
        "a.toml:7:5: no secret can be read from .: this is a folder, not a file",
        "a.toml:9:7: this must be true or false, not a whole number",
    ]


def test_a_secret_that_everybody_can_read_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("x")
    (tmp_path / "pw").chmod(0o644)
    (tmp_path / "a.toml").write_text("[local_conf]\nA = { file = 'pw' }")
    loaded = load_file(tmp_path / "a.toml")
    assert isinstance(loaded, Loaded)
    (warning,) = loaded.warnings
    assert str(warning) == (f"{tmp_path}/a.toml:2:5: everybody on this host can read {tmp_path}/pw")


SURPRISES = st.one_of(
    st.booleans(),
    st.integers(-3, 3),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=4),
    st.lists(st.integers() | st.just("x"), max_size=2),
    st.dictionaries(st.sampled_from(["use", "env", "file", "generate"]), st.just("x"), max_size=2),
)


@given(ANSWERS, st.data())
def test_a_file_with_one_key_gone_renamed_or_of_another_kind_is_answers_or_located_problems(
    answers: Answers, data: st.DataObject
) -> None:
    text = save(answers)
    assert isinstance(text, str)
    document = tomllib.loads(text)
    table = document
    while True:
        name = data.draw(st.sampled_from(sorted(table)))
        inner = table[name]
        if not isinstance(inner, dict) or not inner or data.draw(st.booleans()):
            break
        table = inner
    value = table.pop(name)
    fate = data.draw(st.sampled_from(["gone", "renamed", "another kind"]))
    if fate == "renamed":
        table[data.draw(st.sampled_from([f"{name}x", name[:-1] or "_", "ü"]))] = value
    elif fate == "another kind":
        table[name] = data.draw(SURPRISES)
    result = parse(tomlkit.dumps(document), "a.toml")
    assert isinstance(result, Answers) or all(p.where.startswith("a.toml:") for p in result)


@given(st.text(max_size=60) | st.text(alphabet="[venv]use=\"'\n{}.#, 1", max_size=60))
def test_any_text_is_answers_or_located_problems(text: str) -> None:
    result = parse(text, "a.toml")
    assert isinstance(result, Answers) or all(p.where.startswith("a.toml:") for p in result)
