"""What is asked of the checkout and its local.conf before anything is planned."""

import os
from pathlib import Path

import pytest

from tests import trees
from wizard.arguments import Arguments
from wizard.engine.planning.package_choice import PackageChoice, choose
from wizard.engine.planning.survey import Caller, Survey, survey
from wizard.facts.places import Places
from wizard.model.devstack import Kind
from wizard.model.local_conf.editor import BEGIN, END
from wizard.model.local_conf.managed_block import managed_block
from wizard.model.problem import Problem
from wizard.model.settings.settings import Origin

MARKS = BEGIN.decode(), END.decode()
AS_ROOT = pytest.mark.skipif(os.getuid() != 0, reason="who works is asked only for root")


def surveyed(checkout: str, local_conf: str = "") -> Survey:
    folder = Path(checkout)
    (folder / "local.conf").write_text(f"[[local|localrc]]\n{local_conf}\n")
    (folder / "answers.toml").write_text('[host]\nlike = "debian"\ndevstack_name = "bookworm"\n')
    caller = Caller({}, "/", os.getuid(), "root" if os.getuid() == 0 else "me", checkout)
    arguments = Arguments(devstack=checkout, answers=str(folder / "answers.toml"))
    found = survey(arguments, caller)
    assert isinstance(found, Survey), found
    return found


def test_the_venv_sees_the_systems_packages_where_devstacks_own_would(tmp_path: Path) -> None:
    assert surveyed(trees.global_(tmp_path)).settings.system_site_packages.value


def test_it_does_not_where_devstacks_own_would_not(tmp_path: Path) -> None:
    checkout = trees.global_(tmp_path)
    with (tmp_path / "functions").open("a") as functions:
        functions.write("setup_devstack_virtualenv() { $PYTHON -m venv $DEVSTACK_VENV; }\n")
    assert not surveyed(checkout).settings.system_site_packages.value


def test_what_devstack_puts_into_a_new_one_is_on_the_list(tmp_path: Path) -> None:
    choice = choose(surveyed(trees.global_(tmp_path)))
    assert isinstance(choice, PackageChoice)
    texts = [item.text for item in choice.pypi.requirements]
    assert texts[-2:] == ["pip<25.3", "setuptools[core]<82.0.0"]
    assert choice.pypi.requirements[-1].source == f"{tmp_path}/inc/python"


def test_a_list_that_cannot_be_had_with_that_is_refused(tmp_path: Path) -> None:
    checkout = trees.global_(tmp_path)
    (tmp_path / "files").mkdir()
    (tmp_path / "files/venv-requirements.txt").write_text("setuptools>=82\n")
    problems = choose(surveyed(checkout))
    assert isinstance(problems, tuple)
    assert all(isinstance(one, Problem) for one in problems)
    assert "setuptools" in problems[0].what


def test_the_constraints_are_those_below_the_users_dest(tmp_path: Path) -> None:
    dest = tmp_path / "os"
    (dest / "requirements").mkdir(parents=True)
    (dest / "requirements/upper-constraints.txt").write_text("pbr===7.0.3\n")
    found = surveyed(trees.global_(tmp_path / "devstack"), f"DEST={dest}")
    constraints = found.settings.constraints
    expected = (f"{dest}/requirements/upper-constraints.txt", Origin.HOST)
    assert (constraints.value, constraints.origin) == expected
    assert found.places == Places(str(dest), "/opt/stack/data")


def test_what_stack_sh_has_noted_there_of_its_clones_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "os/requirements").mkdir(parents=True)
    (tmp_path / "os/requirements/upper-constraints.txt").write_text(
        "-e file:///opt/stack/keystone#egg=keystone\nfile:///opt/stack/x#egg=x\npbr===7.0.3\n"
    )
    choice = choose(surveyed(trees.none(tmp_path / "devstack"), f"DEST={tmp_path}/os"))
    assert isinstance(choice, PackageChoice)
    assert [item.text for item in choice.pypi.constraints] == ["pbr===7.0.3"]


@AS_ROOT
def test_who_works_is_who_local_conf_names(tmp_path: Path) -> None:
    assert surveyed(trees.global_(tmp_path), "STACK_USER=daemon").host.user.name == "daemon"


def test_the_venv_is_where_the_user_says_in_local_conf(tmp_path: Path) -> None:
    path = surveyed(trees.global_(tmp_path), "DEST=/srv/os\nVENV_PATH=$DEST/venv").settings.path
    assert (path.value, path.origin) == ("/srv/os/venv", Origin.HOST)


def test_what_our_own_block_says_of_the_venv_suggests_nothing(tmp_path: Path) -> None:
    block = managed_block(Kind.PER_PROJECT, use=True, venv_path="/opt/elsewhere").body.decode()
    path = surveyed(trees.per_project(tmp_path), f"\n{MARKS[0]}{block}{MARKS[1]}").settings.path
    assert path.origin is Origin.DEFAULT


def test_a_place_in_local_conf_where_no_venv_can_be_is_named(tmp_path: Path) -> None:
    checkout = trees.global_(tmp_path)
    with pytest.raises(AssertionError, match=r"VENV_PATH contains a space.*local\.conf'"):
        surveyed(checkout, "VENV_PATH='/opt/a b'")


def test_behind_our_block_the_users_settings_are_still_known(tmp_path: Path) -> None:
    block = managed_block(Kind.PER_PROJECT, use=True, venv_path="/opt/v").body.decode()
    mine = "DEST=/srv/os\nSTACK_USER=daemon\n"
    found = surveyed(trees.per_project(tmp_path), f"{mine}\n{MARKS[0]}{block}{MARKS[1]}")
    assert (found.places.dest, found.places.user) == ("/srv/os", "daemon")
