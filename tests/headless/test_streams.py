"""The program with standard streams that are closed, full, or that nobody reads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent.parent
MODES = ("--attach", "--attach --output json", "--help", "--version", "--no-such-option")


def said(arguments: str, redirection: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the program from the shell; it finds no run in an empty state folder."""
    script = f'cd {folder} && exec "$0" -m wizard {arguments} {redirection}'
    return subprocess.run(
        ["bash", "-c", script, sys.executable],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "HOME": str(folder)}
        | {"DEVSTACK_VENV_STATE": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("arguments", MODES)
@pytest.mark.parametrize("redirection", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">/dev/full"])
def test_the_status_is_the_same_whatever_becomes_of_the_streams(
    arguments: str, redirection: str, tmp_path: Path
) -> None:
    expected = said(arguments, "", tmp_path)
    given = said(arguments, redirection, tmp_path)
    assert given.returncode == expected.returncode
    assert "Error" not in given.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_is_no_reason_to_complain(tmp_path: Path) -> None:
    given = said("--help", "| true; echo ${PIPESTATUS[0]}", tmp_path)
    assert (given.stdout, given.stderr) == ("0\n", "")


def test_a_current_folder_that_is_gone_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    script = 'cd gone && rmdir ../gone && exec "$0" -m wizard --plan'
    given = subprocess.run(
        ["bash", "-c", script, sys.executable],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert given.returncode == 4
    assert given.stderr.startswith("devstack-venv: the current folder cannot be worked in")


def test_foreign_text_in_an_argument_does_not_reach_the_terminal(tmp_path: Path) -> None:
    given = said("--plan --answers $'/x\\e]0;title\\a\\e[31mred'", "", tmp_path)
    assert given.returncode == 3
    assert "\x1b" not in given.stdout + given.stderr
    assert "/xred" in given.stdout
