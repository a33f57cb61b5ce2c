"""The verdict on local.conf rests on what DevStack would read, not on what the file says."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import trees
from tests.support import local_reader
from wizard.checks.local_conf import LocalConfCheck
from wizard.facts import devstack
from wizard.model.check import Check, Code, Result
from wizard.model.devstack import Devstack

HOST = local_reader()
VENV = "/opt/stack/global-venv"
TWO = f"USE_VENV=True\nVENV_PATH={VENV}\n"
HANDED_OVER = TWO + "GLOBAL_VENV=$USE_VENV\nDEVSTACK_VENV=$VENV_PATH\nUSE_VENV=False\n"
Builder = Callable[[Path], str]


def verdict(
    folder: Path, section: str, build: Builder | None = None, *, use: bool = True
) -> Result:
    checkout = devstack.inspect(HOST, build(folder / "devstack")) if build else None
    assert checkout is None or isinstance(checkout, Devstack)
    path = folder / "local.conf"
    path.write_text(f"[[local|localrc]]\n{section}")
    check: Check = LocalConfCheck(str(path), checkout, use, VENV)
    result = check.run(HOST)
    assert isinstance(result, Result)
    return result


@pytest.mark.parametrize(
    ("build", "section"),
    [(trees.global_, HANDED_OVER), (trees.blog, TWO), (trees.blog_by_activation, TWO), (None, TWO)],
)
def test_what_each_kind_wants_is_a_success(
    tmp_path: Path, build: Builder | None, section: str
) -> None:
    assert verdict(tmp_path, section, build).code is Code.SUCCESS


TAUGHT = "get_python_exec_prefix() { echo $VENV_PATH/bin; }\n"


@pytest.mark.parametrize("build", [trees.none, trees.per_project])
def test_the_two_names_alone_are_a_failure_where_devstack_does_not_act_on_them(
    tmp_path: Path, build: Builder
) -> None:
    result = verdict(tmp_path, TWO, build)
    assert result.code is Code.FAILURE
    assert result.evidence[-1] == (
        f"get_python_exec_prefix is '/usr/local/bin', wanted '{VENV}/bin'"
    )


@pytest.mark.parametrize(
    ("build", "section"),
    [(trees.none, TWO + TAUGHT), (trees.per_project, TWO + TAUGHT + "USE_VENV=False\n")],
)
def test_an_old_devstack_that_was_taught_the_prefix_is_a_success(
    tmp_path: Path, build: Builder, section: str
) -> None:
    assert verdict(tmp_path, section, build).code is Code.SUCCESS


def test_names_that_an_unknown_devstack_does_not_act_on_are_a_warning(tmp_path: Path) -> None:
    result = verdict(tmp_path, TWO, lambda folder: trees.tree(folder, "", defaults=""))
    assert result.code is Code.WARNING
    assert "does not act on them" in result.details
    assert result.cure
    assert result.evidence


@pytest.mark.parametrize(
    ("build", "section"),
    [
        (trees.global_, "GLOBAL_VENV=False\n"),
        (trees.blog, "USE_VENV=False\n"),
        (trees.per_project, ""),
        (None, "USE_VENV=False\n"),
    ],
)
def test_no_environment_is_a_success_when_none_is_wanted(
    tmp_path: Path, build: Builder | None, section: str
) -> None:
    assert verdict(tmp_path, section, build, use=False).code is Code.SUCCESS


def test_the_two_names_alone_are_a_failure_on_a_global_devstack(tmp_path: Path) -> None:
    """There USE_VENV=True means one environment for each project, and breaks Keystone."""
    result = verdict(tmp_path, TWO, trees.global_)
    assert result.code is Code.FAILURE
    assert result.evidence == (
        f"USE_VENV is 'True' by {tmp_path}/local.conf:2, wanted 'False'",
        f"DEVSTACK_VENV is '/opt/stack/data/venv', wanted '{VENV}'",
        f"get_python_exec_prefix is '/opt/stack/data/venv/bin', wanted '{VENV}/bin'",
    )


def test_a_later_line_that_wins_is_named(tmp_path: Path) -> None:
    result = verdict(tmp_path, TWO + "VENV_PATH=/elsewhere\n")
    assert result.code is Code.FAILURE
    assert result.details.endswith("what is wanted: VENV_PATH")
    assert result.evidence == (
        f"VENV_PATH is '/elsewhere' by {tmp_path}/local.conf:4, wanted '{VENV}'",
    )
    assert result.cure


def test_a_name_that_is_not_set_is_said_so(tmp_path: Path) -> None:
    result = verdict(tmp_path, f"VENV_PATH={VENV}\n")
    assert result.evidence == ("USE_VENV is not set, wanted 'True'",)


def test_a_value_that_ends_in_a_carriage_return_is_a_failure(tmp_path: Path) -> None:
    result = verdict(tmp_path, TWO.replace("\n", "\r\n"))
    assert result.code is Code.FAILURE
    assert result.evidence[0] == (
        f"USE_VENV is 'True\\r' by {tmp_path}/local.conf:2, wanted 'True'"
    )


def test_a_localrc_file_that_hides_local_conf_is_the_cure(tmp_path: Path) -> None:
    def build(folder: Path) -> str:
        directory = trees.global_(folder)
        (folder / "localrc").write_text("")
        return directory

    result = verdict(tmp_path, HANDED_OVER, build)
    assert result.code is Code.FAILURE
    assert "ignores local.conf" in result.evidence[0]
    assert f"{tmp_path}/devstack/localrc" in result.cure


def test_settings_that_end_bash_are_a_failure(tmp_path: Path) -> None:
    result = verdict(tmp_path, "exit 0\n" + TWO)
    assert result.code is Code.FAILURE
    assert "does not come to the end" in result.details
    assert result.cure


@pytest.mark.parametrize("build", [trees.global_, None])
def test_settings_that_bash_leaves_early_are_a_failure_of_their_line(
    tmp_path: Path, build: Builder | None
) -> None:
    result = verdict(tmp_path, "e=return\n$e\n" + HANDED_OVER, build)
    assert result.code is Code.FAILURE
    assert result.details.startswith(
        f"{tmp_path}/local.conf:3: bash stops reading [[local|localrc]] here, so that nothing below"
    )


def test_posix_mode_is_a_failure_although_the_values_arrive(tmp_path: Path) -> None:
    """They do arrive in bash 5: what the mode ends is the first `source` or `export` that fails."""
    result = verdict(tmp_path, "A=1\nPOSIXLY_CORRECT=1\n" + HANDED_OVER, trees.global_)
    assert result.code is Code.FAILURE
    assert result.details == (
        f"{tmp_path}/local.conf:3: puts bash into POSIX mode, in which our block and stack.sh end"
        " at the first trifle"
    )


def test_no_local_conf_is_a_failure(tmp_path: Path) -> None:
    path = str(tmp_path / "local.conf")
    result = LocalConfCheck(path, None, use=True, venv_path=VENV).run(HOST)
    assert result.code is Code.FAILURE
    assert result.details == f"{path}: cannot be read: No such file or directory"
