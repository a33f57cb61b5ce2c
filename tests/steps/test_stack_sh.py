"""What stack.sh is told of the venv."""

from pathlib import Path

from tests.support import local_reader
from wizard.model.recipe import BUILD_CONSTRAINTS
from wizard.steps.stack_sh import for_builds


def _kept(venv: Path, text: str) -> str:
    file = venv / BUILD_CONSTRAINTS
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return str(file)


def test_what_devstack_builds_is_held_to_the_setuptools_that_the_venv_is_held_to(
    tmp_path: Path,
) -> None:
    file = _kept(tmp_path, "setuptools<81\n")
    told = for_builds(local_reader(), str(tmp_path))
    assert told == {"PIP_BUILD_CONSTRAINT": file, "PIP_CONSTRAINT": file}


def test_where_nothing_is_held_back_nothing_is_said(tmp_path: Path) -> None:
    assert for_builds(local_reader(), str(tmp_path)) == {}
    _kept(tmp_path, "")
    assert for_builds(local_reader(), str(tmp_path)) == {}
    assert for_builds(local_reader(), "") == {}
