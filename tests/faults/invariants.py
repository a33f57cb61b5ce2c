"""What must hold whatever happens to a run, judged without a line of the program's own code.

Runs as root inside the small world: ``invariants.py MOMENT WHERE...``, with MOMENT one of

* ``note FILE``: keep in FILE how things are (before anything, and after an undisturbed run);
* ``killed BEFORE AFTER``: right after a run died;
* ``settled AFTER``: after a run that came to its end;
* ``undone BEFORE``: after everything was undone;
* ``tree``: print a digest of every file of the system, for runs that must change nothing.

Prints one violation a line, and nothing when all is well.
"""

import csv
import fcntl
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

VENV = Path("/opt/stack/global-venv")
CONF = Path("/opt/stack/work/local.conf")
SUDOERS = Path("/etc/sudoers.d")
STATES = (Path("/var/lib/devstack-venv"), Path("/opt/stack/.local/state/devstack-venv"))
MARKER = VENV / ".devstack-venv/complete.json"
CANARY = b"canary4password"
LITTER = re.compile(r".*\.devstack-venv~|devstack-venv-.*|starting-.*\.out")
MAY_CHANGE = ("/proc", "/dev", "/sys", "/tmp", "/run", "/opt/stack/.cache", *map(str, STATES))
Noted = dict[str, Any]  # what facts() said at an earlier moment
PATIENCE = 5.0  # seconds in which a question that nobody waits for any more must end


def main(moment: str, *files: str) -> None:
    noted = [json.loads(Path(file).read_text()) for file in files if moment != "note"]
    if moment == "note":
        Path(files[0]).write_text(json.dumps(facts()))
    elif moment == "tree":
        print(tree())  # noqa: T201
    else:
        for violation in MOMENTS[moment](*noted):
            print(violation)  # noqa: T201


def facts() -> Noted:
    return {"watched": watched(), "sudo": sudo(), "venv": venv_content()}


def watched() -> dict[str, list[str]]:
    """Return what every watched file holds, with its mode and owner."""
    files = [CONF, Path("/etc/sudoers"), *SUDOERS.iterdir()]
    return {str(file): one(file) for file in files if not file.name.startswith(".")}


def one(file: Path) -> list[str]:
    status = file.stat()
    mode = f"{stat.S_IMODE(status.st_mode):o} {status.st_uid}:{status.st_gid}"
    return [mode, hashlib.sha256(file.read_bytes()).hexdigest()]


def sudo() -> dict[str, Any]:
    """Return what visudo complains of, and whether sudo works at all."""
    visudo = subprocess.run(["visudo", "-c"], capture_output=True, text=True, check=False)
    lines = [line for line in visudo.stderr.splitlines() if line]
    works = subprocess.run(
        ["setpriv", "--reuid=stack", "--regid=stack", "--init-groups", "sudo", "-n", "true"],
        capture_output=True,
        check=False,
    )
    return {"complaints": lines, "works": works.returncode == 0}


def venv_content() -> dict[str, str]:
    """Return the digest of every file of the venv but its bytecode and what tells the time."""
    found = {}
    for folder, names, files in os.walk(VENV):
        names[:] = [name for name in names if name != "__pycache__"]
        for name in files:
            path = Path(folder, name)
            if path.is_file() and name not in (".lock", "download.txt"):  # not there in each run
                lines = sorted(path.read_bytes().splitlines())  # virtualenv keeps no order
                found[str(path)] = hashlib.sha256(b"\n".join(lines)).hexdigest()
    return found


def killed(before: Noted, after: Noted) -> Iterator[str]:
    yield from files_are_old_or_new(before, after)
    yield from sudo_is_no_worse(before)
    yield from journals_can_be_read()
    yield from processes_hold_the_lock()
    yield from venv_is_whole_or_unmarked()
    yield from secrets_are_kept()


def settled(after: Noted) -> Iterator[str]:
    yield from everything_is_over()
    yield from files_are_old_or_new(after, after)
    yield from sudo_is_no_worse(after)
    yield from journals_can_be_read()
    yield from venv_is_whole_or_unmarked()
    yield from secrets_are_kept()
    if not MARKER.exists():
        yield "the venv has no marker"
    now, wanted = venv_content(), after["venv"]
    other = [path for path in now.keys() | wanted.keys() if now.get(path) != wanted.get(path)]
    if other:
        yield f"{len(other)} files are not what an undisturbed run makes, such as {min(other)}"


def undone(before: Noted) -> Iterator[str]:
    yield from everything_is_over()
    yield from files_are_old_or_new(before, before)
    yield from sudo_is_no_worse(before)
    yield from secrets_are_kept()
    if VENV.exists():
        yield "the venv is still there"


MOMENTS: dict[str, Callable[..., Iterator[str]]] = {
    "killed": killed,
    "settled": settled,
    "undone": undone,
}


def everything_is_over() -> Iterator[str]:
    for pid in processes():
        yield f"still runs: {pid} {command(pid)}"
    for path in locks():
        if not is_free(path):
            yield f"{path} is held"
    yield from packages_are_whole()
    yield from nothing_lies_about()


