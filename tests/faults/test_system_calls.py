"""Each system call that a run changes something by fails in every way, or is its last.

strace makes it fail. Here every so many are tried; ``THOROUGH=1`` tries all of them.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.host, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
CHANGING = (
    *("openat", "write", "fsync", "fchmod", "fchown", "ftruncate", "pwrite64", "rename"),
    *("renameat", "renameat2", "mkdir", "mkdirat", "unlink", "unlinkat", "rmdir", "flock"),
)
ERRORS = ("ENOSPC", "EIO", "EINTR", "EACCES", "EROFS")
KILL = "KILL"
REMOVING = ("unlink", "rmdir", "rename")  # where these fail, a temporary file may stay till later
EVERY = 1 if os.environ.get("THOROUGH") else 12
BUG = 1  # the exit status of an exception
OLD = b"[[local|localrc]]\nADMIN_PASSWORD=one\n"


@dataclass(frozen=True)
class Fault:
    """What happens at the n-th call of a kind."""

    call: str
    number: int
    fault: str

    @property
    def injected(self) -> str:
        how = f"signal={KILL}" if self.fault == KILL else f"error={self.fault}"
        return f"inject={self.call}:{how}:when={self.number}"


@pytest.fixture(scope="module")
def base() -> Iterator[Path]:
    """In memory: thousands of fsyncs take their time on a disk."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as path:
        yield Path(path)


def fresh(base: Path, name: str) -> Path:
    folder = base / name
    for below in ("state", "sudoers.d", "venv"):
        (folder / below).mkdir(parents=True)
    for file in ("local.conf", "goes"):
        (folder / file).write_bytes(OLD)
        (folder / file).chmod(0o604)
    return folder


def writer(folder: Path, *strace: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, str(ROOT / "tests/faults/writer.py"), str(folder)]
    return subprocess.run(
        [*strace, *program],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def watched(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Everything that a run is for, with its mode."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    names = ((path.relative_to(folder).as_posix(), path) for path in paths)
    return {
        name: (path.stat().st_mode, path.read_bytes())
        for name, path in names
        if not name.startswith("state/") and not path.name.startswith(("devstack-venv-", "."))
    }


def litter(folder: Path) -> list[str]:
    return [str(path) for path in folder.rglob(".*") if "state" not in path.parts]


@pytest.fixture(scope="module")
def after(base: Path) -> dict[str, tuple[int, bytes]]:
    """What an undisturbed run leaves."""
    folder = fresh(base, "undisturbed")
    assert writer(folder).returncode == 0
    return watched(folder)


@pytest.fixture(scope="module")
def faults(base: Path) -> list[Fault]:
    """Every call on one of our files, with every way to fail."""
    folder, log = fresh(base, "traced"), base / "trace"
    done = writer(folder, "strace", "-y", "-o", str(log), "-e", f"trace={','.join(CHANGING)}")
    assert done.returncode == 0, done.stderr
    numbers: dict[str, int] = {}
    found = []
    for line in log.read_text().splitlines():
        call = re.match(r"(\w+)\(", line)
        if call is None:
            continue
        numbers[call[1]] = numbers.get(call[1], 0) + 1
        changes = call[1] != "openat" or "O_CREAT" in line or "O_WRONLY" in line
        if str(folder) in line and changes:
            found += [Fault(call[1], numbers[call[1]], how) for how in (*ERRORS, KILL)]
    return found


def violations(base: Path, fault: Fault, after: dict[str, tuple[int, bytes]]) -> Iterator[str]:
    folder = fresh(base, f"{fault.call}-{fault.number}-{fault.fault}")
    before = watched(folder)
    strace = ("strace", "-qq", "-o", "/dev/null", "-e", f"trace={fault.call}", "-e", fault.injected)
    done = writer(folder, *strace)
    if done.returncode == BUG:
        yield f"an exception: {done.stderr.splitlines()[-1]}"
    if done.returncode == 0 and watched(folder) != after:
        yield "it says that it worked"
    for name, found in watched(folder).items():
        if found not in (before.get(name), after.get(name)):
            yield f"{name} is neither old nor new"
    yield from damaged(folder)
    if fault.fault != KILL and not fault.call.startswith(REMOVING) and litter(folder):
        yield f"it left {litter(folder)}"
    yield from unlike(after, folder)
    shutil.rmtree(folder)


def unlike(after: dict[str, tuple[int, bytes]], folder: Path) -> Iterator[str]:
    """Run again, undisturbed."""
    again = writer(folder)
    if again.returncode or watched(folder) != after:
        yield f"running again: {again.returncode} {again.stdout}{again.stderr[-300:]}"
    if litter(folder):
        yield f"running again left {litter(folder)}"


def damaged(folder: Path) -> Iterator[str]:
    """Journals and events may end in a torn line, no more."""
    for path in folder.glob("state/runs/*/*.jsonl"):
        *lines, _torn = path.read_bytes().split(b"\n")
        for line in lines:
            try:
                json.loads(line)
            except ValueError:
                yield f"{path.name} is damaged: {line!r}"


def test_whatever_fails_nothing_is_lost_and_running_again_ends_where_it_should(
    base: Path, faults: list[Fault], after: dict[str, tuple[int, bytes]]
) -> None:
    assert len(faults) > 500
    with ThreadPoolExecutor(2) as pool:
        tried = faults[::EVERY]
        found = pool.map(lambda fault: list(violations(base, fault, after)), tried)
        wrong = {fault: bad for fault, bad in zip(tried, found, strict=True) if bad}
    assert wrong == {}, f"{len(wrong)} of {len(tried)} faults"
