"""A real systemd inside a bare system, in namespaces and a control group of its own."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tests.host.bare_root import BareRoot

_Found = TypeVar("_Found")
_BOOT = """\
echo $$ >"$1/cgroup.procs" && exec nsenter --target="$2" --mount --root --wd=/ \
    unshare --mount --pid --cgroup --uts --ipc --fork --kill-child sh -c '
set -e
mount -t proc proc /proc
mkdir -p /sys
mount -t sysfs -o ro sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /run
mount -t cgroup2 cgroup2 /sys/fs/cgroup
export container=devstack-venv
exec /lib/systemd/systemd --system --log-target=null'
"""


def control_groups() -> Path | None:
    """Return where control groups of version 2 are, None where this machine has none."""
    mounts = (line.split() for line in Path("/proc/mounts").read_text().splitlines())
    return next((Path(mount[1]) for mount in mounts if mount[2] == "cgroup2"), None)


@contextmanager
def booted(root: BareRoot) -> Iterator[BareRoot]:
    """Boot the system, which has systemd; what runs in the yielded one is systemd's."""
    base = control_groups()
    assert base is not None
    group = base / f"devstack-venv-{os.getpid()}"
    group.mkdir()
    argv = ("sh", "-c", _BOOT, "boot", str(group), str(root.pid))
    init = subprocess.Popen(argv, stdin=subprocess.DEVNULL, start_new_session=True)
    inside = BareRoot(root.suite)
    try:
        inside.pid = _first_child(init.pid)
        _wait_until_up(inside)
        yield inside
    finally:
        if inside.pid:
            os.kill(inside.pid, signal.SIGKILL)
        init.kill()
        init.wait()
        _remove(group)


def _first_child(pid: int) -> int:
    """Return systemd as this machine counts: what unshare has forked."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return int(_patiently(lambda: children.read_text().split()[:1])[0])


def _wait_until_up(root: BareRoot) -> None:
    def is_up() -> bool:
        with contextlib.suppress(FileNotFoundError):
            said = root.run(["systemctl", "is-system-running"]).stdout.strip()
            return said in ("running", "degraded")
        return False

    _patiently(is_up)


def _patiently(ask: Callable[[], _Found]) -> _Found:
    deadline = time.monotonic() + 60
    while not (found := ask()):
        assert time.monotonic() < deadline, "systemd did not come up"
        time.sleep(0.05)
    return found


def _remove(group: Path) -> None:
    """Control groups go as folders do, from below, when the last process is gone."""
    for folder, _, _ in os.walk(group, topdown=False):
        for _ in range(100):
            with contextlib.suppress(OSError):
                Path(folder).rmdir()
                break
            time.sleep(0.05)
