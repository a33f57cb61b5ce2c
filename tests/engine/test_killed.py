"""A run or an undo that is killed before any of its side effects leaves nothing half done."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

KILLER = Path(__file__).with_name("killer.py")
MEMORY = Path("/dev/shm")

State = dict[str, str]
OLD, NEW = "ADMIN_PASSWORD=one\n", "ADMIN_PASSWORD=one\nUSE_VENV=True\n"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """In memory where there is such a thing: thousands of fsyncs take their time on a disk."""
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as path:
        yield Path(path)


@pytest.fixture(scope="module")
def said(folder: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, KILLER, folder],
        cwd=KILLER.parents[2],
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def undisturbed(said: list[dict[str, Any]]) -> dict[str, Any]:
    return said[0]


@pytest.fixture(scope="module")
def points(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return said[1:]


def test_every_point_was_tried(undisturbed: dict[str, Any], points: list[dict[str, Any]]) -> None:
    assert undisturbed["builds"] > 60
    assert len(points) > 100
    assert all(point["killed"] for point in points)


def test_a_file_is_old_or_new_and_keeps_its_mode(points: list[dict[str, Any]]) -> None:
    found = {point["after_kill"]["local.conf"] for point in points}
    assert found == {f"100604 {OLD}", f"100604 {NEW}"}


def test_a_new_file_is_whole_or_not_there(points: list[dict[str, Any]]) -> None:
    found = {point["after_kill"].get("made/new") for point in points}
    assert found == {None, f"100640 {NEW}"}


def test_a_removed_file_is_whole_or_not_there(points: list[dict[str, Any]]) -> None:
    found = {point["after_kill"].get("goes") for point in points}
    assert found == {None, f"100604 {OLD}"}


def test_a_new_folder_has_its_mode_or_is_not_there(points: list[dict[str, Any]]) -> None:
    found = {point["after_kill"].get("made/deep") for point in points}
    assert found == {None, "40750 "}


def test_the_journal_can_be_read(points: list[dict[str, Any]]) -> None:
    assert all(point["journal_reads"] for point in points)


def test_running_again_ends_where_an_undisturbed_run_does(
    undisturbed: dict[str, Any], points: list[dict[str, Any]]
) -> None:
    for point in points:
        if "after_rerun" in point:
            assert point["after_rerun"] == undisturbed["after"]


def test_undo_ends_where_everything_began(
    undisturbed: dict[str, Any], points: list[dict[str, Any]]
) -> None:
    for point in points:
        assert point["after_undo"] == undisturbed["before"]


def test_no_temporary_file_is_left(points: list[dict[str, Any]]) -> None:
    assert all(point["litter"] == [] for point in points)
