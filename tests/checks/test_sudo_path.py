"""Would sudo find what is only in the venv? By what sudo answers; tests/host has the real one."""

from pathlib import Path

import pytest

from tests.images import STACK, ImageReader, image, said
from wizard.checks.sudo_path import SudoPath
from wizard.model.check import Code, NotYet, Result

VENV = "/opt/v"


def run(folder: Path, path: str, programs: dict[str, str], resolved: dict[str, str]) -> Result:
    """Check a host where sudo searches ``path`` and resolves what it is told."""
    root = image(folder, {"/etc/passwd": STACK, **programs})
    for program in programs:
        (root / program[1:]).chmod(0o755)
    answers = {"sudo -n /usr/bin/printenv PATH": said(f"{path}\n")}
    answers |= {f"sudo -n -l {name}": said(f"{where}\n") for name, where in resolved.items()}
    result = SudoPath(VENV).run(ImageReader(root, answers))
    assert isinstance(result, Result)
    return result


def test_a_program_that_is_only_in_the_venv_is_asked_for(tmp_path: Path) -> None:
    programs = {"/opt/v/bin/python3": "", "/opt/v/bin/tool": "", "/usr/bin/python3": ""}
    result = run(tmp_path, "/usr/bin:/opt/v/bin", programs, {"tool": "/opt/v/bin/tool"})
    assert result.code is Code.SUCCESS
    assert result.details == "sudo finds tool in /opt/v/bin"


def test_what_rootwrap_needs_is_asked_for_first(tmp_path: Path) -> None:
    programs = {"/opt/v/bin/a": "", "/opt/v/bin/privsep-helper": ""}
    found = {"privsep-helper": "/opt/v/bin/privsep-helper"}
    result = run(tmp_path, "/usr/bin:/opt/v/bin", programs, found)
    assert "privsep-helper" in result.details


def test_an_empty_venv_is_judged_by_the_path_alone(tmp_path: Path) -> None:
    assert run(tmp_path, "/usr/bin:/opt/v/bin", {}, {}).code is Code.SUCCESS


@pytest.mark.parametrize(
    "path", ["/usr/bin", "/usr/bin:/opt/v2/bin", "/opt/v/bin/x", "/x/opt/v/bin"]
)
def test_only_the_whole_folder_counts(tmp_path: Path, path: str) -> None:
    result = run(tmp_path, path, {}, {})
    assert result.code is Code.FAILURE
    assert "/opt/v/bin" in result.details
    assert result.cure


def test_a_program_that_sudo_does_not_run_is_a_failure(tmp_path: Path) -> None:
    result = run(tmp_path, "/usr/bin:/opt/v/bin", {"/opt/v/bin/tool": ""}, {})
    assert result.code is Code.FAILURE
    assert "sudo -n -l tool: command not found" in result.evidence


def test_before_there_is_a_sudo_nothing_is_judged(tmp_path: Path) -> None:
    root = image(tmp_path, {"/etc/passwd": STACK})
    assert isinstance(SudoPath(VENV).run(ImageReader(root, {})), NotYet)
