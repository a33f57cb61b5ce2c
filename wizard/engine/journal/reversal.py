"""The reversal of one act, decided by what is there now."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from wizard.engine.files.file_system import FileSystem
from wizard.engine.files.refusals import needs_person
from wizard.engine.files.staging import digest
from wizard.engine.journal.journal import BACKUPS, Entry, Journal, read_backup
from wizard.engine.journal.records import (
    DirectoryMade,
    FileRemoved,
    FileReplaced,
    LinkMade,
    Noted,
    Phase,
    Renamed,
    TreeMade,
    TreeRemoved,
)
from wizard.model.problem import Problem
from wizard.model.sudoers import RULE_FILE, is_stack_sh_rules

JudgeTree = Callable[[TreeMade, Phase], Problem | None]
"""Says why a folder that we made must stay (it changed since); None when it may go."""


@dataclass(frozen=True, slots=True)
class Reversed:
    """It is as it was before."""

    what: str


@dataclass(frozen=True, slots=True)
class Stays:
    """It stays as it is, for a reason that needs nobody."""

    what: str


Outcome = Reversed | Stays | Problem | None
"""None: there is nothing to reverse. A Problem: somebody changed it, and it was left alone."""


@dataclass(frozen=True, slots=True)
class Reverser:
    """Reverses the acts of one journal."""

    journal: Journal
    resolve: Callable[[str], str]
    file_system: Callable[[str], FileSystem]
    judge_tree: JudgeTree

    def reverse(self, entry: Entry) -> Outcome:  # noqa: C901, PLR0911 -- one for each kind
        """Reverse one act."""
        record = entry.record
        match record:
            case FileReplaced():
                return self._replaced(record, entry.phase)
            case FileRemoved():
                return self._removed(record)
            case DirectoryMade():
                return self._directories(record)
            case Renamed():
                return self._renamed(record)
            case LinkMade():
                return self._link_made(record)
            case TreeMade():
                return self._tree_made(record, entry.phase)
            case TreeRemoved():
                return self._tree_removed(record)
            case Noted():
                return None

    def _replaced(self, record: FileReplaced, phase: Phase) -> Outcome:
        where, acts = self._at(record.path)
        acts.sweep(where, record.sha256_new)
        present = _content(acts, where)
        if isinstance(present, Problem):
            return present
        now = None if present is None else digest(present)
        refused = phase is Phase.DID_NOT and now != record.sha256_new
        if refused or now == record.sha256_old:
            return None
        if present is None or now != record.sha256_new:
            return _stack_shs(record, present) or self._changed_since(where, record.backup)
        if record.sha256_old is None:
            removed = acts.remove(where, expected=present)
            return removed if isinstance(removed, Problem) else Reversed(f"removed {record.path}")
        return self._write_backup(record, record.sha256_old, present)

    def _removed(self, record: FileRemoved) -> Outcome:
        where, acts = self._at(record.path)
        present = _content(acts, where)
        if isinstance(present, Problem):
            return present
        if present is None:
            return self._write_backup(record, record.sha256_old, None)
        if digest(present) == record.sha256_old:
            return None
        return self._changed_since(where, record.backup)

    def _write_backup(
        self, record: FileReplaced | FileRemoved, sha256: str, present: bytes | None
    ) -> Outcome:
        content = read_backup(self.journal.folder, record.backup, sha256)
        if isinstance(content, Problem):
            return content
        where, acts = self._at(record.path)
        owner = record.uid, record.gid
        written = acts.replace(where, content, expected=present, mode=record.mode, owner=owner)
        return written if isinstance(written, Problem) else Reversed(f"put back {record.path}")

    def _directories(self, record: DirectoryMade) -> Outcome:
        removed = []
        for path in reversed(record.made):
            where, acts = self._at(path)
            if acts.is_there(where) is not True:
                continue
            if problem := acts.remove_directory(where):
                return Stays(f"{path} stays: it {problem.what}")
            removed.append(path)
        return Reversed(f"removed {', '.join(removed)}") if removed else None

    def _renamed(self, record: Renamed) -> Outcome:
        source, acts = self._at(record.source)
        target = self.resolve(record.target)
        before, after = acts.is_there(source), acts.is_there(target)
        if isinstance(before, Problem):
            return before
        if isinstance(after, Problem):
            return after
        if not after:
            return None  # never renamed, renamed back already, or removed since
        if before:
            return needs_person(
                f"cannot get its name {record.source} back: something else is there", target
            )
        problem = acts.rename(target, source)
        return problem or Reversed(f"renamed {record.target} back to {record.source}")

    def _link_made(self, record: LinkMade) -> Outcome:
        where, acts = self._at(record.path)
        if acts.is_there(where) is not True:
            return None
        if acts.link_target(where) != record.target:
            return self._changed_since(where, "")
        return acts.remove_link(where) or Reversed(f"removed {record.path}")

    def _tree_made(self, record: TreeMade, phase: Phase) -> Outcome:
        where, acts = self._at(record.path)
        there = acts.is_there(where)
        if isinstance(there, Problem):
            return there
        if there and (problem := self.judge_tree(record, phase)):
            return problem
        problem = acts.remove_tree(where)  # also what an undo that was killed left of it
        return problem or (Reversed(f"removed {record.path}") if there else None)

    def _tree_removed(self, record: TreeRemoved) -> Outcome:
        where, acts = self._at(record.path)
        if acts.is_there(where) is True:
            return None
        return Stays(f"{record.path} was removed for good and cannot come back")

    def _at(self, path: str) -> tuple[str, FileSystem]:
        where = self.resolve(path)
        return where, self.file_system(where)

    def _changed_since(self, where: str, backup: str) -> Problem:
        kept = self.journal.folder / BACKUPS / backup
        cure = f"What it was before is in {kept}" if backup else "Remove it if you do not need it"
        return needs_person("was changed by somebody else since, so it stays as it is", where, cure)


def _stack_shs(record: FileReplaced, present: bytes | None) -> Stays | None:
    """Leave the rule for sudo that was ours to DevStack once stack.sh has written its own."""
    text = (present or b"").decode(errors="replace")
    if record.path != RULE_FILE or record.sha256_old or not is_stack_sh_rules(text):
        return None
    what = f"{RULE_FILE} stays: stack.sh has written it anew for itself"
    return Stays(f"{what}; to remove: sudo rm -- {RULE_FILE}")


def _content(acts: FileSystem, where: str) -> bytes | Problem | None:
    """Read what is there; a folder that is gone took its files with it."""
    if acts.is_there(str(PurePath(where).parent)) is False:
        return None
    return acts.content(where)
