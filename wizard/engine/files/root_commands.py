"""What root can be asked to do, one command at a time, each of which sudo can allow by name."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from wizard.engine.files.refusals import changed, needs_person
from wizard.engine.files.staging import SUFFIX, File, digest
from wizard.engine.files.target import unfit
from wizard.model.machine import Command, Completed, Identity
from wizard.model.problem import Problem

Run = Callable[[Command], Completed]


def temporary_path(path: str, sha256: str) -> str:
    """Return where content waits to become ``path``: known from outside, so that it is found."""
    place = PurePath(path)
    return str(place.with_name(f".{place.name}.{sha256[:16]}{SUFFIX}"))


@dataclass(frozen=True, slots=True)
class RootCommands:
    """Root's hands: one command at a time."""

    run: Run

    def ask(self, *argv: str) -> Completed:
        """Run a command that may say no."""
        return self.run(Command(argv, Identity.ROOT))

    def do(self, *argv: str) -> Problem | None:
        """Run a command that must work; the last operand is what it is about."""
        completed = self.ask(*argv)
        return None if completed.ok else _failed(completed, argv)

    def look(self, path: str) -> os.stat_result | Problem | None:
        """Ask about a path; its folder is asked about too, to tell "not there" from "may not"."""
        argv = ("stat", "-c", "%f %u %g %h %s", "--", str(PurePath(path).parent), path)
        completed = self.ask(*argv)
        lines = completed.text.split("\n")[:-1]
        if not lines:
            return _failed(completed, argv)
        if len(lines) == 1:
            return None
        mode, uid, gid, links, size = lines[1].split()
        return os.stat_result(
            (int(mode, 16), 0, 0, int(links), int(uid), int(gid), int(size), 0, 0, 0)
        )

    def present(self, path: str, expected: bytes | None) -> tuple[str, File | None] | Problem:
        """Return the real path and the file there, having seen that it is as expected."""
        where = self.follow(path)
        if isinstance(where, Problem):
            return where
        file = self.read(where)
        if isinstance(file, Problem):
            return file
        if file is None and expected is not None:
            return needs_person("is no longer there", where)
        if file is not None and file.content != expected:
            return changed(where)
        return where, file

    def read(self, path: str) -> File | Problem | None:
        """Read a file that may be replaced; None when there is none."""
        status = self.look(path)
        if status is None or isinstance(status, Problem):
            return status
        if problem := unfit(status, path):
            return problem
        said = self.ask("cat", "--", path)
        if not said.ok:
            return _failed(said, ("cat", path))
        return File(said.stdout, stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid)

    def follow(self, path: str) -> str | Problem:
        """Return what a link leads to, or the path itself."""
        status = self.look(path)
        if isinstance(status, Problem):
            return status
        if status is None or not stat.S_ISLNK(status.st_mode):
            return path
        said = self.ask("realpath", "-e", "--", path)
        if not said.ok:
            return Problem("is a symbolic link to nothing", path, "Remove the link")
        return os.fsdecode(said.stdout.removesuffix(b"\n"))

    def install(self, candidate: str, temporary: str, new: File) -> Problem | None:
        """Copy the candidate beside its place, and onto the disk."""
        owner = ("-o", str(new.uid), "-g", str(new.gid))
        argv = ("install", "-m", f"{new.mode:04o}", *owner, "-T", "--", candidate, temporary)
        return self.do(*argv) or self.do("sync", "--", temporary)

    def put(self, temporary: str, path: str, expected: bytes | None) -> Problem | None:
        """Rename over what is still as expected."""
        present = self.present(path, expected)
        if isinstance(present, Problem):
            return present
        how = "-nT" if expected is None else "-fT"
        return self.do("mv", how, "--", temporary, path) or self.sync(path)

    def confirm(self, path: str, content: bytes) -> Problem | None:
        """See that the content is there: ``mv -n`` may keep another file and say nothing."""
        if self.ask("cat", "--", path).stdout == content:
            return None
        self.do("rm", "-f", "--", temporary_path(path, digest(content)))
        return changed(path)

    def sync(self, path: str) -> Problem | None:
        """Make a change of names durable."""
        return self.do("sync", "--", str(PurePath(path).parent))

    def missing(self, path: str) -> tuple[str, ...] | Problem:
        """Return the folders that are not there, outermost first."""
        places = [str(place) for place in (PurePath(path), *PurePath(path).parents)]
        said = self.ask("stat", "-L", "-c", "%f %n", "--", *places)
        if not said.stdout:
            return _failed(said, ("stat", path))
        there = {name: int(mode, 16) for mode, _, name in map(_cut, said.text.splitlines())}
        if not stat.S_ISDIR(there.get(path, stat.S_IFDIR)):
            return Problem("is there, but is not a folder", path, "Choose another path")
        return tuple(place for place in reversed(places) if place not in there)


def _cut(line: str) -> tuple[str, str, str]:
    return line.partition(" ")


def _failed(completed: Completed, argv: tuple[str, ...]) -> Problem:
    lines = completed.stderr.decode(errors="replace").strip().splitlines()
    why = lines[-1] if lines else f"it ended with status {completed.returncode}"
    return Problem(f"root's {argv[0]} failed: {why}", argv[-1], "See sudo -n -l")
