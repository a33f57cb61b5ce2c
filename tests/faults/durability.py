"""Whether what a system call trace shows would survive the machine's losing its power.

Each rename or exchange onto a watched file must follow an fsync of what it installs, and be
followed by one of its folder. Reads what ``strace -f -y -e trace=CALLS`` writes.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

CALLS = "rename,renameat,renameat2,link,linkat,fsync,fdatasync"

_CALL = re.compile(r"^(?:(\d+) +)?(\w+)\((.*)\) += (-?\d+)")
_UNFINISHED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_PLACE = re.compile(r'(?:(?:AT_FDCWD|\d+)(?:<(?P<folder>[^>]*)>)?, )?"(?P<name>[^"]*)"')
_OPENED = re.compile(r"\d+<(?P<path>[^>]*)>")


@dataclass(frozen=True)
class Moved:
    """A file got a name."""

    by: str
    source: str
    target: str


@dataclass(frozen=True)
class Synced:
    """A file or folder is on the disk."""

    by: str
    path: str


def acts(lines: Iterable[str]) -> Iterator[Moved | Synced]:
    """Yield what succeeded, in its order."""
    for line in whole(lines):
        call = _CALL.match(line)
        if call is None or call[4] != "0":
            continue
        if "sync" in call[2]:
            if opened := _OPENED.match(call[3]):
                yield Synced(call[1] or "", opened["path"])
            continue
        places = [os.path.join(p["folder"] or "", p["name"]) for p in _PLACE.finditer(call[3])]  # noqa: PTH118
        yield Moved(call[1] or "", *places)


def whole(lines: Iterable[str]) -> Iterator[str]:
    """Put the halves of calls together that another thread came between."""
    begun: dict[str, str] = {}
    for line in lines:
        if half := _UNFINISHED.match(line):
            begun[half[1]] = half[2]
        elif rest := _RESUMED.match(line):
            yield f"{rest[1]} {begun.pop(rest[1], '')}{rest[2]}"
        else:
            yield line


def unsafe(trace: Iterable[str], is_watched: Callable[[str], bool]) -> list[str]:
    """Return what is not durable, in words.

    The folder has to be the very next that a thread syncs: else the journal would say "done"
    before it is.
    """
    found: list[str] = []
    synced: set[str] = set()
    waiting: dict[str, str] = {}  # thread -> file that got its name
    for act in acts(trace):
        if isinstance(act, Synced):
            synced.add(act.path)
            named = waiting.pop(act.by, act.path + "/")
            if os.path.dirname(named) != act.path.rstrip("/"):  # noqa: PTH120
                found.append(f"the name {named} was not on the disk")
            continue
        if is_watched(act.target):
            waiting[act.by] = act.target
            if act.source not in synced:
                found.append(f"{act.target} was not on the disk when it got its name")
        if act.source in synced:
            synced.add(act.target)
    return found + [f"the name {name} was not on the disk" for name in waiting.values()]


def installs(trace: Iterable[str], is_watched: Callable[[str], bool]) -> int:
    """Count the renames and exchanges onto watched files: a lint that sees none proves nothing."""
    return sum(isinstance(act, Moved) and is_watched(act.target) for act in acts(trace))
