"""When a venv that was complete is built again."""

import json
from pathlib import Path

from tests.images import STACK, ImageReader, image, said
from wizard.model.recipe import Recipe, Tools
from wizard.model.step import Pending, Satisfied, State
from wizard.steps.virtual_environment import VirtualEnvironment

VENV = "/opt/v"
RECIPE = Recipe(VENV, "/usr/bin/python3", False, "x\n", "")  # noqa: FBT003
RECORD = f"{VENV}/lib/python3.11/site-packages/oslo_privsep-3.6.0.dist-info/RECORD"
MARKER = {"inputs": RECIPE.inputs, "packages": {"oslo.privsep": "3.6.0"}, "python": "3.11.2"}


def state(folder: Path, program: str) -> State:
    files = {
        "/etc/passwd": STACK,
        RECIPE.marker: json.dumps(MARKER),
        RECORD: "../../../bin/privsep-helper,sha256=x,9\n",
        f"{VENV}/bin/privsep-helper": program,
        "/bin/sh": "",
    }
    answers = {f"{python} -I -S": said("3.11.2") for python in (RECIPE.python, RECIPE.bin_python)}
    return VirtualEnvironment(RECIPE, Tools("", "")).state(
        ImageReader(image(folder, files), answers)
    )


def test_one_whose_programs_start_stays(tmp_path: Path) -> None:
    assert isinstance(state(tmp_path, "#!/bin/sh\n"), Satisfied)


def test_one_with_a_program_that_was_broken_is_built_again(tmp_path: Path) -> None:
    found = state(tmp_path, "#!/opt/acme/python3.8\n")
    assert isinstance(found, Pending)
    assert found.why.startswith(f"build again: {VENV}/bin/privsep-helper was changed")
