"""What a run does to files and folders: announced in the journal, done, confirmed.

Directly where our rights suffice, else by single commands of sudo.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

from wizard.engine import files, folders
from wizard.engine.journal import Journal
from wizard.engine.records import (
    DirectoryMade,
    FileRemoved,
    FileReplaced,
    Record,
    Renamed,
    TreeMade,
    TreeRemoved,
)
from wizard.model.machine import Account, Command, Completed, Identity, Validate
from wizard.model.problem import Problem
from wizard.model.recipe import OURS


@dataclass(slots=True)
class FileActs:
    """Acts in the system that ``resolve`` maps paths into; ``run`` starts single commands."""

    journal: Journal
    resolve: Callable[[str], str]
    inside: Callable[[str], str]  # the other way round
    run: Callable[[Command], Completed]
    are_root: bool
    user: Account

    def write_file(
        self,
        path: str,
        content: bytes,
        *,
        expected: bytes | None,
        mode: int,
        owner: Identity,
        validate: Validate | None,
    ) -> Problem | None:
        """Create or replace a file."""
        announced = _Announced(self, owner)
        outcome = files.replace(
            self.resolve(path),
            content,
            expected=expected,
            mode=mode,
            owner=self._ids(owner),
            validate=None if validate is None else lambda p: validate(self.inside(p)),
            announce=announced.writing,
        )
        return announced.over(outcome if isinstance(outcome, Problem) else None)

    def remove_file(self, path: str, *, expected: bytes) -> Problem | None:
        """Remove a file that still has these bytes."""
        announced = _Announced(self, Identity.STACK)
        outcome = files.remove(self.resolve(path), expected=expected, announce=announced.removing)
        return announced.over(outcome if isinstance(outcome, Problem) else None)

    def make_directory(self, path: str, *, mode: int, owner: Identity) -> Problem | None:
        """Make a folder and its missing parents."""
        announced = _Announced(self, owner)
        target = self.resolve(path)
        if self._may_write_at(target):
            outcome = folders.make_directories(
                target, mode=mode, owner=self._ids(owner), announce=announced.folders
            )
            return announced.over(outcome if isinstance(outcome, Problem) else None)
        problem = announced.folders(folders.missing_folders(target))
        return announced.over(problem or self._install_directory(target, mode, owner))

    def make_tree(self, path: str) -> Problem | None:
        """Make a folder of the work's user that undo will remove whole."""
        made = self.make_directory(path, mode=0o755, owner=Identity.STACK)
        if made is not None:
            return made
        marker = f"{path}/{OURS}/complete.json"
        return self._recorded(TreeMade(path, marker), lambda: None)

    def rename(self, source: str, target: str) -> Problem | None:
        """Move within a file system; nothing may be at the target."""
        here, there = self.resolve(source), self.resolve(target)
        record = Renamed(source, target)
        if self._may_write_at(here):
            return self._recorded(record, lambda: folders.rename_noreplace(here, there))
        argv = ("mv", "--no-clobber", "--no-target-directory", "--", here, there)
        return self._recorded(record, lambda: self._as_root(*argv))

    def remove_tree(self, path: str) -> Problem | None:
        """Remove a folder that this program made."""
        target = self.resolve(path)
        record = TreeRemoved(path)
        if self._may_write_at(target):
            return self._recorded(record, lambda: folders.remove_tree(target))
        argv = ("rm", "-r", "--one-file-system", "--", target)
        return self._recorded(record, lambda: self._as_root(*argv))

    def _recorded(self, record: Record, act: Callable[[], Problem | None]) -> Problem | None:
        seq = self.journal.will(record)
        if isinstance(seq, Problem):
            return seq
        problem = act()
        news = self.journal.did(seq) if problem is None else self.journal.did_not(seq)
        return problem or news

    def _install_directory(self, path: str, mode: int, owner: Identity) -> Problem | None:
        name = self.user.name if owner is Identity.STACK else "root"
        return self._as_root("install", "-d", "-m", f"{mode:o}", "-o", name, "--", path)

    def _as_root(self, *argv: str) -> Problem | None:
        said = self.run(Command(argv, Identity.ROOT, timeout=600))
        if said.ok:
            return None
        lines = said.stderr.decode(errors="replace").strip().splitlines()
        return Problem(f"{argv[0]} did not work: {lines[-1] if lines else said.returncode}")

    def _ids(self, owner: Identity) -> tuple[int, int]:
        if not self.are_root:
            return os.geteuid(), os.getegid()
        return (self.user.uid, self.user.gid) if owner is Identity.STACK else (0, 0)

    def _may_write_at(self, path: str) -> bool:
        """Whether we may add or remove names where path is, or where its missing parents begin."""
        missing = folders.missing_folders(path)
        return self.are_root or os.access(os.path.dirname(missing[0] if missing else path), os.W_OK)  # noqa: PTH120


@dataclass(slots=True)
class _Announced:
    """One act on a file or folder, from its announcement to its end."""

    acts: FileActs
    by: Identity
    seq: int | None = None

    def writing(self, written: files.Written) -> Problem | None:
        """Keep what is replaced, and say that it will be."""
        former, backup = written.former, ""
        if former is not None:
            kept = self.acts.journal.backup(written.path, former.content)
            if isinstance(kept, Problem):
                return kept
            backup = kept
        return self._will(
            FileReplaced(
                self.acts.inside(written.path),
                None if former is None else former.sha256,
                written.sha256,
                backup,
                written.mode,
                written.uid,
                written.gid,
                self.by,
            )
        )

    def removing(self, removed: files.Removed) -> Problem | None:
        """Keep what is removed, and say that it will be."""
        former = removed.former
        backup = self.acts.journal.backup(removed.path, former.content)
        if isinstance(backup, Problem):
            return backup
        path = self.acts.inside(removed.path)
        owner = (former.mode, former.uid, former.gid)
        return self._will(FileRemoved(path, former.sha256, backup, *owner, self.by))

    def folders(self, missing: tuple[str, ...]) -> Problem | None:
        """Say which folders will come to be."""
        if not missing:
            return None
        inside = tuple(map(self.acts.inside, missing))
        return self._will(DirectoryMade(inside[-1], inside, self.by))

    def _will(self, record: Record) -> Problem | None:
        seq = self.acts.journal.will(record)
        if isinstance(seq, Problem):
            return seq
        self.seq = seq
        return None

    def over(self, problem: Problem | None) -> Problem | None:
        """Say how it ended."""
        if self.seq is None:
            return problem
        journal = self.acts.journal
        news = journal.did(self.seq) if problem is None else journal.did_not(self.seq)
        return problem or news
