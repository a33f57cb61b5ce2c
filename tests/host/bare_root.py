"""Bare Debian systems, each as good as a machine that has just been installed.

::

    with BareRoot("bookworm") as root:
        root.run(["apt-get", "install", "-y", "python3"])
        root.path("/etc/hosts").read_text()

A tree of each release is made once by debootstrap and kept. Every BareRoot lays a file system of
its own over it, in mount and PID namespaces of its own; both end with the ``with`` block, or with
the process that holds it, however that dies. The network is this machine's.
"""

import fcntl
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Self

CLONE = "/srv/devstack-venv"  # where the clone is inside
TREES = Path(os.environ.get("DEVSTACK_VENV_TEST_ROOTS", "/var/tmp/bare"))
REPOSITORY = Path(__file__).parent.parent.parent

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Files and variables that let this machine reach its package registries, whichever those are.
REGISTRY_FILES = (
    "etc/apt/apt.conf",
    "etc/apt/apt.conf.d",
    "etc/apt/auth.conf.d",
    "etc/pip.conf",
    "etc/resolv.conf",
    "etc/ssl/certs/ca-certificates.crt",
    "etc/uv",
    "usr/local/share/ca-certificates",
)
REGISTRY_VARIABLES = ("PIP_", "UV_", "SSL_CERT_", "REQUESTS_CA_", "CURL_CA_", "HTTP", "NO_PROXY")
DEVICES = ("full", "null", "random", "tty", "urandom", "zero")


class BareRoot:
    """A bare system; ``run`` runs a command in it, ``path`` is one of its files seen from here."""

    def __init__(self, suite: str, *, over: Path | None = None) -> None:
        self.suite = suite
        self.over = over  # what freeze() made of another one: this one begins where it was
        self._init: subprocess.Popen[str] | None = None
        self._work = Path()
        self.pid = 0  # of the system's PID 1, as this process counts

    def __enter__(self) -> Self:
        tree = make_tree(self.suite)
        remove_what_dead_ones_left()
        self._work = Path(tempfile.mkdtemp(prefix=f"layer-{os.getpid()}-", dir=TREES))
        try:
            self._start(tree)
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self, tree: Path) -> None:
        layer = self._work / "upper"
        layer.mkdir()
        lowest = str(tree) if self.over is None else f"{self.over}:{tree}"
        if self.over is None:
            furnish(layer)
        namespaces = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
        self._init = subprocess.Popen(
            [*namespaces, sys.executable, __file__, lowest, self._work],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is the test's affair
        )
        assert self._init.stdout is not None
        said = self._init.stdout.readline()
        if not said:
            raise RuntimeError(f"the bare {self.suite} did not start")
        self.pid = int(said)

    def __exit__(self, *_: object) -> None:
        if self._init is not None:
            self._init.communicate()  # its input ends, so PID 1 does, and the kernel the rest
        shutil.rmtree(self._work)

    def run(
        self,
        command: Sequence[str],
        *,
        user: str = "root",
        env: Mapping[str, str] | None = None,
        cwd: str = "/",
        stdin: str = "",
        timeout: float = 600,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside with nothing of our environment but the way to the registries."""
        variables = self.environment(user) | dict(env or {})
        return subprocess.run(
            self.entering(command, user=user, cwd=cwd),
            env=variables,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def entering(self, command: Sequence[str], *, user: str = "root", cwd: str = "/") -> list[str]:
        """Return what runs a command inside, for those who start processes in their own way."""
        enter = ("nsenter", f"--target={self.pid}", "--mount", "--pid", "--root", "--wd")
        inside = ("sh", "-c", 'cd "$0" && exec "$@"', cwd, *command)
        become = ("setpriv", f"--reuid={user}", f"--regid={self._account(user)[3]}")
        return [*enter, *become, "--init-groups", *inside]

    def freeze(self, layer: Path) -> None:
        """Keep all that differs from the bare tree, for others to begin with."""
        subprocess.run(["cp", "-a", f"{self._work}/upper", layer], check=True)

    def path(self, path: str) -> Path:
        """Return where a file of the system is for this process."""
        return Path(f"/proc/{self.pid}/root", path.lstrip("/"))

    def _account(self, user: str) -> list[str]:
        lines = self.path("/etc/passwd").read_text().splitlines()
        return next(line.split(":") for line in lines if line.startswith(f"{user}:"))

    def environment(self, user: str = "root") -> dict[str, str]:
        """Return the variables that a user has inside, and the way to the registries."""
        registry = {k: v for k, v in os.environ.items() if k.upper().startswith(REGISTRY_VARIABLES)}
        account = {"HOME": self._account(user)[5], "USER": user, "LOGNAME": user}
        return registry | account | {"PATH": PATH, "LANG": "C.UTF-8"}


def make_tree(suite: str) -> Path:
    """Return the tree of a release, made by debootstrap unless it is there."""
    tree = TREES / suite
    TREES.mkdir(parents=True, exist_ok=True)
    with (TREES / f"{suite}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (tree / "var/log/bootstrap.log").exists():  # debootstrap's last act
            shutil.rmtree(tree, ignore_errors=True)
            with tempfile.TemporaryFile("w+") as log:
                command = ("debootstrap", "--variant=minbase", suite, str(tree), mirror())
                if subprocess.run(command, stdout=log, stderr=log, check=False).returncode:
                    log.seek(0)
                    raise RuntimeError(f"debootstrap {suite} failed:\n{log.read()}")
    return tree


def remove_what_dead_ones_left() -> None:
    """Remove the layers of processes that were killed."""
    for layer in TREES.glob("layer-*"):
        if not Path("/proc", layer.name.split("-")[1]).exists():
            shutil.rmtree(layer, ignore_errors=True)  # somebody else may do so at the same time


def mirror() -> str:
    """Return the archive that this machine's apt uses."""
    asked = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    )
    return min(set(asked.stdout.split()), key=len)  # the others are .../debian-security