def files_are_old_or_new(before: Noted, after: Noted) -> Iterator[str]:
    now = watched()
    for path in sorted(now.keys() | before["watched"].keys() | after["watched"].keys()):
        if now.get(path) not in (before["watched"].get(path), after["watched"].get(path)):
            yield f"{path} is neither old nor new: {now.get(path)}"


def sudo_is_no_worse(before: Noted) -> Iterator[str]:
    now = sudo()
    known = before["sudo"]["complaints"]
    yield from (f"visudo: {line}" for line in now["complaints"] if line not in known)
    if not now["works"]:
        yield "sudo no longer works"


def journals_can_be_read() -> Iterator[str]:
    for home in STATES:
        for journal in home.glob("runs/*/journal.jsonl"):
            *lines, _torn = journal.read_bytes().split(b"\n")
            for number, line in enumerate(lines, 1):
                try:
                    json.loads(line)
                except ValueError:
                    yield f"{journal}:{number} is damaged"


def processes_hold_the_lock() -> Iterator[str]:
    """A job may outlive its run only while it keeps others from starting."""
    deadline = time.monotonic() + PATIENCE
    while strays := [pid for pid in processes() if not is_locked_by(pid)]:
        if time.monotonic() > deadline:
            yield from (f"nobody knows of {pid} {command(pid)}" for pid in strays)
            return
        time.sleep(0.05)


def is_locked_by(pid: int) -> bool:
    """Whether a process or one of those that started it holds a lock of ours."""
    while pid > 1:
        folder = Path(f"/proc/{pid}/fd")
        try:
            opened = [str(descriptor.readlink()) for descriptor in folder.iterdir()]
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return True  # it has just ended
        if any("/devstack-venv-" in path and ".lock" in path for path in opened):
            return True
        pid = int(fields[1])
    return False


def processes() -> list[int]:
    """Return all but the system's first, the dead, ourselves and who started us."""
    ours = {os.getpid(), os.getppid(), 1}
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) not in ours:
            try:
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if state != "Z":
                found.append(int(entry.name))
    return found


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return "(ended)"


def locks() -> list[Path]:
    places = (Path("/run/lock"), Path("/tmp"))
    return [path for place in places for path in place.glob("devstack-venv-*.lock")]


def is_free(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def packages_are_whole() -> Iterator[str]:
    audit = subprocess.run(["dpkg", "--audit"], capture_output=True, text=True, check=False)
    if audit.stdout or audit.returncode:
        yield f"dpkg was interrupted: {audit.stdout}"
    told = Path("/var/lib/fault-postinst")
    lines = told.read_text().split() if told.exists() else []
    if lines.count("begin") != lines.count("end"):
        yield f"a package's own script was interrupted: {lines}"


def nothing_lies_about() -> Iterator[str]:
    """Look for temporary files everywhere; the next run takes a lock that nobody holds."""
    free = {str(path) for path in locks() if is_free(path)}
    for folder, names, files in os.walk("/"):
        if folder == "/":
            names[:] = [name for name in names if name not in ("proc", "sys", "dev", "srv")]
        for name in names + files:
            is_run = folder in {str(state.parent) for state in STATES}
            if LITTER.fullmatch(name) and not is_run and f"{folder}/{name}" not in free:
                yield f"{folder}/{name} was left"


def venv_is_whole_or_unmarked() -> Iterator[str]:
    if not MARKER.exists():
        return
    json.loads(MARKER.read_text())
    for record in VENV.glob("lib/python3*/site-packages/*.dist-info/RECORD"):
        site = record.parent.parent
        for path, digest, _size in csv.reader(record.read_text().splitlines()):
            if digest and not has_digest(site / path, digest):
                yield f"the venv is marked as complete, but {path} is not as recorded"


def has_digest(path: Path, recorded: str) -> bool:
    name, _, wanted = recorded.partition("=")
    if not path.exists():
        return False
    found = hashlib.new(name, path.read_bytes()).digest()
    return urlsafe_b64encode(found).decode().rstrip("=") == wanted


def secrets_are_kept() -> Iterator[str]:
    """Only local.conf and the run folders' backups of it hold a password."""
    places = ["/etc", "/opt", "/root", "/run", "/tmp", "/var/lib", "/var/log", "/var/tmp"]
    found = subprocess.run(
        ["grep", "-rlFI", CANARY.decode(), *places], capture_output=True, text=True, check=False
    )
    for name in found.stdout.split():
        path = Path(name)
        is_backup = path.parent.name == "backups" and path.is_relative_to(path.parents[3])
        if path == CONF or (is_backup and not stat.S_IMODE(path.parents[1].stat().st_mode) & 0o77):
            continue
        is_temporary = path.parent == CONF.parent and LITTER.fullmatch(path.name)
        if is_temporary and not stat.S_IMODE(path.stat().st_mode) & 0o77:
            continue
        yield f"{path} holds a password"


def tree() -> str:
    """Return a digest of all files that a run with nothing to do must leave as they are."""
    digest = hashlib.sha256()
    for folder, names, files in os.walk("/"):
        names[:] = sorted(
            name for name in names if not f"{Path(folder, name)}".startswith(MAY_CHANGE)
        )
        for name in sorted(files):
            path = Path(folder, name)
            status = path.lstat()
            kept = (str(path), status.st_mode, status.st_uid, status.st_size, status.st_mtime_ns)
            digest.update(repr(kept).encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main(*sys.argv[1:])
