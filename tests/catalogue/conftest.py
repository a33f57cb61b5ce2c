"""What the rows about files share: a checkout's folder, and the real engine to write there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import local_reader
from wizard.engine.acting_machine import ActingMachine, Run
from wizard.engine.cancel import Cancel
from wizard.engine.journal.journal import open_journal
from wizard.engine.runs import run_folder
from wizard.model.problem import Problem
from wizard.model.secret import Mask


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    """Where local.conf is to be, beside a stack.sh."""
    folder = tmp_path / "devstack"
    folder.mkdir()
    (folder / "stack.sh").touch()
    return folder / "local.conf"


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[ActingMachine]:
    host = local_reader()
    folder = run_folder.create(tmp_path / "state", {}, Mask())
    journal = open_journal(folder.path)
    assert not isinstance(journal, Problem)
    run = Run(folder, journal, Cancel())
    yield ActingMachine(host.launcher, host.user_name, at=run, step="local-conf")
    journal.close()
