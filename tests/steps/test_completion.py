"""A damaged installation: every file is named, with the cache that it came from."""

import base64
import hashlib
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from uv import find_uv_bin

from tests.images import STACK, ImageReader, image
from wizard.engine.diagnosing import Explanation, read
from wizard.model import shipped
from wizard.model.diagnosis import rule_book
from wizard.model.diagnosis.clue import Clues
from wizard.model.machine import Completed
from wizard.model.problem import Problem
from wizard.model.recipe import Recipe
from wizard.steps.completion import Completion

RECIPE = Recipe("/opt/stack/v", "/usr/bin/python3", False, "", "")  # noqa: FBT003 -- as positional
BROKEN = ["/v/pymysql/connections.py is not what was installed", "/v/oslo_privsep/daemon.py is not"]


class Machine(ImageReader):
    """Keeps what a step logs."""

    logged: list[str]

    def log(self, line: str) -> None:
        self.logged.append(line)


def told(folder: Path, installer: str) -> tuple[Problem, Machine]:
    report = {"packages": {}, "files": 2, "broken": BROKEN, "damaged": ["PyMySQL", "oslo.privsep"]}
    said = Completed(0, json.dumps(report).encode())
    host = Machine(image(folder, {"/etc/passwd": STACK}), {"/opt/stack/v/bin/python": said})
    host.logged = []
    outcome = Completion(replace(RECIPE, installer=installer)).apply(host)  # type: ignore[arg-type]
    assert isinstance(outcome, Problem)
    return outcome, host


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_every_damaged_file_is_named(tmp_path: Path, installer: str) -> None:
    what = told(tmp_path, installer)[0].what
    assert all(sentence in what for sentence in BROKEN)


def test_uvs_cache_is_told_with_the_command_that_cleans_it(tmp_path: Path) -> None:
    _, host = told(tmp_path, "uv")
    clues = Clues(rule_book.shipped())
    (found,) = read(io.BytesIO(f"{host.logged[0]}\n".encode()), clues).findings()
    finding = Explanation().finding(found)
    assert finding.id == "uv-cache-damaged"
    clean = f"{find_uv_bin()} cache clean --cache-dir /opt/stack/.cache/uv"
    assert finding.commands == (f"sudo {clean} PyMySQL oslo.privsep",)


def test_pip_has_no_such_cache(tmp_path: Path) -> None:
    assert told(tmp_path, "pip")[1].logged == []


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Two packages as an installer leaves them, for a Python that sees nothing else."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text("x = 1\n")
        digest = base64.urlsafe_b64encode(hashlib.sha256(b"x = 1\n").digest()).rstrip(b"=").decode()
        info = tmp_path / f"{name}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        (info / "RECORD").write_text(f"{name}.py,sha256={digest},6\n")
    return tmp_path


def test_whose_files_are_damaged_is_found_by_their_records(installed: Path) -> None:
    (installed / "two.py").write_text("x =")
    script = shipped.read("verify_records.py").decode()
    script = script.replace("\nmain()", f"\nLIBRARIES = [{str(installed)!r}]\nmain()")
    argv = [sys.executable, "-I", "-"]
    report = json.loads(subprocess.check_output(argv, input=script.encode()))
    assert report["damaged"] == ["two"]
    assert report["broken"] == [f"{installed}/two.py is not what was installed"]
    assert report["packages"] == {"one": "1", "two": "1"}
