"""A program that a build installed and that can no longer start is seen, and nothing else is."""

import base64
import hashlib
from pathlib import Path

import pytest

from tests.support import local_reader
from wizard.facts.venv_folder import Complete
from wizard.facts.venv_programs import damage

HOST = local_reader()
BUILT = Complete("", {"oslo.privsep": "3.6.0"}, "3.11.2")
GOOD = "#!/bin/sh\n"
GONE = "#!/opt/acme/python3.8\n"


def venv(folder: Path, installed: str = GOOD, package: str = "oslo_privsep-3.6.0") -> Path:
    """A venv with one program, and the record of it as pip and uv write it."""
    program = folder / "bin/privsep-helper"
    program.parent.mkdir()
    program.write_text(installed)
    digest = base64.urlsafe_b64encode(hashlib.sha256(installed.encode()).digest())
    record = folder / f"lib/python3.11/site-packages/{package}.dist-info/RECORD"
    record.parent.mkdir(parents=True)
    record.write_text(
        f"../../../bin/privsep-helper,sha256={digest.decode().rstrip('=')},{len(installed)}\n"
    )
    return program


def test_what_is_as_it_was_installed_is_good(tmp_path: Path) -> None:
    venv(tmp_path)
    assert damage(HOST, str(tmp_path), BUILT) == ""


def test_a_first_line_that_was_changed_to_a_python_that_is_gone_is_named(tmp_path: Path) -> None:
    program = venv(tmp_path)
    program.write_text(GONE)
    said = damage(HOST, str(tmp_path), BUILT)
    assert said.startswith(str(program))
    assert "names /opt/acme/python3.8, which is not there" in said


def test_a_program_that_was_removed_is_named(tmp_path: Path) -> None:
    venv(tmp_path).unlink()
    assert damage(HOST, str(tmp_path), BUILT) == f"{tmp_path}/bin/privsep-helper is gone"


def test_a_program_that_somebody_changed_and_that_starts_is_theirs(tmp_path: Path) -> None:
    venv(tmp_path).write_text("#!/bin/sh\nset -x\n")
    assert damage(HOST, str(tmp_path), BUILT) == ""


def test_a_script_that_a_package_brings_so_would_come_so_again(tmp_path: Path) -> None:
    venv(tmp_path, GONE)
    assert damage(HOST, str(tmp_path), BUILT) == ""


@pytest.mark.parametrize("package", ["keystone-30.0.0", "oslo_privsep_more-1.0"])
def test_what_stack_sh_installed_is_not_for_a_build_to_mend(tmp_path: Path, package: str) -> None:
    venv(tmp_path, package=package).unlink()
    assert damage(HOST, str(tmp_path), BUILT) == ""
