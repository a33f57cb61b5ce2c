"""What travels: the lock files of a clone, and the wheel that pipx and uv tool install."""

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME: list[str] = PROJECT["project"]["dependencies"]
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]
LOCKS = {
    "requirements.lock": RUNTIME,
    "requirements-dev.lock": [*RUNTIME, *GROUPS["test"], *GROUPS["lint"]],
}
PRINT_LISTS = "from wizard.model import shipped; print(shipped.folder())"


def locked(name: str) -> dict[str, Version]:
    pins = re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / name).read_text(), re.MULTILINE)
    return {canonicalize_name(package): Version(version) for package, version in pins}


@pytest.mark.parametrize(("name", "requirements"), LOCKS.items(), ids=LOCKS)
def test_a_lock_satisfies_what_the_project_asks_for(name: str, requirements: list[str]) -> None:
    pins = locked(name)
    for requirement in map(Requirement, requirements):
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes(name: str) -> None:
    entries = re.split(r"^(?=[\w.-]+==)", (ROOT / name).read_text(), flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked(name))
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_leaves_the_index_to_the_person(name: str) -> None:
    assert not re.search(r"://|--(extra-)?index-url|--find-links", (ROOT / name).read_text())


def test_tests_run_against_the_versions_that_people_get() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("devstack_venv-*-py3-none-any.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def test_the_wheel_holds_every_package_list(wheel: zipfile.ZipFile) -> None:
    lists = {str(path.relative_to(ROOT)) for path in (ROOT / "files").rglob("*") if path.is_file()}
    assert "files/debs/venv" in lists
    travelling = {name.removeprefix("wizard/") for name in wheel.namelist()}
    assert {name for name in lists if "__pycache__" not in name} <= travelling


def test_the_wheel_holds_the_licence_and_gives_the_command(wheel: zipfile.ZipFile) -> None:
    (licence,) = [name for name in wheel.namelist() if name.endswith("licenses/LICENSE")]
    assert wheel.read(licence) == (ROOT / "LICENSE").read_bytes()
    (entry_points,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "devstack-venv = wizard.cli:main" in wheel.read(entry_points).decode()


def test_the_program_in_the_wheel_finds_its_package_lists(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    wheel.extractall(tmp_path)
    asked = subprocess.run(
        [sys.executable, "-c", PRINT_LISTS],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.stdout.strip() == str(tmp_path / "wizard/files"), asked.stderr
