"""--save-answers onto whatever a user may name."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.arguments import Arguments
from wizard.engine import answers_keeper
from wizard.engine.planning.survey import Caller, Survey, survey
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem


def keep(path: Path) -> Problem | None:
    answers = path.parent / "given.toml"
    answers.write_text('[host]\nlike = "debian"\ndevstack_name = "bookworm"\n')
    caller = Caller({}, str(path.parent), os.getuid(), "me", "/nonexistent")
    found = survey(Arguments(answers=str(answers), save_answers=path.name), caller)
    assert isinstance(found, Survey), found
    return answers_keeper.keep(found)


def test_a_new_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert keep(tmp_path / "a.toml") is None
    assert (tmp_path / "a.toml").stat().st_mode & 0o777 == 0o600
    assert 'devstack_name = "bookworm"' in (tmp_path / "a.toml").read_text()


def test_comments_of_an_earlier_file_survive(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("# mine\nschema = 1\n")
    assert keep(tmp_path / "a.toml") is None
    assert (tmp_path / "a.toml").read_text().startswith("# mine\n")


def dangle(path: Path) -> None:
    path.symlink_to("nowhere/at/all")


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def binary(path: Path) -> None:
    path.write_bytes(b"\xff\x00")


def prose(path: Path) -> None:
    path.write_text("dear diary\n")


@pytest.mark.timeout(10)
@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, dangle, endless, binary, prose])
def test_what_is_no_answers_file_is_refused_and_left_alone(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "odd"
    make(path)
    before = marks(path)
    problem = keep(path)
    assert isinstance(problem, Problem)
    assert problem.status is ExitStatus.ANSWERS
    assert marks(path) == before


def marks(path: Path) -> tuple[int, ...]:
    """What tells a changed file; not when it was last read."""
    now = path.lstat()
    return now.st_mode, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns
