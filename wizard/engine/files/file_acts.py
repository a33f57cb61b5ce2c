"""What a run does to files and folders: announced in the journal, done, confirmed.

Directly where our rights suffice, else by single commands of sudo.
"""

from collections.abc import Callable
from dataclasses import dataclass

from wizard.engine.files import files
from wizard.engine.files.file_system import FileSystem
from wizard.engine.files.files_as_root import file_system_for
from wizard.engine.journal.journal import Journal
from wizard.engine.journal.records import (
    DirectoryMade,
    FileRemoved,
    FileReplaced,
    LinkMade,
    Record,
    Renamed,
    TreeMade,
    TreeRemoved,
)
from wizard.model.machine import Account, Command, Completed, Identity, Validate
from wizard.model.problem import Problem
from wizard.model.recipe import MARKER


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
        announced = _Announced(self.journal, self.inside, owner)
        where = self.resolve(path)
        outcome = self._at(where).replace(
            where,
            content,
            expected=expected,
            mode=mode,
            owner=self._ids(owner),
            validate=None if validate is None else lambda p: validate(self.inside(p)),
            announce=announced.writing,
        )
        return announced.over(outcome)

    def remove_file(self, path: str, *, expected: bytes) -> Problem | None:
        """Remove a file that still has these bytes."""
        announced = _Announced(self.journal, self.inside, Identity.STACK)
        where = self.resolve(path)
        outcome = self._at(where).remove(where, expected=expected, announce=announced.removing)
        return announced.over(outcome)

    def make_directory(self, path: str, *, mode: int, owner: Identity) -> Problem | None:
        """Make a folder and its missing parents."""
        announced = _Announced(self.journal, self.inside, owner)
        where = self.resolve(path)
        outcome = self._at(where).make_directories(
            where, mode=mode, owner=self._ids(owner), announce=announced.folders
        )
        return announced.over(outcome)

    def make_tree(self, path: str) -> Problem | None:
        """Make a folder of the work's user that undo will remove whole."""
        record = TreeMade(path, f"{path}/{MARKER}")
        return self.make_directory(path, mode=0o755, owner=Identity.STACK) or self._recorded(
            record, lambda: None
        )

    def rename(self, source: str, target: str) -> Problem | None:
        """Move within a file system; nothing may be at the target."""
        here, there = self.resolve(source), self.resolve(target)
        return self._recorded(Renamed(source, target), lambda: self._at(here).rename(here, there))

    def make_link(self, path: str, target: str) -> Problem | None:
        """Make a symbolic link where nothing is."""
        where = self.resolve(path)
        record = LinkMade(path, target, Identity.ROOT)
        return self._recorded(record, lambda: self._at(where).make_link(where, target))

    def remove_tree(self, path: str) -> Problem | None:
        """Remove a folder that this program made."""
        where = self.resolve(path)
        return self._recorded(TreeRemoved(path), lambda: self._at(where).remove_tree(where))

    def _recorded(self, record: Record, act: Callable[[], Problem | None]) -> Problem | None:
        seq = self.journal.will(record)
        if isinstance(seq, Problem):
            return seq
        problem = act()
        news = self.journal.did(seq) if problem is None else self.journal.did_not(seq)
        return problem or news

    def _at(self, where: str) -> FileSystem:
        return file_system_for(self.run, are_root=self.are_root)(where)

    def _ids(self, owner: Identity) -> tuple[int, int]:
        return (self.user.uid, self.user.gid) if owner is Identity.STACK else (0, 0)


@dataclass(slots=True)
class _Announced:
    """One act on a file or folder, from its announcement to its end."""

    journal: Journal
    inside: Callable[[str], str]
    by: Identity
    seq: int | None = None

    def writing(self, written: files.Written) -> Problem | None:
        """Keep what is replaced, and say that it will be."""
        former, backup = written.former, ""
        if former is not None:
            kept = self.journal.backup(written.path, former.content)
            if isinstance(kept, Problem):
                return kept
            backup = kept
        return self._will(
            FileReplaced(
                self.inside(written.path),
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
        backup = self.journal.backup(removed.path, former.content)
        if isinstance(backup, Problem):
            return backup
        path = self.inside(removed.path)
        owner = (former.mode, former.uid, former.gid)
        return self._will(FileRemoved(path, former.sha256, backup, *owner, self.by))

    def folders(self, missing: tuple[str, ...]) -> Problem | None:
        """Say which folders will come to be."""
        if not missing:
            return None
        inside = tuple(map(self.inside, missing))
        return self._will(DirectoryMade(inside[-1], inside, self.by))

    def _will(self, record: Record) -> Problem | None:
        seq = self.journal.will(record)
        if isinstance(seq, Problem):
            return seq
        self.seq = seq
        return None

    def over(self, outcome: object) -> Problem | None:
        """Say how it ended."""
        problem = outcome if isinstance(outcome, Problem) else None
        if self.seq is None:
            return problem
        say = self.journal.did if problem is None else self.journal.did_not
        return problem or say(self.seq)
