#!/usr/bin/env python3
"""100,000 lines from a real process into the live screen, and the keys while they pour.

A process writes the lines into its job's file, as a package manager does; the engine's own relay
brings them into the run folder, masked and harmless, in a second process; the screen follows the
run folder in a real pseudo-terminal. Prints a table; ends with status 1 when a goal is missed.
"""

import json
import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINES = 100_000
GOALS = {"lines/s": 50_000.0, "longest stall ms": 100.0, "RSS MB": 100.0, "key response ms": 50.0}
PACE = 50_000  # lines a second while keys are pressed

# writes realistic lines of 60 to 180 characters, mostly dull, some grave; all at once, or paced
WRITER = """
import sys, time
def line(n):
    if n % 997 == 0:
        return f"src/module{n}.c:{n % 300}:7: error: implicit declaration of function 'f{n}'"
    if n % 101 == 0:
        return f"warning: package-{n} is deprecated, use package-{n + 1} instead"
    said = f"Unpacking libsomething-{n}-dev:amd64 (1.{n % 90}.{n % 7}-1+deb12u{n % 9}) over (1.0) "
    return said + "x" * (n % 100)
count, pace = int(sys.argv[1]), int(sys.argv[2])
for start in range(0, count, pace // 20):
    until = time.perf_counter() + 0.05
    some = range(start, min(count, start + pace // 20))
    sys.stdout.write("".join(line(n) + "\\n" for n in some))
    sys.stdout.flush()
    if pace < count:
        time.sleep(max(0, until - time.perf_counter()))
"""

# the engine's side: follows the job's file into the run folder
ENGINE = """
import subprocess, sys, time
from pathlib import Path
from wizard.engine.cancel import Cancel
from wizard.engine.environment import scrubbed
from wizard.engine.acting_machine import ActingMachine, Run
from wizard.engine.runs.follow import sign
from wizard.engine.journal.journal import open_journal
from wizard.engine.process import Launcher
from wizard.engine.runs.run_folder import RunFolder
from wizard.model.events import RunFinished, RunStarted, StepFinished, StepStarted
from wizard.model.events import StepState, Titled
from wizard.model.machine import Command, Identity
from wizard.model.secret import Mask, Secret
path, writer, count, pace = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
folder = RunFolder(path, Mask((Secret("a-secret-of-somebody"),)))
sign(path)
steps = (Titled("distro-packages", "distro packages"), Titled("pypi-packages", "PyPI packages"))
folder.emit(RunStarted("r", "build", "0", "Debian", "", "/opt/v", "stack", str(path), steps, ()))
folder.emit(StepStarted("distro-packages"))
while not (path / "go").exists():
    time.sleep(0.01)
journal = open_journal(path)
launcher = Launcher("/", False, lambda account: {"PATH": "/usr/bin:/bin"})
machine = ActingMachine(
    launcher, "nobody", at=Run(folder, journal, Cancel()), step="distro-packages"
)
machine.job(Command((sys.executable, "-c", writer, count, pace), identity=Identity.STACK))
folder.emit(StepFinished("distro-packages", StepState.DONE, 1.0))
time.sleep(3)
folder.emit(RunFinished(0, 1.0, "Done."))
"""

# the screen, with a clock in its event loop
SCREEN = """
import asyncio, json, sys, time
from pathlib import Path
from wizard.tui.attach import AttachApp
from wizard.tui.screens.build import BuildScreen
folder, count = Path(sys.argv[1]), int(sys.argv[2])
class Measured(AttachApp):
    def on_ready(self):
        self.run_worker(self.tick())
    async def tick(self):
        await asyncio.sleep(0.5)
        (folder / "go").touch()
        began = last = time.perf_counter()
        stall = seen = 0
        while seen < count:
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            stall, last = max(stall, now - last - 0.005), now
            if isinstance(self.screen, BuildScreen):
                seen = len(self.screen.log_pane.view.file)
        status = Path("/proc/self/status").read_text()
        rss = next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]
        measured = {"seconds": last - began, "stall": stall, "rss": int(rss) / 1024}
        (folder / "part").write_text(json.dumps(measured))
        (folder / "part").rename(folder / "measured")
Measured(folder).run()
"""


def main() -> int:
    """Measure and print."""
    burst = measure(LINES, pace=LINES)
    paced = measure(PACE * 6, pace=PACE)
    responses = sorted(paced.responses)
    figures = {
        "lines/s": LINES / burst.seconds,
        "longest stall ms": max(burst.stall, paced.stall) * 1000,
        "RSS MB": max(burst.rss, paced.rss),
        "key response ms": statistics.median(responses) * 1000,
        "slowest key ms": responses[-1] * 1000,
    }
    print(f"{LINES:,} lines at once, then {PACE * 6:,} at {PACE:,} a second, 120x40\n")
    print(f"{'':<18}{'measured':>12}{'goal':>12}")
    for name, figure in figures.items():
        bound = "" if name not in GOALS else ">=" if name == "lines/s" else "<="
        goal = f"{GOALS[name]:,.0f}" if name in GOALS else ""
        print(f"{name:<18}{figure:>12,.0f}{bound:>5}{goal:>7}")
    print(f"\n{len(responses)} keys pressed while lines poured")
    missed = [n for n, g in GOALS.items() if (figures[n] < g if n == "lines/s" else figures[n] > g)]
    return 1 if missed else 0


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run gave: times in seconds, memory in MB."""

    seconds: float
    stall: float
    rss: float
    responses: list[float]


def measure(count: int, *, pace: int) -> Measured:
    """Run writer, engine and screen."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "runs", "99991231-235959-ffff")
        (folder / "jobs").mkdir(parents=True)
        arguments = (str(folder), WRITER, str(count), str(pace))
        engine = subprocess.Popen([sys.executable, "-c", ENGINE, *arguments], env=env)
        while not (folder / "engine").exists():
            time.sleep(0.05)
        time.sleep(0.3)
        terminal = Terminal([sys.executable, "-c", SCREEN, str(folder), str(count)], env)
        responses = terminal.press_keys_until(folder / "measured", after=folder / "go")
        said = json.loads((folder / "measured").read_text())
        terminal.close()
        engine.kill()
        engine.wait()
    return Measured(said["seconds"], said["stall"], said["rss"], responses)


class Terminal:
    """A pseudo-terminal with a program in it; a thread reads what it writes."""

    def __init__(self, argv: list[str], env: dict[str, str]) -> None:
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.execvpe(argv[0], argv, env | {"COLUMNS": "120", "LINES": "40"})
        self.written_at = 0.0
        self.bytes = b""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                select.select([self.fd], [], [])
                self.bytes = (self.bytes + os.read(self.fd, 1 << 16))[-(1 << 18) :]
            except OSError:
                return

    def press_keys_until(self, file: Path, *, after: Path) -> list[float]:
        """Pause and follow again and again; return how long it took to see that it follows."""
        responses: list[float] = []
        while not file.exists():
            if not after.exists():
                time.sleep(0.01)
                continue
            os.write(self.fd, b" ")
            time.sleep(0.15)
            self.bytes = b""
            pressed = time.perf_counter()
            os.write(self.fd, b" ")
            while b"following" not in self.bytes and not file.exists():
                time.sleep(0.0005)
            if not file.exists():
                responses.append(time.perf_counter() - pressed)
        return responses

    def close(self) -> None:
        """End the program."""
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)


if __name__ == "__main__":
    sys.exit(main())
