"""The one place that stack.sh gives its links leads to the venv; what is there already stays."""

from pathlib import Path

import pytest

from tests.images import STACK, ImageReader, image, said
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Completed, Identity
from wizard.model.problem import Problem
from wizard.model.step import Done, Pending, Satisfied
from wizard.steps.command_links import CommandLinksStep

VENV = "/opt/stack/global-venv"
PLACE = "/opt/stack/data/venv"
STEP = CommandLinksStep(VENV)


class Machine(ImageReader):
    """Notes what is to be made."""

    def __init__(self, root: Path, answers: dict[str, Completed]) -> None:
        super().__init__(root, answers)
        self.made: list[str] = []

    def make_directory(
        self, path: str, *, mode: int = 0o755, owner: Identity = Identity.STACK
    ) -> Problem | None:
        self.made.append(f"{path} {owner} {mode:o}")
        return None

    def make_link(self, path: str, target: str) -> Problem | None:
        self.made.append(f"{path} -> {target}")
        return None


def host(folder: Path, *there: str, link: str = "") -> Machine:
    files = {"/etc/passwd": STACK, **dict.fromkeys((f"{path}/x" for path in there), "")}
    root = image(folder, files)
    answers = {"test": Completed(1)}
    if link:
        (root / "opt/stack/data").mkdir(parents=True, exist_ok=True)
        (root / PLACE[1:]).symlink_to(link)
        answers["readlink"] = said(f"{link}\n")
    return Machine(root, answers)


def test_where_nothing_is_it_is_made(tmp_path: Path) -> None:
    reader = host(tmp_path, VENV)
    assert isinstance(STEP.state(reader), Pending)
    assert STEP.is_free(reader)


def test_where_it_leads_to_the_venv_nothing_is_to_do(tmp_path: Path) -> None:
    """Even while the venv is not there: it is built again just now."""
    reader = host(tmp_path, link=VENV)
    assert isinstance(STEP.state(reader), Satisfied)
    assert STEP.is_free(reader)


def test_where_the_venv_itself_is_in_that_place_nothing_is_to_do(tmp_path: Path) -> None:
    step = CommandLinksStep(PLACE)
    assert isinstance(step.state(host(tmp_path, PLACE)), Satisfied)


@pytest.mark.parametrize("link", ["", "/srv/other"])
def test_another_environment_in_that_place_stays(tmp_path: Path, link: str) -> None:
    reader = host(tmp_path, *(() if link else (PLACE,)), link=link)
    state = STEP.state(reader)
    assert isinstance(state, Problem)
    assert state.status is ExitStatus.NEEDS_PERSON
    assert not STEP.is_free(reader)


def test_its_folders_become_the_users_as_stack_sh_would_make_them(tmp_path: Path) -> None:
    machine = host(tmp_path, "/opt/stack")
    assert isinstance(STEP.apply(machine), Done)  # type: ignore[arg-type]
    assert machine.made == ["/opt/stack/data stack 755", f"{PLACE} -> {VENV}"]
