"""Kills a run before each of its side effects in turn, and looks at what is left.

Run by test_killed.py in a process of its own: an audit hook cannot be taken back. Each run is a
fork that counts what it is about to do to the host and, at the chosen count, kills itself. Prints
one JSON object for each point: what was found right after the kill, and after running again.
"""

import json
import os
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wizard.engine.files.file_acts import FileActs
from wizard.engine.files.file_system import Direct
from wizard.engine.files.staging import SUFFIX, sweep
from wizard.engine.journal.journal import Journal, open_journal, read
from wizard.engine.journal.undo import undo
from wizard.model.machine import Account, Command, Completed, Identity

OLD, NEW = b"ADMIN_PASSWORD=one\n", b"ADMIN_PASSWORD=one\nUSE_VENV=True\n"
EFFECTS = {
    *("os.rename", "os.renameat2", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"),
    *("os.chmod", "os.chown", "os.setxattr", "shutil.rmtree"),
}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Trap:
    """Counts side effects, and kills this process before the chosen one."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.count = fatal, 0
        sys.addaudithook(self.audited)
        for name in ("write", "fsync"):  # these two raise no audit event
            setattr(os, name, self.counted(getattr(os, name)))

    def audited(self, event: str, args: tuple[Any, ...]) -> None:
        opened_for_writing = event == "open" and isinstance(args[2], int) and args[2] & WRITING
        if event in EFFECTS or opened_for_writing:
            self.hit()

    def counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            self.hit()
            return real(*args)

        return call

    def hit(self) -> None:
        self.count += 1
        if self.count == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def journal_of(folder: Path) -> Journal:
    journal = open_journal(folder / "run")
    assert isinstance(journal, Journal), journal
    return journal


def build(folder: Path) -> None:
    """What a run does: each act only where it is not done yet."""

    def nothing(_: Command) -> Completed:
        raise AssertionError("no process is needed")

    user = Account("me", os.geteuid(), os.getegid(), "/")
    acts = FileActs(journal_of(folder), str, str, nothing, are_root=True, user=user)
    for path in (folder / "root", folder / "root/made"):
        if path.exists():
            sweep(str(path))
    write(acts, folder / "root/local.conf", NEW)
    acts.make_directory(str(folder / "root/made/deep"), mode=0o750, owner=Identity.STACK)
    write(acts, folder / "root/made/new", NEW)
    if (folder / "root/goes").exists():
        acts.remove_file(str(folder / "root/goes"), expected=OLD)
    if not (folder / "root/venv/new").exists():
        if (folder / "root/venv").exists():
            acts.rename(str(folder / "root/venv"), str(folder / "root/aside"))
        acts.make_tree(str(folder / "root/venv"))
        write(acts, folder / "root/venv/new", NEW)


def write(acts: FileActs, path: Path, content: bytes) -> None:
    present = path.read_bytes() if path.exists() else None
    if present != content:
        options: dict[str, Any] = {"mode": 0o640, "owner": Identity.STACK, "validate": None}
        problem = acts.write_file(str(path), content, expected=present, **options)
        assert problem is None, problem


def put_back(folder: Path) -> None:
    undone = undo(
        journal_of(folder),
        resolve=str,
        file_system=lambda _: Direct(),
        judge_tree=lambda _record, _phase: None,
    )
    assert not undone.problems, undone


def forked(act: Callable[[Path], None], folder: Path, fatal: int = 0) -> int:
    """Act in a process of its own; return how many side effects it had, or -1 when killed."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            trap = Trap(fatal)
            act(folder)
            trap.fatal = 0
            os.write(writing, str(trap.count).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _, ended = os.waitpid(pid, 0)
    if os.WIFSIGNALED(ended):
        return -1
    assert os.WEXITSTATUS(ended) == 0, "the run failed"
    return int(said)


def fresh(base: Path, name: str) -> Path:
    folder = base / name
    (folder / "run").mkdir(parents=True)
    (folder / "root/venv").mkdir(parents=True)
    for path in ("local.conf", "goes", "venv/old"):
        (folder / "root" / path).write_bytes(OLD)
        (folder / "root" / path).chmod(0o604)
    return folder


def state(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted((folder / "root").rglob("*")):
        mode = path.lstat().st_mode
        content = path.read_text() if stat.S_ISREG(mode) else ""
        found[str(path.relative_to(folder / "root"))] = f"{mode:o} {content}"
    return found


def examine(base: Path, fatal: int, act: str) -> dict[str, Any]:
    """Kill at one point; look; run again; look; undo; look."""
    folder = fresh(base, f"{act}-{fatal}")
    if act == "build":
        killed = forked(build, folder, fatal)
    else:
        forked(build, folder)
        killed = forked(put_back, folder, fatal)
    found: dict[str, Any] = {"killed": killed == -1, "after_kill": state(folder)}
    found["journal_reads"] = isinstance(read(folder / "run"), tuple)
    if act == "build":
        forked(build, folder)
        found["after_rerun"] = state(folder)
    forked(put_back, folder)
    found["after_undo"] = state(folder)
    found["litter"] = [name for name in found["after_undo"] if name.endswith(SUFFIX)]
    return found


def main(base: Path) -> None:
    clean = fresh(base, "clean")
    before = state(clean)
    builds = forked(build, clean)
    after = state(clean)
    again = forked(build, clean)
    undoes = forked(put_back, clean)
    print(json.dumps({"before": before, "after": after, "builds": builds, "again": again}))  # noqa: T201
    for act, points in (("build", builds), ("undo", undoes)):
        for fatal in range(1, points + 1):
            print(json.dumps(examine(base, fatal, act)))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
