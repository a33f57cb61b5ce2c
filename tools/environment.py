"""Makes the environment that wizard.sh and run_tests.sh run in, and prints its folder.

Usage: environment.py ROOT NAME LOCK

ROOT is the folder of the clone, NAME that of the environment in it, LOCK the file in it that
names every package with its hashes. Nothing but the standard library is at hand here. What a
person should know goes to standard error, what pip says to a log beside the environment.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, NoReturn

CANNOT = 4  # the exit status of a host that cannot
STAMP = ".devstack-venv"  # marks an environment as ours; holds the lock's digest when complete
LOG_LINES_SHOWN = 15
# what uv and what pip say of a file that has not the hash that was locked
MISMATCH = re.compile(
    r"(?:Hash mismatch for `|DO NOT MATCH THE HASHES[^\n]*\n\s+)([\w.-]+==[\w.!+-]+)"
)

# The interpreter itself: not a link that may lead elsewhere tomorrow, not another environment's.
PYTHON = os.path.realpath(getattr(sys, "_base_executable", sys.executable))

# A person's settings for pip and Python that would lead the packages elsewhere.
DISTURBING = (
    *("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_CONSTRAINT", "PIP_NO_DEPS", "PIP_PREFIX"),
    *("PIP_ROOT", "PIP_TARGET", "UV_CONSTRAINT", "UV_SYSTEM_PYTHON"),
)


def main(root: Path, name: str, lock: Path) -> None:
    """Make the environment unless another start has just done so, and print its folder."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    venv = _choose_folder(root, name)
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    with _locked(venv):
        if not _is_ready(venv, digest):
            with _old_one_put_aside(venv):
                _make(venv, root, lock)
                (venv / STAMP).write_text(f"{digest}\n", encoding="ascii")
    print(venv)


def _end(_number: int, _frame: object) -> NoReturn:
    sys.exit(143)


def _give_up(sentence: str) -> NoReturn:
    _say(f"{sentence}\n")
    sys.exit(CANNOT)


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _choose_folder(root: Path, name: str) -> Path:
    """Return a place in the clone when the clone is ours to write, else in the user's cache."""
    if root.stat().st_uid == os.geteuid() and os.access(root, os.W_OK):
        return root / name
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "devstack-venv" / root.relative_to("/")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _give_up(
            f"Neither {root} nor {folder} can hold the environment ({error.strerror}). "
            "Set XDG_CACHE_HOME to a folder that you can write"
        )
    return folder / name


def _beside(venv: Path, suffix: str) -> Path:
    return venv.with_name(f"{venv.name}.{suffix}")


@contextlib.contextmanager
def _locked(venv: Path) -> Iterator[None]:
    """Let one start at a time make the environment; the kernel frees the lock of a dead one."""
    with _beside(venv, "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say(f"Waiting for another start that is making {venv}\n")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_ready(venv: Path, digest: str) -> bool:
    with contextlib.suppress(OSError):
        return (venv / "bin/python").exists() and (venv / STAMP).read_text().strip() == digest
    return False


@contextlib.contextmanager
def _old_one_put_aside(venv: Path) -> Iterator[None]:
    """Keep what is there until the new one is made; keep for good what is not ours."""
    old = _beside(venv, f"old-{os.getpid()}")
    if os.path.lexists(venv):
        venv.rename(old)
    try:
        yield
    except BaseException:
        shutil.rmtree(venv, ignore_errors=True)
        if os.path.lexists(old):
            old.rename(venv)
        raise
    if (old / STAMP).exists():
        shutil.rmtree(old, ignore_errors=True)
    elif os.path.lexists(old):
        _say(f"There was another {venv}: it is now {old}\n")


def _make(venv: Path, root: Path, lock: Path) -> None:
    started = time.monotonic()
    with _beside(venv, "log").open("w", encoding="utf-8") as log:
        uv = shutil.which("uv")
        if uv is None and importlib.util.find_spec("ensurepip") is None:
            _install_ensurepip(log)
        _say(f"Making {venv} with Python {platform.python_version()} ... ")
        if not (uv and _made_with_uv(uv, venv, lock, log)) and not _made_with_pip(venv, lock, log):
            _say("failed\n")
            what = _changed(log.name, lock.name) or f"{_tail(log.name)}\nMaking {venv} failed"
            _give_up(f"{what}; {log.name} says more")
    _link(venv, root)
    _say(f"{time.monotonic() - started:.1f} s\n")


def _made_with_uv(uv: str, venv: Path, lock: Path, log: IO[str]) -> bool:
    _begin(venv)
    into = f"--python={venv}/bin/python"
    return _run((uv, "venv", "--allow-existing", f"--python={PYTHON}", str(venv)), log) and _run(
        (uv, "pip", "sync", "--require-hashes", "--compile-bytecode", into, str(lock)), log
    )


def _made_with_pip(venv: Path, lock: Path, log: IO[str]) -> bool:
    _begin(venv)
    pip = (f"{venv}/bin/python", "-I", "-m", "pip")
    return _run((PYTHON, "-I", "-m", "venv", str(venv)), log) and _run(
        (*pip, "install", "--require-hashes", "--requirement", str(lock)), log
    )


def _begin(venv: Path) -> None:
    """Leave an empty folder that is known as ours should we die on the way."""
    shutil.rmtree(venv, ignore_errors=True)
    venv.mkdir()
    (venv / STAMP).touch()


def _link(venv: Path, root: Path) -> None:
    """Put the clone on the environment's path: relative when both can only move together."""
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(venv)}))
    line = os.path.relpath(root, packages) if venv.is_relative_to(root) else str(root)
    (packages / "devstack-venv.pth").write_text(f"{line}\n", encoding="utf-8")


