"""What bash cannot read of a checkout is said with its line, and nothing is claimed besides."""

import os
import tempfile
from pathlib import Path

import pytest

from tests import own_devstack, trees
from tests.support import local_reader
from wizard.checks.local_conf import LocalConfCheck
from wizard.checks.preconditions.checkout import Checkout
from wizard.facts import devstack
from wizard.facts.openrc import sourced
from wizard.facts.shell_files import broken_run, broken_settings
from wizard.facts.stack_settings import asked_for, look
from wizard.model.check import Code, Result
from wizard.model.devstack import Devstack, Kind
from wizard.model.problem import Problem

HOST = local_reader()
MERGE = "FOO=0\n<<<<<<< HEAD\nFOO=1\n=======\nFOO=2\n>>>>>>> topic\n"


def test_a_merge_that_was_not_finished_is_named_with_the_line_of_its_marker(tmp_path: Path) -> None:
    (tmp_path / "stackrc").write_text(MERGE)
    found = broken_settings(HOST, str(tmp_path))
    assert isinstance(found, Problem)
    assert found.where == f"{tmp_path}/stackrc:2"
    assert "<<<<<<< HEAD is from a merge that was not finished" in found.what
    assert f"git -C {tmp_path} status" in found.cure


@pytest.mark.parametrize("name", ["functions", "inc/python", "localrc"])
def test_every_file_that_the_settings_come_through_is_asked(tmp_path: Path, name: str) -> None:
    (tmp_path / "inc").mkdir()
    (tmp_path / name).write_text("if true; then\nFOO=1\n}\n")
    found = broken_settings(HOST, str(tmp_path))
    assert isinstance(found, Problem)
    assert found.where == f"{tmp_path}/{name}:3"
    assert "syntax error" in found.what
    assert ("git" in found.cure) is (name != "localrc")


def test_a_file_without_an_end_is_told_in_the_words_of_bash(tmp_path: Path) -> None:
    (tmp_path / "stackrc").write_text("if true; then\nFOO=1\n")
    found = broken_settings(HOST, str(tmp_path))
    assert isinstance(found, Problem)
    assert "unexpected end of file" in found.what


def test_a_file_that_turns_extglob_on_reads_well(tmp_path: Path) -> None:
    (tmp_path / "stackrc").write_text("shopt -s extglob\ncase x in @(a|b)) ;; esac\n")
    assert broken_settings(HOST, str(tmp_path)) is None


def test_nothing_of_a_file_is_run(tmp_path: Path) -> None:
    (tmp_path / "stackrc").write_text(f"touch {tmp_path}/run\n")
    assert broken_settings(HOST, str(tmp_path)) is None
    assert not (tmp_path / "run").exists()


def test_what_stack_sh_sources_later_is_asked_too(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/nova").write_text(MERGE)
    stack_sh = "source $TOP_DIR/lib/keystone\nsource $TOP_DIR/lib/nova\n"
    assert broken_run(HOST, str(tmp_path), "") is None
    found = broken_run(HOST, str(tmp_path), stack_sh)
    assert isinstance(found, Problem)
    assert found.where == f"{tmp_path}/lib/nova:2"


@pytest.mark.parametrize(
    ("name", "code"), [("stackrc", Code.FAILURE), ("openrc", Code.WARNING), ("", Code.SUCCESS)]
)
def test_before_a_build_the_settings_stop_it_and_the_rest_is_a_warning(
    tmp_path: Path, name: str, code: Code
) -> None:
    for folder in ("files", "lib"):
        (tmp_path / folder).mkdir()
    (tmp_path / (name or "other")).write_text(MERGE)
    result = Checkout(str(tmp_path)).run(HOST)
    assert result.code is code
    assert (f"{tmp_path}/{name}:2" in result.details) is bool(name)


def test_the_check_of_local_conf_blames_stackrc_and_not_local_conf(tmp_path: Path) -> None:
    folder = trees.global_(tmp_path / "devstack")
    checkout = devstack.inspect(HOST, folder)
    assert isinstance(checkout, Devstack)
    conf = tmp_path / "devstack/local.conf"
    conf.write_text("[[local|localrc]]\n")
    (tmp_path / "devstack/stackrc").write_text(MERGE)
    result = LocalConfCheck(str(conf), checkout, use=True, venv_path="/v").run(HOST)
    assert isinstance(result, Result)
    assert result.details.startswith(f"{folder}/stackrc:2: ")
    assert "status" in result.cure


def test_no_password_is_called_missing_where_stackrc_cannot_be_read(tmp_path: Path) -> None:
    own_devstack.furnish(tmp_path, Kind.GLOBAL, "ADMIN_PASSWORD=a\n")
    (tmp_path / "stackrc").write_text(MERGE)
    found = look(HOST, str(tmp_path), asked_for((tmp_path / "stack.sh").read_text()))
    assert isinstance(found, Problem)
    assert found.where == f"{tmp_path}/stackrc:2"


def test_openrc_is_not_blamed_for_what_it_sources(tmp_path: Path) -> None:
    (tmp_path / "openrc").write_text("source stackrc\n")
    (tmp_path / "stackrc").write_text(MERGE)
    found = sourced(HOST, str(tmp_path))
    assert isinstance(found, Problem)
    assert found.where == f"{tmp_path}/stackrc:2"


def test_the_line_of_openrc_itself_is_named(tmp_path: Path) -> None:
    (tmp_path / "openrc").write_text("FOO=1\nif ]]; fi\n")
    found = sourced(HOST, str(tmp_path))
    assert isinstance(found, Problem)
    assert found.where == f"{tmp_path}/openrc:2"


@pytest.mark.skipif(os.getuid() != 0, reason="another user has to be asked")
def test_a_file_that_the_user_may_not_read_is_named() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        Path(folder, "stackrc").touch(mode=0o600)
        found = broken_settings(local_reader("nobody"), folder)
    assert isinstance(found, Problem)
    assert found.what == "nobody may not read this file"
    assert found.where == f"{folder}/stackrc"