def furnish(layer: Path) -> None:
    """Put into the layer what an installer would have left there, and the clone."""
    for name in REGISTRY_FILES:
        source = Path("/", name)
        target = layer / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, target)
    host = platform.node()
    (layer / "etc/hostname").write_text(f"{host}\n")
    (layer / "etc/hosts").write_text(f"127.0.0.1 localhost {host}\n")
    policy = layer / "usr/sbin/policy-rc.d"  # a server must not take a port of this machine
    policy.parent.mkdir(parents=True)
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    clone = layer / CLONE.lstrip("/")
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", f"file://{REPOSITORY}", str(clone)], check=True
    )


# What follows runs as PID 1 of a system.


def init(lowest: str, work: Path) -> None:
    """Lay the system out, then bury the dead until standard input ends."""
    pid = Path("/proc/self").readlink()  # as outside: the system's own /proc is not there yet
    merged = work / "merged"
    for folder in (merged, work / "work"):
        folder.mkdir()
    layers = f"lowerdir={lowest},upperdir={work}/upper,workdir={work}/work"
    mount("-t", "overlay", "-o", layers, "overlay", merged)
    mount("-t", "proc", "proc", merged / "proc")
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", merged / "dev")
    lay_out_devices(merged / "dev")
    os.chroot(merged)
    os.chdir("/")
    signal.signal(signal.SIGCHLD, reap)
    sys.stdout.write(f"{pid}\n")
    sys.stdout.flush()
    sys.stdin.read()


def mount(*arguments: str | Path) -> None:
    """mount(8), or die with its words."""
    subprocess.run(["mount", *arguments], check=True)


def lay_out_devices(dev: Path) -> None:
    """Fill /dev with what programs rely on."""
    for name in DEVICES:
        (dev / name).touch()
        mount("--bind", f"/dev/{name}", dev / name)
    for name in ("pts", "shm"):
        (dev / name).mkdir()
    mount("-t", "devpts", "-o", "newinstance,ptmxmode=0666", "devpts", dev / "pts")
    mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", dev / "shm")
    (dev / "ptmx").symlink_to("pts/ptmx")
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        (dev / name).symlink_to(f"/proc/self/fd/{number}")
    (dev / "fd").symlink_to("/proc/self/fd")


def reap(_number: int, _frame: FrameType | None) -> None:
    """Take leave of every child that is dead: a service that waits for its old self needs it."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    init(sys.argv[1], Path(sys.argv[2]))