def _run(command: Sequence[str], log: IO[str]) -> bool:
    """Run a command with the person's environment, less what would disturb; say if it worked."""
    env = {name: value for name, value in os.environ.items() if name not in DISTURBING}
    env |= {"PIP_USER": "0", "PIP_ROOT_USER_ACTION": "ignore", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    log.write(f"$ {' '.join(command)}\n")
    log.flush()
    try:
        done = subprocess.run(
            command, env=env, check=False, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    except OSError as error:
        log.write(f"{error}\n")
        return False
    return done.returncode == 0


def _install_ensurepip(log: IO[str]) -> None:
    """Install what Debian and Ubuntu split off from their Python, when it is theirs."""
    package = f"{Path(PYTHON).name}-venv"  # python3.11-venv
    if not (PYTHON.startswith("/usr/bin/") and shutil.which("apt-get")):
        _give_up(f"{PYTHON} lacks the module ensurepip: put a complete Python 3.11+ on PATH")
    _say(f"Installing {package} with apt-get: {PYTHON} needs it to make environments\n")
    as_root = () if os.geteuid() == 0 else ("sudo", "-n")
    with _undisturbed():
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        apt = (*as_root, "apt-get", "-o", "DPkg::Lock::Timeout=120")
        _run((*apt, "update"), log)
        installed = _run((*apt, "install", "-y", "--no-install-recommends", package), log)
    importlib.invalidate_caches()
    if not installed or importlib.util.find_spec("ensurepip") is None:
        if not _has_package_source():
            where = "/etc/apt/sources.list and /etc/apt/sources.list.d"
            _give_up(
                f"{package} is missing, and apt-get has no package source to take it from."
                f" Name the distribution's own in {where}, then run this again"
            )
        sudo = "sudo " if as_root else ""
        _give_up(f"{_tail(log.name)}\n{package} is missing. Run: {sudo}apt-get install {package}")


def _has_package_source() -> bool:
    """Whether apt is told of any place that has packages; True where it does not answer."""
    command = ("apt-get", "update", "--print-uris")
    told = subprocess.run(command, check=False, capture_output=True)
    return told.returncode != 0 or bool(told.stdout.strip())


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Ignore Ctrl-C and the like, as does what is started here: apt must come to its end."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    yield
    for number, action in zip(numbers, before, strict=True):
        signal.signal(number, action)


def _changed(log: str, lock: str) -> str:
    """Return the sentence about a package that is not the one that was locked; else ""."""
    found = MISMATCH.search(Path(log).read_text(encoding="utf-8", errors="replace"))
    if found is None:
        return ""
    return f"{found[1]} is not the file whose hash {lock} holds: one of the two was changed"


def _tail(log: str) -> str:
    lines = Path(log).read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(f"  | {line}" for line in lines[-LOG_LINES_SHOWN:])


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[1], sys.argv[3]))
    except KeyboardInterrupt:
        sys.exit(130)
