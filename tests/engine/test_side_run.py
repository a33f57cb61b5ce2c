"""Small runs beside the builds, on real folders of this host."""

import os
import pwd
from pathlib import Path

import pytest

from tests.support import local_reader
from wizard.checks.preconditions.traversable import Traversable
from wizard.engine.runs.follow import recorded
from wizard.engine.side_run import SideRun
from wizard.model.distribution import Distribution, Family
from wizard.model.events import RunFinished, RunStarted
from wizard.model.machine import Command, Identity
from wizard.model.problem import Problem
from wizard.steps.host_cure import HostCure

DEBIAN = Distribution("debian", "12", "Debian 12", Family.DEB, "bookworm")
IDENTITY = Identity.ROOT if os.geteuid() == 0 else Identity.STACK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "closed"
    found.mkdir(mode=0o700)
    return found


class Closed(Traversable):
    """Looks at the last folder only: the ones on the way are this machine's."""

    def closed(self, host: object) -> dict[str, int]:
        mode = Path(self.paths[0]).stat().st_mode & 0o777
        return {} if mode & 0o001 else {self.paths[0]: mode}


def side_run(folder: Path, *argv: str) -> SideRun:
    host = local_reader(pwd.getpwuid(os.geteuid()).pw_name)
    step = HostCure(Closed((str(folder),)), (Command(argv, identity=IDENTITY),))
    return SideRun("host", host, DEBIAN, (step,), (str(folder), f"{folder}/local.conf"))


def test_it_does_its_steps_and_keeps_what_they_said(folder: Path, tmp_path: Path) -> None:
    assert side_run(folder, "chmod", "o+x", str(folder)).run(tmp_path, lambda _: None) is None
    assert folder.stat().st_mode & 0o001
    (kept,) = (tmp_path / "runs").iterdir()
    said = [stamped.event for stamped in recorded(kept)]
    assert isinstance(said[0], RunStarted)
    assert said[0].kind == "host"
    assert isinstance(said[-1], RunFinished)
    assert said[-1].status == 0


def test_a_command_that_fails_is_named(folder: Path, tmp_path: Path) -> None:
    problem = side_run(folder, "false").run(tmp_path, lambda _: None)
    assert isinstance(problem, Problem)
    assert problem.what == "false ended with status 1"


def test_what_ran_and_did_not_help_is_said(folder: Path, tmp_path: Path) -> None:
    problem = side_run(folder, "true").run(tmp_path, lambda _: None)
    assert isinstance(problem, Problem)
    assert "only some users may enter" in problem.what


def test_where_no_run_can_be_kept_nothing_is_done(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    problem = side_run(folder, "chmod", "o+x", str(folder)).run(tmp_path / "file", lambda _: None)
    assert isinstance(problem, Problem)
    assert not folder.stat().st_mode & 0o001
