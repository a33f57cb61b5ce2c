"""A damaged installation: every file is named, with the cache that it came from."""

import base64
import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.images import ImageReader
from wizard.model import shipped
from wizard.model.machine import Completed, Machine
from wizard.model.problem import Problem
from wizard.model.recipe import Recipe
from wizard.steps.completion import Completion

RECIPE = Recipe("/opt/stack/v", "/usr/bin/python3", False, "", "")  # noqa: FBT003 -- as positional
BROKEN = ["/v/pymysql/connections.py is not what was installed", "/v/oslo_privsep/daemon.py is not"]


def told(folder: Path, installer: str, *programs: str) -> Problem:
    (folder / "usr/bin").mkdir(parents=True)
    (folder / "etc").mkdir()
    (folder / "etc/passwd").write_text("stack:x:1000:1000::/opt/stack:/bin/bash\n")
    for name in programs:
        (folder / "usr/bin" / name).touch(mode=0o755)
    report = {"packages": {}, "files": 2, "broken": BROKEN, "damaged": ["PyMySQL", "oslo.privsep"]}
    said = Completed(0, json.dumps(report).encode())
    host: Machine = ImageReader(folder, {"/opt/stack/v/bin/python": said})  # type: ignore[assignment]
    outcome = Completion(replace(RECIPE, installer=installer)).apply(host)
    assert isinstance(outcome, Problem)
    return outcome


def test_every_damaged_file_is_named(tmp_path: Path) -> None:
    what = told(tmp_path, "uv").what
    assert all(sentence in what for sentence in BROKEN)


def test_uvs_cache_is_told_with_the_command_that_cleans_it(tmp_path: Path) -> None:
    found = told(tmp_path, "uv", "uv")
    assert "/opt/stack/.cache/uv" in found.cure
    assert found.cure.endswith("sudo -u stack uv cache clean PyMySQL oslo.privsep")


def test_where_uv_is_not_installed_its_folder_is_removed(tmp_path: Path) -> None:
    assert told(tmp_path, "uv").cure.endswith("sudo -u stack rm -rf /opt/stack/.cache/uv")


def test_pip_has_no_such_cache(tmp_path: Path) -> None:
    assert "cache" not in told(tmp_path, "pip").cure


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
