"""Which lists a build reads: a checkout's own where it has them, whatever they turn out to be."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.arguments import Arguments
from wizard.engine.planning.package_choice import PackageChoice, choose
from wizard.engine.planning.survey import Caller, Survey, survey
from wizard.model.exit_status import ExitStatus

LISTS = ("venv-requirements.txt", "debs/venv")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The least that counts as a DevStack checkout."""
    for name in ("stack.sh", "functions", "stackrc"):
        (tmp_path / name).touch()
    (tmp_path / "files/debs").mkdir(parents=True)
    return tmp_path


def chosen(checkout: Path) -> PackageChoice | tuple[ExitStatus, ...]:
    """Choose for the checkout; the statuses of the problems where there are any."""
    answers = checkout / "answers.toml"
    answers.write_text('[host]\nlike = "debian"\ndevstack_name = "bookworm"\n')
    caller = Caller({}, "/", os.getuid(), "me", str(checkout))
    found = survey(Arguments(devstack=str(checkout), answers=str(answers)), caller)
    assert isinstance(found, Survey), found
    choice = choose(found)
    return choice if isinstance(choice, PackageChoice) else tuple(p.status for p in choice)


def test_a_checkouts_own_lists_win_over_ours(checkout: Path) -> None:
    (checkout / LISTS[0]).parent.mkdir(exist_ok=True)
    (checkout / "files" / LISTS[0]).write_text("pbr\n")
    (checkout / "files" / LISTS[1]).write_text("tree # pbr\n")
    choice = chosen(checkout)
    assert isinstance(choice, PackageChoice)
    assert (choice.pypi.names, choice.distro.names) == (frozenset({"pbr"}), ("tree",))


def test_a_checkout_without_lists_gets_ours(checkout: Path) -> None:
    choice = chosen(checkout)
    assert isinstance(choice, PackageChoice)
    assert len(choice.pypi.names) > 10


def dangle(path: Path) -> None:
    path.symlink_to("nowhere")


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, dangle, endless])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_cannot_be_read_is_named_and_not_passed_over(
    checkout: Path, name: str, make: Callable[[Path], None]
) -> None:
    make(checkout / "files" / name)
    assert chosen(checkout) == (ExitStatus.ANSWERS,)


def test_it_is_known_where_the_name_of_each_distro_package_is_written(checkout: Path) -> None:
    (checkout / "files" / LISTS[1]).write_text("tree\nlibpq-devv # pbr\n")
    choice = chosen(checkout)
    assert isinstance(choice, PackageChoice)
    assert choice.places["libpq-devv"] == f"{checkout}/files/debs/venv:2"
