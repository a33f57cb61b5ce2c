"""What a run has installed survives a loss of power: the disk has it before and after its name."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.durability import CALLS, installs, unsafe
from tests.faults.killed import BUILD, UNDO, run
from tests.faults.world import VENV, WORK, copy_of

pytestmark = [pytest.mark.host, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]
OLD = b"[[local|localrc]]\nADMIN_PASSWORD=one\n"
WATCHED = (
    f"{WORK}/local.conf",
    "/etc/sudoers.d/zzz-devstack-venv",
    f"{VENV}/.devstack-venv/complete.json",
)
FILES = "wizard/engine/files/files.py"
FORGETFUL = {  # an editor that forgets one thing, and what is said of it
    "os.fsync(temporary.descriptor)": "was not on the disk when it got its name",
    "os.fsync(self.folder)": "was not on the disk",
}


def traced(tmp_path: Path, program: Path) -> tuple[list[str], Path]:
    """Return the trace of a run in small by the code in ``program``, and the file it edited."""
    folder = tmp_path / "work"
    for below in ("sudoers.d", "venv", "state"):
        (folder / below).mkdir(parents=True)
    for name in ("local.conf", "goes"):
        (folder / name).write_bytes(OLD)
    log = tmp_path / "trace"
    subprocess.run(
        [
            *("strace", "-f", "-y", "-o", str(log), "-e", f"trace={CALLS}"),
            *(sys.executable, str(ROOT / "tests/faults/writer.py"), str(folder)),
        ],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(program)},
        check=True,
    )
    return log.read_text().splitlines(), folder / "local.conf"


def test_the_editor_syncs_what_it_installs_and_then_the_folder(tmp_path: Path) -> None:
    trace, edited = traced(tmp_path, ROOT)
    assert installs(trace, str(edited).__eq__) == 1
    assert unsafe(trace, str(edited).__eq__) == []


@pytest.mark.parametrize("line", FORGETFUL)
def test_an_editor_that_forgets_one_is_found(tmp_path: Path, line: str) -> None:
    shutil.copytree(ROOT / "wizard", tmp_path / "wizard")
    file = tmp_path / FILES
    text = file.read_text()
    assert text.count(line) == 1
    file.write_text(text.replace(line, "pass"))
    trace, edited = traced(tmp_path, tmp_path)
    [said] = unsafe(trace, str(edited).__eq__)
    assert said.endswith(FORGETFUL[line])


def test_a_whole_run_and_its_undo_are_durable(layer: Path) -> None:
    with copy_of(layer) as root:
        for act, least in ((BUILD, 3), (UNDO, 1)):
            strace = f"strace -f -y -qq -o /tmp/trace -e trace={CALLS}"
            done = run(root, "root", f"{strace} {act}")
            assert done.returncode == 0, done.stdout + done.stderr
            trace = root.path("/tmp/trace").read_text(errors="replace").splitlines()
            assert installs(trace, WATCHED.__contains__) >= least
            assert unsafe(trace, WATCHED.__contains__) == []
