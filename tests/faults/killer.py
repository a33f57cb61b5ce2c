"""Kills the engine before one of its side effects.

A ``.pth`` file in the environment of the clone imports this into the program under test, and
nowhere else; without FAULT_AT it does nothing. With FAULT_AT=0 it only counts, and says at the end
in the file FAULT_LOG what it counted. With FAULT_DO it does not kill but runs that line of shell,
which takes the disk away, and lets the program go on.
"""

import atexit
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

EFFECTS = {
    *("os.rename", "os.renameat2", "os.link", "os.symlink", "os.remove", "os.mkdir", "os.rmdir"),
    *("os.truncate", "os.chmod", "os.chown", "os.setxattr", "os.utime", "os.kill", "os.killpg"),
    *("subprocess.Popen", "fcntl.flock", "shutil.rmtree"),
}
BY_HAND = ("write", "pwrite", "fsync", "fchmod", "fchown", "ftruncate")  # no audit event for some
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
# the copy of uv and virtualenv, and trees that are removed: every so many of their files
TOOLS, DULL = "devstack-venv-tools-", {"os.remove", "os.rmdir"}
SAMPLE = 20


class Trap:
    """Counts side effects."""

    def __init__(self, fatal: int, log: str, act: str) -> None:
        self.fatal, self.log, self.act = fatal, log, act
        self.seen: list[str] = []
        self.dull = 0
        for name in BY_HAND:
            setattr(os, name, self.counted(name, getattr(os, name)))
        sys.addaudithook(self.audited)
        atexit.register(self.report)

    def audited(self, event: str, args: tuple[Any, ...]) -> None:
        if event in EFFECTS or (event == "open" and isinstance(args[2], int) and args[2] & WRITING):
            self.hit(event, args)

    def counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            self.hit(name, args[:1])
            return real(*args, **options)

        return call

    def hit(self, event: str, args: tuple[Any, ...]) -> None:
        where = repr(args[:2])[:160]
        if TOOLS in where or event in DULL:
            self.dull += 1
            if self.dull % SAMPLE:
                return
        self.seen.append(f"{event} {where}")
        if len(self.seen) == self.fatal:
            self.strike()

    def strike(self) -> None:
        self.fatal = -1  # what is done here has effects of its own
        if self.act:
            subprocess.run(["sh", "-c", self.act], check=True)
        else:
            os.kill(os.getpid(), signal.SIGKILL)

    def report(self) -> None:
        with open(self.log, "w") as file:  # noqa: PTH123
            file.write("\n".join(self.seen) + "\n")


if "FAULT_AT" in os.environ:
    Trap(int(os.environ["FAULT_AT"]), os.environ["FAULT_LOG"], os.environ.get("FAULT_DO", ""))
