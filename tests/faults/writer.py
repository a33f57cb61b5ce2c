"""A run in small: run folder, lock, journal, and one act of each kind on files and folders.

Started under strace, which makes one of its system calls fail or kills it there. Prints the
problems that it met, one a line; an exception is a bug.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from wizard.engine.files.file_acts import FileActs
from wizard.engine.files.staging import sweep
from wizard.engine.journal.journal import Journal, open_journal
from wizard.engine.lock.holder import this_process
from wizard.engine.lock.lock import acquire
from wizard.engine.runs import run_folder
from wizard.model.events import Progress
from wizard.model.machine import Account, Command, Completed, Identity
from wizard.model.problem import Problem
from wizard.model.secret import Mask

BLOCK = b"USE_VENV=True\nVENV_PATH=/opt/stack/global-venv\n"
RULE = b'Defaults:stack secure_path="/usr/bin:/opt/stack/global-venv/bin"\n'


def main(folder: Path) -> int:
    """Do everything; each act only where it is not done yet."""
    try:
        run = run_folder.create(folder / "state", {"kind": "build"}, Mask(()))
    except OSError as error:
        return told(Problem(f"cannot keep a run here: {error.strerror}"))
    lock = acquire((str(folder / "local.conf"),), this_process(run.name, ""), folder=folder)
    if isinstance(lock, Problem):
        run_folder.discard(run)
        return told(lock)
    journal = open_journal(run.path)
    if isinstance(journal, Problem):
        lock.release()
        return told(journal)
    run.emit(Progress("step", 0, 1, "begins"))
    problem = next(problems(folder, journal), None)
    run.log("step", [f"ended: {problem}"])
    run.close()
    lock.release()
    return told(problem) if problem else 0


def problems(folder: Path, journal: Journal) -> Iterator[Problem]:
    """Yield what goes wrong; the first is the last."""

    def nothing(_: Command) -> Completed:
        raise AssertionError("no process is needed")

    user = Account("me", 1234, 1234, "/")
    acts = FileActs(journal, str, str, nothing, are_root=True, user=user)
    conf, rule, made = folder / "local.conf", folder / "sudoers.d/zzz", folder / "venv/made"
    for place in (folder, rule.parent):
        yield from sweep(str(place))
    yield from written(acts, conf, conf.read_bytes().partition(BLOCK)[0] + BLOCK)
    yield from written(acts, rule, RULE)
    if problem := acts.make_directory(str(made), mode=0o750, owner=Identity.STACK):
        yield problem
    yield from written(acts, made / "new", BLOCK)
    goes = folder / "goes"
    if goes.exists() and (problem := acts.remove_file(str(goes), expected=goes.read_bytes())):
        yield problem


def written(acts: FileActs, path: Path, content: bytes) -> Iterator[Problem]:
    """Write a file unless it is so already."""
    present = path.read_bytes() if path.exists() else None
    if present == content:
        return
    problem = acts.write_file(
        str(path), content, expected=present, mode=0o440, owner=Identity.ROOT, validate=None
    )
    if problem:
        yield problem


def told(problem: Problem) -> int:
    """Say what went wrong, as a run does."""
    print(problem)  # noqa: T201
    return 5


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main(Path(sys.argv[1])))
