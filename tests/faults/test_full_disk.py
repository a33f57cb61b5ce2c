"""Whole runs on disks that are full or read-only, from the start or from any side effect on."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.faults.killed import (
    AFTER,
    BEFORE,
    BUILD,
    Point,
    Undisturbed,
    follow_up,
    judged,
    run,
    undisturbed,
)
from tests.faults.world import STATES, VENV, WORK, copy_of
from tests.host.bare_root import BareRoot
from wizard.model.exit_status import ExitStatus

pytestmark = [pytest.mark.host, pytest.mark.timeout(900)]

ROOMY = "1200m"  # what a tmpfs of ours may hold until it is full; the build asks for one GiB
PLACES = {
    "everything below the user's home": ("/opt/stack", "/opt/stack"),
    "the runs": STATES,
    "local.conf's folder": (WORK, WORK),
    "the venv": (VENV, VENV),
}
USERS = ("root", "stack")
FAULTS = ("full", "read-only")
THOROUGH = bool(os.environ.get("THOROUGH"))
WORDS = ("No space left", "full", "read-only", "Read-only", "GiB", "not writable", "not write-able")
RIGHT = {ExitStatus.HOST, ExitStatus.STEP_FAILED, ExitStatus.NEEDS_PERSON}


@dataclass(frozen=True)
class Disk:
    """A folder with a file system of its own, or with one laid over it."""

    folder: str
    fault: str

    def prepare(self, root: BareRoot) -> None:
        """Move what can become full to a tmpfs."""
        make = f"mkdir -p {self.folder}"
        told(root, f"sudo -n -u stack {make} 2>/dev/null || {make}", "mkdir /srv/kept")
        if self.fault == "full":
            told(
                root,
                f"cp -a {self.folder}/. /srv/kept",
                f"mount -t tmpfs -o size={ROOMY},mode=755 tmpfs {self.folder}",
                f"cp -a /srv/kept/. {self.folder} && rm -rf /srv/kept",
            )

    @property
    def spoil(self) -> str:
        """What takes the room, or the leave to write."""
        if self.fault == "full":
            used = f"$(df -k --output=used {self.folder} | tail -n 1)"
            size = f"$(( {used} > 4 ? {used} : 4 ))"  # none at all would be without a limit
            return f"sudo -n mount -o remount,size={size}k {self.folder}"
        laid_over = f"sudo -n mount --bind {self.folder} {self.folder}"
        return f"{laid_over} && sudo -n mount -o remount,bind,ro {self.folder}"

    @property
    def mend(self) -> str:
        """What gives it back."""
        if self.fault == "full":
            return f"mount -o remount,size={ROOMY} {self.folder}"
        return f"umount -l {self.folder} || true"  # the run may have ended before


def told(root: BareRoot, *lines: str) -> None:
    """Have it done, all of it."""
    done = root.run(["sh", "-ec", "\n".join(lines)])
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Usual:
    """Who runs it, and what a run does that has room."""

    user: str
    way: Undisturbed

    def at(self, moment: float) -> int:
        """The side effect at a part of the way."""
        return 1 + int(moment * len(self.way.effects[BUILD]))


@pytest.fixture(scope="module", params=USERS if THOROUGH else USERS[:1])
def usual(request: pytest.FixtureRequest, layer: Path) -> Usual:
    return Usual(request.param, undisturbed(layer, request.param))


def cases() -> Iterator[tuple[str, str, float]]:
    """Places, faults, and how far the run has come (0: it has not begun)."""
    if THOROUGH:
        parts = [part / 12 for part in range(12)]
        yield from product(set(PLACES) - {"the venv"}, FAULTS, parts)
        yield from (("the venv", "read-only", part) for part in parts[6:])
        return
    yield from product(set(PLACES) - {"the venv"}, FAULTS, (0.65,))
    yield "the venv", "read-only", 0.65
    yield "the runs", "read-only", 0.0


@pytest.mark.parametrize(("place", "fault", "moment"), sorted(cases()))
def test_the_run_says_so_nothing_is_torn_and_with_room_it_ends_where_it_should(
    layer: Path, usual: Usual, place: str, fault: str, moment: float
) -> None:
    disk = Disk(PLACES[place][USERS.index(usual.user)], fault)
    with copy_of(layer) as root:
        root.path(BEFORE).write_bytes(usual.way.before)
        root.path(AFTER).write_bytes(usual.way.after)
        disk.prepare(root)
        if moment:
            ended = run(root, usual.user, BUILD, at=usual.at(moment), act=disk.spoil)
        else:
            told(root, disk.spoil)
            ended = run(root, usual.user, BUILD)
        assert unclear(ended) == ""
        assert judged(root, "killed", BEFORE, AFTER) == []
        told(root, disk.mend)
        assert list(follow_up(root, Point(usual.user, BUILD, 0))) == []


def unclear(ended: CompletedProcess[str]) -> str:
    """Return what was said where it is not one sentence that names the cause."""
    if ended.returncode == ExitStatus.DONE:
        return ""  # it was past all that needs this place
    said = ended.stdout + ended.stderr
    [sentence] = [line for line in said.splitlines() if line.startswith("Ended")] or [said]
    known = ended.returncode in RIGHT and "Traceback" not in said
    return (
        "" if known and any(word in sentence for word in WORDS) else f"{ended.returncode}: {said}"
    )


def test_a_venv_cannot_be_a_file_system_of_its_own(layer: Path) -> None:
    with copy_of(layer) as root:
        told(root, f"mkdir {VENV} && chown stack: {VENV}")
        told(root, f"mount -t tmpfs -o size={ROOMY},mode=755,uid=stack tmpfs {VENV}")
        ended = run(root, "root", BUILD)
        assert ended.returncode == ExitStatus.HOST
        assert f"{VENV} is a mount point" in ended.stdout
        assert f"{VENV}/venv" in ended.stdout
        assert list(root.path(VENV).iterdir()) == []
