"""Where uv and virtualenv are put for a user who may not see this program's own folder."""

import errno
import shutil
import subprocess
from pathlib import Path

import pytest

from wizard.engine.toolbox import PREFIX, staged


def left(root: Path) -> list[Path]:
    return list(root.rglob(f"{PREFIX}*"))


def test_tools_are_copied_below_the_state_folder_and_go_with_the_run(tmp_path: Path) -> None:
    home = tmp_path / "var/lib/state"
    with staged(home, are_root=True, root=str(tmp_path)) as tools:
        copied = Path(tmp_path, tools.uv.lstrip("/"))
        assert copied.is_relative_to(home)
        assert subprocess.run([copied, "--version"], check=False).returncode == 0
    assert left(tmp_path) == []


@pytest.mark.parametrize("kind", ["a file", "below a file", "outside the root"])
def test_a_state_folder_that_cannot_hold_them_makes_way_for_another_place(
    tmp_path: Path, kind: str
) -> None:
    root = tmp_path / "root"
    (root / "tmp").mkdir(parents=True)
    (root / "file").touch()
    homes = {
        "a file": root / "file",
        "below a file": root / "file/state",
        "outside the root": tmp_path / "state",
    }
    with staged(homes[kind], are_root=True, root=str(root)) as tools:
        assert Path(root, tools.uv.lstrip("/")).is_relative_to(root)
        assert Path(root, tools.uv.lstrip("/")).exists()
    assert left(tmp_path) == []


def test_half_a_copy_does_not_stay_where_there_is_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "state"
    (tmp_path / "tmp").mkdir()
    copy = shutil.copy

    def full(source: str, target: Path) -> None:
        copy(source, target)
        if target.is_relative_to(home):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copy", full)
    with staged(home, are_root=True, root=str(tmp_path)):
        assert left(home) == []
        assert len(left(tmp_path)) == 1
