"""A checkout is found, and what it does with virtual environments is asked of its functions."""

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import trees
from tests.support import local_reader
from wizard.engine.machine import HostReader
from wizard.facts import devstack
from wizard.model.devstack import Devstack, Kind
from wizard.model.problem import Problem

HOST = local_reader()
STRANGER = 54321
Builder = Callable[[Path], str]


def kind(directory: str) -> Kind:
    found = devstack.inspect(HOST, directory)
    assert isinstance(found, Devstack), found
    return found.kind


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (trees.none, Kind.NONE),
        (trees.per_project, Kind.PER_PROJECT),
        (trees.global_, Kind.GLOBAL),
        (trees.blog, Kind.BLOG),
        (trees.blog_by_activation, Kind.BLOG),
    ],
)
def test_each_kind_is_told_apart_by_what_its_functions_answer(
    tmp_path: Path, build: Builder, expected: Kind
) -> None:
    assert kind(build(tmp_path)) is expected


def test_a_name_in_the_text_decides_nothing(tmp_path: Path) -> None:
    directory = trees.none(tmp_path)
    with (tmp_path / "stackrc").open("a") as stackrc:
        stackrc.write("# GLOBAL_VENV DEVSTACK_VENV USE_VENV VENV_PATH PROJECT_VENV\n")
    assert kind(directory) is Kind.NONE


def test_the_evidence_says_what_it_answered(tmp_path: Path) -> None:
    found = devstack.inspect(HOST, trees.per_project(tmp_path))
    assert isinstance(found, Devstack)
    assert found.evidence == (
        "get_python_exec_prefix prints /usr/local/bin whatever the settings",
        "pip_install follows PIP_VIRTUAL_ENV, project by project",
    )


def test_the_series_is_what_stackrc_calls_it(tmp_path: Path) -> None:
    new, old = (
        devstack.inspect(HOST, trees.global_(tmp_path / "new")),
        devstack.inspect(HOST, trees.none(tmp_path / "old")),
    )
    assert isinstance(new, Devstack)
    assert isinstance(old, Devstack)
    assert (new.series, old.series) == ("2026.1", "")


def test_a_path_with_spaces_and_quotes_is_only_a_path(tmp_path: Path) -> None:
    assert kind(trees.global_(tmp_path / 'it\'s $(touch here) "mine"')) is Kind.GLOBAL


def test_nothing_is_written_in_the_checkout(tmp_path: Path) -> None:
    directory = trees.global_(tmp_path)
    before = trees.contents(tmp_path)
    devstack.inspect(HOST, directory)
    devstack.distribution_name(HOST, directory)
    assert trees.contents(tmp_path) == before


def test_programs_that_change_the_host_cannot_be_reached(tmp_path: Path) -> None:
    """Whatever the functions file calls while it is read, no program of the host answers."""
    canary = tmp_path / "canary"
    canary.mkdir()
    calls = (
        "sudo apt-get install -y lsb-release",
        "apt-get update",
        f"sudo touch {canary}/sudo",
        f"touch {canary}/touch",
        f"command touch {canary}/command",
        f"env touch {canary}/env",
        f"sh -c 'touch {canary}/sh'",
        f'python3 -c \'open("{canary}/python", "w")\'',
        "pip install nothing",
        "git clone https://host.invalid/",
        "curl https://host.invalid/",
    )
    directory = trees.tree(
        tmp_path / "devstack",
        "\n".join([*calls, trees._GLOBAL_PREFIX, trees._PIP]),
    )
    assert kind(directory) is Kind.GLOBAL
    assert list(canary.iterdir()) == []


@pytest.mark.skipif(HOST.which("setpriv") is None, reason="this host has no setpriv")
def test_no_right_can_be_gained_even_by_the_absolute_path_of_sudo(tmp_path: Path) -> None:
    asks_the_kernel = """
    while read -r name value; do
        [[ $name != NoNewPrivs: ]] || no_new_privileges=$value
    done </proc/self/status
    get_python_exec_prefix() { [[ $no_new_privileges == 1 ]] && echo $DEVSTACK_VENV/bin; }
    """
    assert kind(trees.tree(tmp_path, asks_the_kernel)) is Kind.GLOBAL


