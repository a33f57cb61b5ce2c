"""The checks that ask a checkout's own functions, on small ones that keep DevStack's contracts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import trees
from tests.support import local_reader
from wizard.checks.command_links import CommandLinks
from wizard.checks.exec_prefix import ExecPrefix
from wizard.checks.openrc import Openrc
from wizard.checks.pip_as_user import PipAsUser
from wizard.model.check import Code, NotYet, Result
from wizard.model.devstack import Devstack, Kind
from wizard.model.local_conf.managed_block import managed_block
from wizard.model.step import Pending, Satisfied
from wizard.steps.openrc_path import OpenrcPath

OPENRC = """\
RC_DIR=$(cd "$(dirname "${BASH_SOURCE:-$0}")" && pwd)
source "$RC_DIR/stackrc"
[[ ! -r $RC_DIR/.stackenv ]] || source "$RC_DIR/.stackenv"
"""


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """An environment with a Python that says where it is, and an openstack."""
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    for name in ("python3", "pip", "openstack"):
        program = folder / "bin" / name
        program.write_text(f"#!/bin/sh\necho {folder}\n")
        program.chmod(0o755)
    return folder


def checkout(tmp_path: Path, make: Callable[[Path], str], kind: Kind, section: str) -> Devstack:
    folder = tmp_path / "devstack"
    make(folder)
    (folder / "openrc").write_text(OPENRC)
    (folder / "local.conf").write_text(f"[[local|localrc]]\n{section}")
    return Devstack(str(folder), kind)


def verdict(check: ExecPrefix | PipAsUser | Openrc) -> tuple[Code, str]:
    result = check.run(local_reader())
    assert isinstance(result, Result), result
    return result.code, " ".join((result.details, *result.evidence))


def block(venv: Path, kind: Kind) -> str:
    return managed_block(kind, use=True, venv_path=str(venv)).body.decode()


class TestGlobal:
    def test_with_our_block_prefix_and_pip_are_the_venvs(self, tmp_path: Path, venv: Path) -> None:
        tree = checkout(tmp_path, trees.global_, Kind.GLOBAL, block(venv, Kind.GLOBAL))
        conf = f"{tree.directory}/local.conf"
        for check in (ExecPrefix(conf, tree, str(venv)), PipAsUser(conf, tree, str(venv))):
            assert verdict(check)[0] is Code.SUCCESS

    def test_without_it_neither_is(self, tmp_path: Path, venv: Path) -> None:
        tree = checkout(tmp_path, trees.global_, Kind.GLOBAL, "ADMIN_PASSWORD=x\n")
        conf = f"{tree.directory}/local.conf"
        for check in (ExecPrefix(conf, tree, str(venv)), PipAsUser(conf, tree, str(venv))):
            assert verdict(check)[0] is Code.FAILURE

    def test_a_later_line_is_what_counts(self, tmp_path: Path, venv: Path) -> None:
        section = block(venv, Kind.GLOBAL) + "DEVSTACK_VENV=/opt/other\n"
        tree = checkout(tmp_path, trees.global_, Kind.GLOBAL, section)
        conf = f"{tree.directory}/local.conf"
        code, said = verdict(ExecPrefix(conf, tree, str(venv)))
        assert code is Code.FAILURE
        assert "/opt/other/bin" in said


class TestPip:
    def test_pip_of_the_venv_without_sudo_is_good(self, tmp_path: Path, venv: Path) -> None:
        section = f"PIP_VIRTUAL_ENV={venv}\n"
        tree = checkout(tmp_path, trees.per_project, Kind.PER_PROJECT, section)
        check = PipAsUser(f"{tree.directory}/local.conf", tree, str(venv))
        assert verdict(check)[0] is Code.SUCCESS

    def test_pip_by_sudo_is_a_failure(self, tmp_path: Path, venv: Path) -> None:
        tree = checkout(tmp_path, trees.none, Kind.NONE, f"VENV_PATH={venv}\n")
        check = PipAsUser(f"{tree.directory}/local.conf", tree, str(venv))
        code, said = verdict(check)
        assert code is Code.FAILURE
        assert "as root" in said

    def test_pip_of_another_venv_is_a_failure(self, tmp_path: Path, venv: Path) -> None:
        section = f"PIP_VIRTUAL_ENV={tmp_path}\n"
        tree = checkout(tmp_path, trees.per_project, Kind.PER_PROJECT, section)
        check = PipAsUser(f"{tree.directory}/local.conf", tree, str(venv))
        assert verdict(check)[0] is Code.FAILURE

    def test_a_pip_install_that_starts_pip_itself_is_seen_and_not_run(
        self, tmp_path: Path, venv: Path
    ) -> None:
        proof = tmp_path / "ran"
        (venv / "bin/pip").write_text(f"#!/bin/sh\ntouch {proof}\n")

        def make(folder: Path) -> str:
            return trees.tree(folder, 'pip_install() { "$VENV_PATH/bin/pip" install "$@"; }\n')

        tree = checkout(tmp_path, make, Kind.BLOG, f"VENV_PATH={venv}\n")
        assert verdict(PipAsUser(f"{tree.directory}/local.conf", tree, str(venv)))[0] == 0
        assert not proof.exists()


class TestOpenrc:
    def test_it_waits_for_stack_sh(self, tmp_path: Path, venv: Path) -> None:
        tree = checkout(tmp_path, trees.global_, Kind.GLOBAL, "")
        assert isinstance(Openrc(str(venv), tree.directory).run(local_reader()), NotYet)

    def test_our_block_gives_its_shell_the_venv(self, tmp_path: Path, venv: Path) -> None:
        tree = checkout(tmp_path, trees.global_, Kind.GLOBAL, "")
        Path(tree.directory, ".stackenv").write_text("DEST=/opt/stack\n")
        Path(tree.directory, ".localrc.auto").write_text(block(venv, Kind.GLOBAL))
        code, said = verdict(Openrc(str(venv), tree.directory))
        assert code is Code.SUCCESS, said

    def test_without_it_the_system_is_found(self, tmp_path: Path, venv: Path) -> None:
        tree = checkout(tmp_path, trees.global_, Kind.GLOBAL, "")
        Path(tree.directory, ".stackenv").write_text("DEST=/opt/stack\n")
        before = trees.contents(Path(tree.directory))
        assert verdict(Openrc(str(venv), tree.directory))[0] is Code.FAILURE
        assert trees.contents(Path(tree.directory)) == before

    def test_an_activation_that_stops_stack_sh_is_a_failure(
        self, tmp_path: Path, venv: Path
    ) -> None:
        tree = checkout(tmp_path, trees.global_, Kind.GLOBAL, "")
        text = f"export VIRTUAL_ENV={venv}\nPATH={venv}/bin:$PATH\n"
        Path(tree.directory, ".stackenv").write_text(text)
        code, said = verdict(Openrc(str(venv), tree.directory))
        assert code is Code.FAILURE
        assert "stack.sh refuses" in said

    def test_what_ends_the_shell_is_a_failure(self, tmp_path: Path, venv: Path) -> None:
        tree = checkout(tmp_path, trees.global_, Kind.GLOBAL, "")
        Path(tree.directory, ".stackenv").write_text("exit 1\n")
        assert verdict(Openrc(str(venv), tree.directory))[0] is Code.FAILURE

    def test_the_step_shows_a_difference_that_makes_it_pass(
        self, tmp_path: Path, venv: Path
    ) -> None:
        tree = checkout(tmp_path, trees.global_, Kind.GLOBAL, "")
        stackenv = Path(tree.directory, ".stackenv")
        stackenv.write_text("DEST=/opt/stack")
        step, host = OpenrcPath(str(venv), tree.directory), local_reader()
        assert isinstance(step.state(host), Pending)
        stackenv.write_text(step._new(stackenv.read_text()))
        assert isinstance(step.state(host), Satisfied)
        assert verdict(Openrc(str(venv), tree.directory))[0] is Code.SUCCESS


def test_links_wait_for_stack_sh_where_there_are_none(venv: Path) -> None:
    assert isinstance(CommandLinks(str(venv)).run(local_reader()), NotYet)
