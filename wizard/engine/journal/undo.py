"""Undo: the journal read backwards.

Nothing is put back over what somebody changed since: such a file is named and stays, and all else
is still reversed. Whether an act whose end is not in the journal took place is asked of the files
themselves. What is reversed is entered in the journal, so a second undo finds nothing to do.
"""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from wizard.engine.files.file_system import FileSystem
from wizard.engine.journal import notes
from wizard.engine.journal.journal import Entry, Journal
from wizard.engine.journal.records import (
    DirectoryMade,
    FileRemoved,
    FileReplaced,
    LinkMade,
    Noted,
    Phase,
    Record,
    Renamed,
    TreeMade,
    TreeRemoved,
)
from wizard.engine.journal.reversal import JudgeTree, Outcome, Reversed, Reverser, Stays
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Reversal:
    """What undo would do about one act, in a few words (``put back /etc/hosts``)."""

    seq: int
    what: str


@dataclass(slots=True)
class Undone:
    """What an undo did, what stays and how to remove it, and what needs a person."""

    done: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, outcome: Outcome) -> bool:
        """Sort one outcome in; whether the act is over and done with."""
        match outcome:
            case Problem():
                self.problems.append(outcome)
                return False
            case Reversed(what):
                self.done.append(what)
            case Stays(what):
                self.stays.append(what)
                return not self.problems  # what keeps a folder from being empty may be solved
            case None:
                pass
        return True

    @property
    def nothing(self) -> bool:
        """Whether there was nothing to undo."""
        return not (self.done or self.stays or self.problems)

    @property
    def status(self) -> ExitStatus:
        """NEEDS_PERSON when anything could not be put back."""
        return ExitStatus.NEEDS_PERSON if self.problems else ExitStatus.DONE


def plan_undo(entries: Iterable[Entry], package_manager: str = "apt-get") -> tuple[Reversal, ...]:
    """Return what undo would do, in its order; changes nothing and asks nothing."""
    pending = _pending(tuple(entries))
    acted = (entry for entry in pending if entry.phase is not Phase.DID_NOT)
    whole = {entry.record.path for entry in pending if isinstance(entry.record, TreeMade)}
    reversals = (Reversal(entry.seq, _words(entry.record, whole)) for entry in acted)
    stay = notes.sentences(_noted(pending), package_manager)
    return (*(r for r in reversals if r.what), *(Reversal(0, sentence) for sentence in stay))


def undo(
    journal: Journal,
    *,
    resolve: Callable[[str], str],
    file_system: Callable[[str], FileSystem],
    judge_tree: JudgeTree,
    package_manager: str = "apt-get",
) -> Undone:
    """Reverse what a run did, as far as nobody changed it since.

    ``resolve`` maps a path of the journal to where it is for us; ``file_system`` chooses who acts
    on such a path.
    """
    undone = Undone()
    reverser = Reverser(journal, resolve, file_system, judge_tree)
    pending = _pending(journal.entries)
    for entry in pending:
        over = undone.add(reverser.reverse(entry))
        if over and (problem := journal.undone(entry.seq)):
            undone.problems.append(problem)
    undone.stays += notes.sentences(_noted(pending), package_manager)
    return undone


def _noted(entries: Iterable[Entry]) -> Iterator[Noted]:
    return (entry.record for entry in entries if isinstance(entry.record, Noted))


def _pending(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return what may have to be reversed, latest first."""
    return tuple(
        entry
        for number, entry in reversed(tuple(enumerate(entries)))
        if not _is_over(entry) and not _goes_with_another(entry.record, entries[:number])
    )


def _is_over(entry: Entry) -> bool:
    """Whether there is nothing left to ask; a failed act on these may have come halfway."""
    if entry.phase is Phase.DID_NOT:
        return not isinstance(entry.record, FileReplaced | DirectoryMade)
    return entry.phase is Phase.UNDONE


def _goes_with_another(record: Record, earlier: tuple[Entry, ...]) -> bool:
    """Whether the reversal of an earlier act takes this one with it.

    So it is with what is inside a tree that we made, and with the removal of what we made.
    """
    made = [entry.record for entry in earlier if entry.phase is not Phase.DID_NOT]
    match record:
        case FileReplaced(path) | FileRemoved(path) | DirectoryMade(path) | LinkMade(path):
            return _is_in_a_tree(path, made)
        case TreeRemoved(path):
            return _is_in_a_tree(path, made) or any(
                isinstance(one, TreeMade | DirectoryMade) and one.path == path for one in made
            )
        case _:
            return False


def _is_in_a_tree(path: str, made: Iterable[Record]) -> bool:
    above = {str(parent) for parent in PurePath(path).parents}
    return any(isinstance(one, TreeMade) and one.path in above for one in made)


def _words(record: Record, whole: Container[str]) -> str:
    """Say what the reversal does; what goes with all in it (``whole``) needs no second word."""
    match record:
        case FileReplaced(path, None) | LinkMade(path) | TreeMade(path):
            return f"remove {path}"
        case FileReplaced(path) | FileRemoved(path):
            return f"put back {path}"
        case DirectoryMade(made=made):
            folders = ", ".join(path for path in reversed(made) if path not in whole)
            return f"remove {folders} if empty" if folders else ""
        case Renamed(source, target):
            return f"rename {target} back to {source}"
        case TreeRemoved(path):
            return f"leave {path}, which cannot come back"
        case Noted():
            return notes.act(record)