HOSTILE = {
    "exits": "exit 0",
    "dies": "kill -9 $$",
    "loops": "while :; do :; done",
    "waits for input": "read -r line; cat; exit",
    "prints for ever": "while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done",
    "complains for ever": "while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyy >&2; done",
    "leaves something running": "( for ((i = 0; i < 200000; i++)); do :; done ) & exit",
    "has a syntax error": "if true; then\n",
    "is binary": "\x00\x01\x02\xff",
    "says nothing": "",
    "answers nonsense": "get_python_exec_prefix() { echo '\x1b]0;x\x07'; }; pip_install() { :; }",
    "turns on every trap": "set -eu -o noglob; trap 'exit 1' ERR DEBUG",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_functions_file_that_misbehaves_ends_as_unknown(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devstack, "_PATIENCE", 0.7)
    directory = trees.none(tmp_path)
    (tmp_path / "functions").write_text(text)
    found = devstack.inspect(HOST, directory)
    assert isinstance(found, Devstack)
    assert found.kind is Kind.UNKNOWN
    assert found.evidence
    assert all(line.isprintable() for line in found.evidence)


def test_what_it_leaves_running_has_little_processor_time(tmp_path: Path) -> None:
    limit = tmp_path / "limit"
    devstack.inspect(HOST, trees.tree(tmp_path, f"ulimit -t >{limit}"))
    assert int(limit.read_text()) <= 5


def test_megabytes_printed_while_it_is_read_do_no_harm(tmp_path: Path) -> None:
    flood = "for i in {1..2000}; do printf '%01000d' 0; done\n"
    directory = trees.tree(tmp_path, flood + trees._GLOBAL_PREFIX + trees._PIP)
    assert kind(directory) is Kind.GLOBAL


def test_a_syntax_error_is_shown_with_its_line(tmp_path: Path) -> None:
    directory = trees.none(tmp_path)
    (tmp_path / "functions").write_text("echo\nif then\n")
    found = devstack.inspect(HOST, directory)
    assert isinstance(found, Devstack)
    assert any("functions: line 2: syntax error" in line for line in found.evidence)


def test_a_file_that_has_no_end_is_given_up_within_5_seconds(tmp_path: Path) -> None:
    directory = trees.tree(tmp_path, "trap '' TERM INT; while :; do :; done")
    started = time.monotonic()
    found = devstack.inspect(HOST, directory)
    assert time.monotonic() - started < 5
    assert isinstance(found, Devstack)
    assert found.evidence == ("its functions file does not let bash read it within 4 seconds",)


def problem(host: HostReader, directory: str) -> Problem:
    found = devstack.inspect(host, directory)
    assert isinstance(found, Problem), found
    return found


def test_a_folder_that_is_no_checkout_is_told_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "stack.sh").touch()
    found = problem(HOST, str(tmp_path))
    assert str(found).startswith(f"{tmp_path}: not a DevStack checkout: functions, stackrc missing")


def test_the_shell_code_of_a_stranger_is_not_run(tmp_path: Path) -> None:
    directory = trees.tree(tmp_path / "devstack", f"echo run >{tmp_path}/canary")
    host = HOST
    if os.getuid() == 0:
        os.chown(tmp_path / "devstack/functions", STRANGER, STRANGER)
    else:
        host = local_reader("daemon")
    assert "belongs to user id" in problem(host, directory).what
    assert devstack.distribution_name(host, directory) is None
    assert not (tmp_path / "canary").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can look at it for somebody else")
def test_a_checkout_that_its_user_may_not_read_is_a_problem_with_a_cure(tmp_path: Path) -> None:
    directory = trees.global_(tmp_path / "devstack")
    nobody = local_reader("nobody")
    for path in (tmp_path / "devstack", *(tmp_path / "devstack").iterdir()):
        os.chown(path, nobody.user.uid, nobody.user.gid)
    (tmp_path / "devstack/functions").chmod(0)
    found = problem(nobody, directory)
    assert found.what == "nobody may not read this checkout"
    assert found.cure == f"sudo chown -R nobody {directory}"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can ask as root without sudo")
