"""What is in front of a job: the engine as ``--auto`` sets it up, with one job and nothing else.

``front.py FOLDER KIND TIMEOUT`` is started in a terminal. It locks, opens a run folder and a
journal, heeds signals, and runs the job; its exit status is that of a run.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wizard.engine.acting_machine import ActingMachine, Run
from wizard.engine.cancel import Cancel
from wizard.engine.environment import scrubbed
from wizard.engine.journal.journal import Journal, open_journal
from wizard.engine.lock.holder import this_process
from wizard.engine.lock.lock import Lock, acquire
from wizard.engine.process import Launcher
from wizard.engine.runs import run_folder
from wizard.engine.signals import heeded
from wizard.model.machine import Command, Ending
from wizard.model.secret import Mask

SLOW_ADDRESS = "slow"  # a file that says where a server is that never answers
UV = Path(sys.executable).with_name("uv")


def dpkg(folder: Path) -> Command:
    """A real dpkg on a tree of its own, with a package that takes a second to configure."""
    options = (f"--root={folder}/tree", "--force-script-chrootless", "--force-not-root")
    argv = ("dpkg", *options, "--log=/dev/null", "--install", f"{folder}/slow.deb")
    return Command(argv, ending=Ending.LET_FINISH, timeout=0, env={"FAULT_FOLDER": str(folder)})


def uv(folder: Path) -> Command:
    """A real uv that waits for its index."""
    where = f"http://{(folder / SLOW_ADDRESS).read_text()}/simple"
    options = ("--no-config", "--target", f"{folder}/target", "--default-index", where)
    return Command((str(UV), "pip", "install", *options, "anything"), timeout=0)


def pip(folder: Path) -> Command:
    """A real pip that waits for its index."""
    where = f"http://{(folder / SLOW_ADDRESS).read_text()}/simple"
    options = ("--isolated", "--target", f"{folder}/target", "--index-url", where)
    return Command((sys.executable, "-m", "pip", "install", *options, "anything"), timeout=0)


def virtualenv(folder: Path) -> Command:
    """A real virtualenv that waits for the interpreter it asks."""
    python = folder / "python3.99"
    python.write_text("#!/bin/sh\nsleep 60\n")
    python.chmod(0o755)
    options = ("-m", "virtualenv", "--app-data", f"{folder}/data", "--python", str(python))
    return Command((sys.executable, *options, f"{folder}/venv"), timeout=0)


def git(folder: Path) -> Command:
    """A real git that waits for its server."""
    where = f"http://{(folder / SLOW_ADDRESS).read_text()}/devstack"
    return Command(("git", "clone", "--", where, f"{folder}/clone"), timeout=0)


def script(folder: Path) -> Command:
    """A script like stack.sh: with children, one of them in a process group of its own."""
    file = folder / "stack.sh"
    file.write_text("#!/bin/bash\nset -m\nsleep 60 &\nset +m\nsleep 60 &\nsleep 60\n")
    file.chmod(0o755)
    return Command((str(file),), ending=Ending.SPARE, timeout=0)


JOBS: dict[str, Callable[[Path], Command]] = {
    "dpkg": dpkg,
    "uv": uv,
    "pip": pip,
    "virtualenv": virtualenv,
    "git": git,
    "script": script,
}


@dataclass
class Engine:
    """The parts that a run has open."""

    folder: Path
    timeout: float

    def run(self, command: Command) -> int:
        """Run one job as a step would; return the run's exit status."""
        folder = run_folder.create(self.folder / "state", {"kind": "build"}, Mask(()))
        holder = this_process(folder.name, str(folder.path))
        lock = acquire((str(self.folder),), holder, folder=self.folder)
        assert isinstance(lock, Lock), lock
        journal = open_journal(folder.path)
        assert isinstance(journal, Journal), journal
        cancel = Cancel(self.timeout)
        with heeded(cancel):
            launcher = Launcher("/", are_root=False, environment=lambda a: scrubbed(a, {}))
            run = Run(folder, journal, cancel, lock.fds)
            ended = ActingMachine(launcher, "root", at=run, step="job").job(command)
        lock.release()
        return int(cancel.status or ended.returncode)


if __name__ == "__main__":
    where = Path(sys.argv[1])
    (where / "pid").write_text(str(os.getpid()))
    sys.exit(Engine(where, float(sys.argv[3])).run(JOBS[sys.argv[2]](where)))
