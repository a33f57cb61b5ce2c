"""One kill and what comes of it: what is left, a rerun, a third run, an undo.

By itself it tries every point of a build and of an undo, as root and as the stack user, two at a
time, and says how each went: ``python -m tests.faults.killed [EVERY]`` (as root; with EVERY, only
each n-th point).
"""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess

from tests.faults.world import AUTO, ENVIRONMENT, WORK, copy_of, small_world
from tests.host.bare_root import CLONE, BareRoot
from wizard.model.exit_status import ExitStatus

USERS = ("root", "stack")
BUILD, UNDO = AUTO, f"{CLONE}/wizard.sh --undo"
BEFORE, AFTER, LOG = "/srv/before.json", "/srv/after.json", "/tmp/fault-log"
KILLED = 137
AT_ONCE = 2
MOST_REFUSALS = 100  # of a rerun while a job of the killed run still works


@dataclass
class Point:
    """A kill, and what was wrong afterwards."""

    user: str
    act: str
    number: int
    violations: list[str] = field(default_factory=list)
    waited: bool = False  # for a job that outlived the engine


@dataclass(frozen=True)
class Undisturbed:
    """What a build and its undo do when nobody disturbs them."""

    effects: dict[str, tuple[str, ...]]  # of each act
    before: bytes
    after: bytes


def run(
    root: BareRoot, user: str, script: str, *, at: int | None = None, act: str = ""
) -> CompletedProcess[str]:
    """Run a line of shell in the folder of the work; ``act`` happens instead of a kill."""
    fault = {} if at is None else {"FAULT_AT": str(at), "FAULT_LOG": LOG, "FAULT_DO": act}
    return root.run(["sh", "-c", script], user=user, cwd=WORK, env=ENVIRONMENT | fault)


def judged(root: BareRoot, *moment: str) -> list[str]:
    """Ask the independent script."""
    said = root.run(["python3", "/srv/invariants.py", *moment])
    complaint = said.stderr.splitlines()[-1:] if said.returncode else []
    return said.stdout.splitlines() + complaint


def undisturbed(layer: Path, user: str) -> Undisturbed:
    """Build and undo once, and keep how it was before and is in between."""
    effects = {}
    with copy_of(layer) as root:
        assert judged(root, "note", BEFORE) == []
        for act in (BUILD, UNDO):
            done = run(root, user, act, at=0)
            assert done.returncode == ExitStatus.DONE, done.stdout + done.stderr
            effects[act] = tuple(root.path(LOG).read_text().splitlines())
            if act == BUILD:
                assert judged(root, "note", AFTER) + judged(root, "settled", AFTER) == []
        assert judged(root, "undone", BEFORE) == []
        paths = (root.path(BEFORE), root.path(AFTER))
        return Undisturbed(effects, *(path.read_bytes() for path in paths))


def tried(layer: Path, user: str, act: str, number: int, usual: Undisturbed) -> Point:
    """Kill a run before its n-th side effect and look at everything that follows."""
    point = Point(user, act, number)
    with copy_of(layer) as root:
        root.path(BEFORE).write_bytes(usual.before)
        root.path(AFTER).write_bytes(usual.after)
        if act == UNDO:
            run(root, user, BUILD)
        ended = run(root, user, act, at=number)
        if ended.returncode not in (KILLED, ExitStatus.DONE):  # threads: fewer effects this time
            point.violations.append(f"the run ended with {ended.returncode}")
        point.violations += [f"killed: {v}" for v in judged(root, "killed", BEFORE, AFTER)]
        point.violations += (follow_up if act == BUILD else undo)(root, point)
    return point


def follow_up(root: BareRoot, point: Point) -> Iterator[str]:
    """Run again, and a third time."""
    user = point.user
    again = run(root, user, AUTO)
    refusals = 0
    while again.returncode == ExitStatus.LOCKED and refusals < MOST_REFUSALS:
        point.waited = True
        refusals += 1
        if "pid " not in again.stderr + again.stdout:
            yield f"locked, but by whom: {again.stderr}"
        time.sleep(0.1)
        again = run(root, user, AUTO)
    if again.returncode:
        yield f"rerun: {again.returncode}: {again.stdout[-600:]}{again.stderr[-300:]}"
    yield from (f"rerun: {v}" for v in judged(root, "settled", AFTER))
    tree = judged(root, "tree")
    third = run(root, user, AUTO)
    if third.returncode or "Nothing to do" not in third.stdout:
        yield f"third run: {third.returncode}: {third.stdout[-300:]}"
    if judged(root, "tree") != tree:
        yield "the third run changed something"


def undo(root: BareRoot, point: Point) -> Iterator[str]:
    """Undo every run that has something to undo."""
    for _ in range(2):
        undone = run(root, point.user, UNDO)
        if undone.returncode:
            yield f"undo: {undone.returncode}: {undone.stdout[-300:]}{undone.stderr[-300:]}"
    yield from (f"undo: {v}" for v in judged(root, "undone", BEFORE))


def tried_all(
    layer: Path, user: str, act: str, usual: Undisturbed, numbers: Sequence[int]
) -> Iterator[Point]:
    """Try several points, some at the same time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda number: tried(layer, user, act, number, usual), numbers)


def main(every: int) -> int:
    """Try every n-th point of everything, and say what was found; return how much was wrong."""
    bad = 0
    with small_world() as layer:
        for user in USERS:
            usual = undisturbed(layer, user)
            for act, effects in usual.effects.items():
                numbers = range(every // 2 + 1, len(effects) + 1, every)
                points = list(told(tried_all(layer, user, act, usual, numbers), effects))
                bad += sum(bool(point.violations) for point in points)
                say(f"{name(act)} by {user}: {summary(points)}; {len(effects)} points in all")
    return bad


def told(points: Iterable[Point], effects: Sequence[str]) -> Iterator[Point]:
    """Say of each point how it went, as it comes."""
    for point in points:
        verdict = "; ".join(point.violations) or "well"
        say(f"{name(point.act)} {point.number} {effects[point.number - 1]}: {verdict}")
        yield point


def summary(points: Sequence[Point]) -> str:
    """Return the figures."""
    wrong = sum(bool(point.violations) for point in points)
    waited = sum(point.waited for point in points)
    return f"{len(points)} tried, {wrong} with violations, {waited} with a job that lived on"


def name(act: str) -> str:
    """Return what an act is called."""
    return "undo" if act == UNDO else "build"


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)))
