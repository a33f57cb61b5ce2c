"""The processes that build a venv are killed at any moment; the next run has it whole.

Neither uv nor pip promises that, so an unfinished venv is built again. ``THOROUGH=1`` kills a
hundred times.
"""

import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.killed import AFTER, BEFORE, BUILD, judged, run, undisturbed
from tests.faults.world import VENV, copy_of
from tests.host.bare_root import BareRoot

pytestmark = [pytest.mark.host, pytest.mark.timeout(900)]

KILLS = 100 if os.environ.get("THOROUGH") else 5
SITE = f"{VENV}/lib/python3.11/site-packages"
# what is there from some moment of the build on
BEGINNINGS = (f"{VENV}/bin", f"{SITE}/pip", f"{SITE}/fault_wheel_0", f"{SITE}/fault_wheel_5")
ALL = "kill -KILL -1"  # but the system's first: as if the machine had lost its power
INSTALLER = "pkill -KILL -f -- '-m virtualenv|uv pip install|compileall'"
LONGEST = 0.3  # seconds from such a moment to the kill


@pytest.fixture
def root(layer: Path) -> Iterator[BareRoot]:
    usual = undisturbed(layer, "root")
    with copy_of(layer) as copied:
        copied.path(BEFORE).write_bytes(usual.before)
        copied.path(AFTER).write_bytes(usual.after)
        assert run(copied, "root", BUILD).returncode == 0
        yield copied


def kill_a_build(root: BareRoot, chance: random.Random) -> bool:
    """Begin a venv and kill it; True when it was not finished."""
    root.run(["rm", "-rf", VENV])
    beginning, killer = chance.choice(BEGINNINGS), chance.choice((ALL, INSTALLER))
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(run, root, "root", BUILD)
        while not root.path(beginning).exists() and not ended.done():
            time.sleep(0.001)
        time.sleep(chance.random() * LONGEST)
        root.run(["sh", "-c", killer])
        return ended.result().returncode != 0


def test_a_venv_is_whole_after_the_next_run(root: BareRoot) -> None:
    chance = random.Random(20141201)
    killed, wrong = 0, []
    while killed < KILLS:
        was_killed = kill_a_build(root, chance)
        killed += was_killed
        again = run(root, "root", BUILD)
        violations = judged(root, "settled", AFTER)
        if again.returncode or violations:
            wrong.append((killed, again.stdout[-300:], violations))
    assert wrong == [], f"{len(wrong)} of {killed} are not whole"
