"""What local.conf comes to is what DevStack's own functions and bash make of it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import trees
from tests.support import local_reader
from wizard.facts import effective_values
from wizard.facts.effective_values import Reach, deciding_line, last_line, read_back
from wizard.model.local_conf.editor import with_block
from wizard.model.problem import Problem

HOST = local_reader()
NAMES = ("USE_VENV", "VENV_PATH", "GLOBAL_VENV", "DEVSTACK_VENV", "get_python_exec_prefix")
BLOCK = """\
USE_VENV=True
VENV_PATH=/opt/stack/global-venv
GLOBAL_VENV=$USE_VENV
DEVSTACK_VENV=$VENV_PATH
USE_VENV=False
"""


def local_conf(folder: Path, section: str) -> str:
    path = folder / "local.conf"
    path.write_text(f"[[local|localrc]]\n{section}")
    return str(path)


def values(path: str, checkout: str | None, *names: str) -> dict[str, str | None]:
    found = read_back(HOST, local_conf=path, checkout=checkout, names=names)
    assert not isinstance(found, Problem), found
    return found


def problem(path: str, checkout: str | None = None) -> Problem:
    found = read_back(HOST, local_conf=path, checkout=checkout, names=NAMES)
    assert isinstance(found, Problem), found
    return found


def test_a_global_devstack_gets_one_environment_from_the_block(tmp_path: Path) -> None:
    path = local_conf(tmp_path, BLOCK)
    assert values(path, trees.global_(tmp_path / "devstack"), *NAMES) == {
        "USE_VENV": "False",
        "VENV_PATH": "/opt/stack/global-venv",
        "GLOBAL_VENV": "True",
        "DEVSTACK_VENV": "/opt/stack/global-venv",
        "get_python_exec_prefix": "/opt/stack/global-venv/bin",
    }


def test_its_defaults_show_where_local_conf_is_silent(tmp_path: Path) -> None:
    found = values(local_conf(tmp_path, ""), trees.global_(tmp_path / "devstack"), *NAMES)
    assert found["DEVSTACK_VENV"] == "/opt/stack/data/venv"
    assert found["USE_VENV"] == "False"
    assert found["VENV_PATH"] is None


def test_what_is_no_truth_to_devstack_is_read_as_its_default(tmp_path: Path) -> None:
    path = local_conf(tmp_path, "GLOBAL_VENV=off\n")
    assert values(path, trees.global_(tmp_path / "d"), "GLOBAL_VENV") == {"GLOBAL_VENV": "True"}


def test_a_devstack_that_activates_the_environment_has_its_prefix(tmp_path: Path) -> None:
    path = local_conf(tmp_path, "USE_VENV=True\nVENV_PATH=/srv/venv\n")
    checkout = trees.blog_by_activation(tmp_path / "devstack")
    assert values(path, checkout, "get_python_exec_prefix") == {
        "get_python_exec_prefix": "/srv/venv/bin"
    }


def test_the_checkout_stays_as_it_is(tmp_path: Path) -> None:
    """Although DevStack writes .localrc.auto beside stackrc, and the settings write too."""
    path = local_conf(tmp_path, BLOCK + "echo mine >$TOP_DIR/mine\necho here >here\n")
    checkout = trees.global_(tmp_path / "devstack")
    before = trees.contents(tmp_path)
    assert values(path, checkout, "USE_VENV") == {"USE_VENV": "False"}
    assert trees.contents(tmp_path) == before


@pytest.mark.parametrize("end", ["", "exit 1\n", "while :; do :; done\n"])
def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    monkeypatch.setattr(effective_values, "_PATIENCE", 1.0)
    where = tmp_path / "where"
    path = local_conf(tmp_path, f"pwd >{where}\n{end}")
    read_back(HOST, local_conf=path, checkout=trees.global_(tmp_path / "d"), names=NAMES)
    sandbox = Path(where.read_text().strip())
    assert sandbox.name.startswith("devstack-venv.")
    assert not sandbox.exists()


def test_values_name_the_checkout_itself(tmp_path: Path) -> None:
    path = local_conf(tmp_path, "VENV_PATH=$TOP_DIR/venv\n")
    checkout = trees.global_(tmp_path / "a checkout")
    assert values(path, checkout, "VENV_PATH") == {"VENV_PATH": f"{checkout}/venv"}


def test_a_localrc_file_hides_local_conf(tmp_path: Path) -> None:
    checkout = trees.global_(tmp_path / "devstack")
    (tmp_path / "devstack/localrc").write_text("DEVSTACK_VENV=/from/localrc\n")
    path = local_conf(tmp_path, BLOCK)
    assert values(path, checkout, "DEVSTACK_VENV") == {"DEVSTACK_VENV": "/from/localrc"}


def test_settings_of_an_earlier_run_are_not_read(tmp_path: Path) -> None:
    checkout = trees.global_(tmp_path / "devstack")
    (tmp_path / "devstack/.localrc.auto").write_text("DEVSTACK_VENV=/stale\n")
    found = values(local_conf(tmp_path, ""), checkout, "DEVSTACK_VENV")
    assert found == {"DEVSTACK_VENV": "/opt/stack/data/venv"}


def test_programs_that_change_the_host_are_not_reached(tmp_path: Path) -> None:
    settings = "sudo touch $DEST/x && apt-get update && git clone x && pip install y && OK=yes\n"
    path = local_conf(tmp_path, settings)
    assert values(path, trees.global_(tmp_path / "devstack"), "OK") == {"OK": "yes"}


def test_without_a_checkout_bash_reads_the_section_alone(tmp_path: Path) -> None:
    path = local_conf(tmp_path, BLOCK)
    assert values(path, None, *NAMES) == {
        "USE_VENV": "False",
        "VENV_PATH": "/opt/stack/global-venv",
        "GLOBAL_VENV": "True",
        "DEVSTACK_VENV": "/opt/stack/global-venv",
        "get_python_exec_prefix": None,
    }


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("V=a\nV=b\n", "b"),
        ("V=' two  words '\n", " two  words "),
        ("V='two\nlines'\n", "two\nlines"),
        ("V=$((3 * 4))\n", "12"),
        ("V=$DEST/venv\n", "/opt/stack/venv"),
        ("V=$(echo from a program | tr a-z A-Z)\n", "FROM A PROGRAM"),
        ("V=kept\nunknown_command --option\n", "kept"),
        ("enable_service s-proxy\nV=kept\n", "kept"),
        ("V=\n", ""),
        ("export V=exported\n", "exported"),
        ("readonly V=fixed\n", "fixed"),
        ("set -- V; names=x name=y script=z checkout=/nowhere\nV=kept\n", "kept"),
        ("echo loud; echo louder >&2\nV=kept\n", "kept"),
        ("return 1\nV=late\n", None),
        ("V=early\nif\n", "early"),
        ("#V=comment\n", None),
    ],
)
def test_a_value_is_what_bash_makes_of_the_section(
    tmp_path: Path, section: str, expected: str | None
) -> None:
    path = local_conf(tmp_path, section)
    assert values(path, None, "V") == {"V": expected}
    assert values(path, trees.global_(tmp_path / "devstack"), "V") == {"V": expected}


ENDS = {
    "exit": ("exit 0\n", 1),
    "exec": ("exec true\n", 1),
    "a signal that nobody can catch": ("A=1\nkill -9 $$\n", 2),
    "a signal": ("A=1\nkill $$\n", 2),
    "a word that becomes exit": ("e=exit\n$e\n", 2),
    "an alias": ("shopt -s expand_aliases\nalias stop=exit\nstop\n", 3),
    "a number that is none": ("declare -i n=1/0\n", 1),
    "POSIX's strictness": ("POSIXLY_CORRECT=1\nreadonly A=1\nA=2\n", 3),
    "a function": ("f() {\n  exit\n}\n\nf\n", 5),
}


@pytest.mark.parametrize("build", [trees.global_, None])
@pytest.mark.parametrize(("section", "line"), ENDS.values(), ids=ENDS)
def test_settings_that_end_bash_are_a_problem_of_their_line(
    tmp_path: Path, section: str, line: int, build: Callable[[Path], str] | None
) -> None:
    """None of these is taken out of the text or understood: bash itself stops there."""
    path = local_conf(tmp_path, section + "LATER=1\n")
    found = problem(path, build(tmp_path / "devstack") if build else None)
    assert found.where == f"{path}:{line + 1}"
    assert found.what.startswith(
        "bash does not come to the end of these settings but stops at this line, so that nothing"
        " below it takes effect"
    )


def test_a_line_is_counted_below_what_devstack_puts_above_the_section(tmp_path: Path) -> None:
    """Newer releases begin the file that they make of the section with a remark."""
    checkout = trees.global_(tmp_path / "devstack")
    with (tmp_path / "devstack/functions").open("a") as functions:
        functions.write(
            'extract_localrc_section() { echo "# made" >"$3";'
            ' get_meta_section "$1" local localrc >>"$3"; }\n'
        )
    path = local_conf(tmp_path, "A=1\nexit\nB=2\n")
    assert problem(path, checkout).where == f"{path}:3"


def test_our_block_below_such_a_line_is_named(tmp_path: Path) -> None:
    path = Path(local_conf(tmp_path, "kill $$\n"))
    path.write_bytes(with_block(path.read_bytes(), BLOCK.encode()))
    assert "nothing below it takes effect, our block neither" in problem(str(path)).what


def test_an_end_that_is_not_the_section_s_is_not_laid_at_its_door(tmp_path: Path) -> None:
    checkout = trees.tree(tmp_path / "devstack", "", defaults="exit 1")
    found = problem(local_conf(tmp_path, "A=1\n"), checkout)
    assert found.where == str(tmp_path / "local.conf")
    assert found.what == "bash does not come to the end of these settings"


def test_where_bash_leaves_the_section_early_is_known(tmp_path: Path) -> None:
    path = local_conf(tmp_path, "e=return\n$e\nA=1\n")
    assert last_line(HOST, local_conf=path, checkout=None) == Reach(3, left=True)


def test_what_devstack_complained_about_last_is_told(tmp_path: Path) -> None:
    path = local_conf(tmp_path, "echo 'Could not determine host ip' >&2; exit 1\n")
    assert problem(path).what.endswith("takes effect: Could not determine host ip")


def test_settings_without_an_end_are_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effective_values, "_PATIENCE", 1.0)
    found = problem(local_conf(tmp_path, "while :; do sleep 1; done\n"))
    assert found.what.endswith("not within 1 seconds")


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    found = problem(str(tmp_path / "local.conf"))
    assert str(found) == f"{tmp_path}/local.conf: cannot be read: No such file or directory"


def test_the_settings_of_a_stranger_are_not_run(tmp_path: Path) -> None:
    path = local_conf(tmp_path, f"touch {tmp_path}/canary\n")
    if os.getuid() == 0:
        os.chown(path, 54321, 54321)
        found = problem(path)
    else:
        answer = read_back(local_reader("daemon"), local_conf=path, checkout=None, names=NAMES)
        assert isinstance(answer, Problem)
        found = answer
    assert "belongs to user id" in found.what
    assert not (tmp_path / "canary").exists()


def test_only_names_can_be_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not names"):
        read_back(HOST, local_conf=str(tmp_path), checkout=None, names=("A[$(id)]",))


def test_the_line_that_decides_is_the_last_that_sets_the_name() -> None:
    text = b"A=0\n[[local|localrc]]\nA=1\n  export A=2\n#A=3\nAA=4\n[[post-config|x]]\nA=5\n"
    assert deciding_line(text, "A") == 4
    assert deciding_line(text, "B") is None


@pytest.mark.parametrize(("section", "expected"), [("", "False"), (BLOCK, "True")])
def test_the_block_switches_it_on_where_it_is_off_by_default(
    tmp_path: Path, section: str, expected: str
) -> None:
    """As on CentOS Stream and Rocky Linux."""
    checkout = trees.global_(tmp_path / "devstack")
    with (tmp_path / "devstack/functions").open("a") as functions:
        functions.write("GetDistro() { os_VENDOR=Rocky DISTRO=rhel9; }\n")
    found = values(local_conf(tmp_path, section), checkout, "GLOBAL_VENV")
    assert found == {"GLOBAL_VENV": expected}