def test_a_checkout_that_only_root_may_read_is_asked_as_root(tmp_path: Path) -> None:
    directory = trees.global_(tmp_path / "devstack")
    (tmp_path / "devstack").chmod(0o700)
    found = devstack.inspect(local_reader("nobody"), directory)
    assert isinstance(found, Devstack)
    assert found.kind is Kind.GLOBAL


def test_the_checkout_around_the_current_folder_comes_first(tmp_path: Path) -> None:
    here, home = trees.none(tmp_path / "here"), tmp_path / "home"
    trees.none(home / "devstack")
    below = tmp_path / "here/lib/databases"
    below.mkdir(parents=True)
    assert devstack.find(HOST, str(below), (str(home),)) == here


def test_then_the_first_home_that_has_one(tmp_path: Path) -> None:
    empty, home = tmp_path / "empty", tmp_path / "home"
    empty.mkdir()
    inside = trees.none(home / "devstack")
    assert devstack.find(HOST, str(empty), (str(empty), str(home))) == inside


@pytest.mark.skipif(Path(devstack.USUAL).exists(), reason="this host has a checkout there")
def test_none_is_an_answer(tmp_path: Path) -> None:
    assert devstack.find(HOST, str(tmp_path), (str(tmp_path),)) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('SUPPORTED_DISTROS="bookworm|noble|rhel9"', ("bookworm", "noble", "rhel9")),
        ("if [[ ! ${DISTRO} =~ (trusty|7.0|f20) ]]; then", ("trusty", "7.0", "f20")),
        ("echo anything goes", None),
    ],
)
def test_supported_distributions_are_read_from_stack_sh(
    tmp_path: Path, line: str, expected: tuple[str, ...] | None
) -> None:
    (tmp_path / "stack.sh").write_text(f"# comment\n{line}\n")
    assert devstack.supported_distributions(HOST, str(tmp_path)) == expected


def test_its_own_name_of_this_distribution_is_asked_of_get_distro(tmp_path: Path) -> None:
    """As os-release says it, and without installing lsb_release."""
    codename = platform.freedesktop_os_release().get("VERSION_CODENAME", "n/a")
    assert devstack.distribution_name(HOST, trees.none(tmp_path)) == codename


def test_a_checkout_without_get_distro_has_no_name_for_it(tmp_path: Path) -> None:
    directory = trees.none(tmp_path)
    (tmp_path / "functions").write_text("exit 1\n")
    assert devstack.distribution_name(HOST, directory) is None


def test_how_it_makes_the_one_for_everything_is_what_its_function_does(tmp_path: Path) -> None:
    found = devstack.inspect(HOST, trees.global_(tmp_path))
    assert isinstance(found, Devstack)
    assert found.venv_options == ("--system-site-packages",)
    assert found.venv_packages == ("pip<25.3", "setuptools[core]<82.0.0")


@pytest.mark.parametrize(
    ("body", "options", "packages"),
    [
        ("python$PYTHON3_VERSION -m venv $DEVSTACK_VENV; pip_install -U pip", (), ("pip",)),
        ("$PYTHON -m venv --clear $DEVSTACK_VENV", ("--clear",), ()),
        ("pip_install pbr; pip_install 'a' 'b>=1'; exit 3", (), ("pbr", "a", "b>=1")),
        ("echo noise; echo more >&2; false", (), ()),
    ],
)
def test_any_way_of_making_it_is_heard(
    tmp_path: Path, body: str, options: tuple[str, ...], packages: tuple[str, ...]
) -> None:
    directory = trees.global_(tmp_path)
    with (tmp_path / "functions").open("a") as functions:
        functions.write(f"setup_devstack_virtualenv() {{ {body}; }}\n")
    found = devstack.inspect(HOST, directory)
    assert isinstance(found, Devstack)
    assert (found.venv_options, found.venv_packages) == (options, packages)


def test_one_that_knows_none_for_everything_makes_none(tmp_path: Path) -> None:
    found = devstack.inspect(HOST, trees.per_project(tmp_path))
    assert isinstance(found, Devstack)
    assert (found.venv_options, found.venv_packages, found.links) == ((), (), False)


def test_its_stack_sh_links_commands_to_one_fixed_place(tmp_path: Path) -> None:
    found = devstack.inspect(HOST, trees.global_(tmp_path))
    assert isinstance(found, Devstack)
    assert found.links
