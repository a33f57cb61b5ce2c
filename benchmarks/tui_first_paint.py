#!/usr/bin/env python3
"""How long until something is seen: our applications against a trivial one, in the same run.

Each is started again and again in a pseudo-terminal of 80x24, by turns. Painted means: 40 cells of
the emulated screen are not blank. Prints a table; ends with status 1 when a ratio misses its goal.
"""

import os
import pty
import select
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 9
CELLS = 40
PATIENCE = 30  # seconds
GOAL = 1.5  # times the trivial one

TRIVIAL = """
from textual.app import App
from textual.widgets import Static
class Trivial(App):
    def compose(self):
        yield Static("one line of text that is as long as anything needs to be to be seen at all")
Trivial().run()
"""
WIZARD = "from wizard.cli import main; import sys; sys.exit(main([]))"
BUILD = """
import sys
from pathlib import Path
from wizard.tui.attach import run
run(Path(sys.argv[1]))
"""


def main() -> int:
    """Measure by turns, and print."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "state", "runs", "20260101-000000-aaaa")
        shutil.copytree(ROOT / "tests" / "tui" / "runs" / "good", folder)
        env = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "HOME": home}
        env["DEVSTACK_VENV_STATE"] = f"{home}/fresh"
        programs = {"trivial": (TRIVIAL,), "wizard": (WIZARD,), "build": (BUILD, str(folder))}
        times: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(ROUNDS):
            for name, arguments in programs.items():
                times[name].append(first_paint([sys.executable, "-c", *arguments], env))
    medians = {name: statistics.median(found) for name, found in times.items()}
    print(f"First paint, median of {ROUNDS}\n\n{'':<10}{'ms':>6}{'ratio':>8}{'goal':>8}")
    for name, median in medians.items():
        goal = "" if name == "trivial" else f"<= {GOAL}"
        print(f"{name:<10}{median * 1000:>6.0f}{median / medians['trivial']:>8.2f}{goal:>8}")
    return int(any(median > GOAL * medians["trivial"] for median in medians.values()))


def first_paint(argv: list[str], env: dict[str, str]) -> float:
    """Return the seconds until the program has painted."""
    screen = pyte.Screen(80, 24)
    stream = pyte.ByteStream(screen)
    began = time.perf_counter()
    pid, fd = pty.fork()
    if not pid:
        os.execvpe(argv[0], argv, env | {"COLUMNS": "80", "LINES": "24"})
    try:
        while sum(not cell.isspace() for row in screen.display for cell in row) < CELLS:
            if time.perf_counter() - began > PATIENCE:
                raise TimeoutError("\n".join(screen.display))
            if select.select([fd], [], [], 0.001)[0]:
                stream.feed(os.read(fd, 1 << 16))
        return time.perf_counter() - began
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(fd)


if __name__ == "__main__":
    sys.exit(main())
