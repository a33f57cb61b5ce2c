"""Where a server's Python gets its application from, with real environments."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import local_reader
from wizard.checks.server_python import judged
from wizard.facts.apache import Heard

HOST = local_reader()
MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return folder


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source tree such as /opt/stack/keystone."""
    folder = tmp_path_factory.mktemp("source")
    (folder / "stone").mkdir()
    (folder / "stone/__init__.py").touch()
    return folder


def heard(venv: Path, origin: Path) -> Heard:
    path = (f"{venv}/lib/python{MINOR}/site-packages",)
    return Heard("", "stone", str(origin), "", str(venv), MINOR, path)


def test_a_source_tree_that_the_venv_leads_to_is_the_venvs(venv: Path, source: Path) -> None:
    link = venv / f"lib/python{MINOR}/site-packages/__editable__.stone.pth"
    link.write_text(f"{source}\n")
    assert judged(HOST, str(venv), heard(venv, source / "stone/__init__.py")) == ""
    link.unlink()


def test_a_source_tree_that_it_does_not_lead_to_is_not(venv: Path, source: Path) -> None:
    origin = source / "stone/__init__.py"
    assert f"comes from {origin}" in judged(HOST, str(venv), heard(venv, origin))
