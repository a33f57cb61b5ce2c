"""Whether a venv that a run made is still as that run left it."""

import importlib.metadata
import json
from pathlib import Path

from wizard.engine.journal.records import Phase, TreeMade
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.recipe import MARKER, MARKS

MOST_NAMES = 5


def judge(
    where: str, record: TreeMade, phase: Phase, *, is_stacked: bool = False
) -> Problem | None:
    """Say why the venv must stay; None when it may go, as one that never became complete may.

    What the run's own stack.sh has installed into it, or changed there, goes with it.
    """
    del phase
    folder = Path(where)
    try:
        installed = json.loads((folder / MARKER).read_bytes())["packages"]
    except (OSError, ValueError, KeyError):
        return None if _is_ours(folder) else _foreign(record.path)
    now = _installed(folder)
    changed = sorted({name for name, _ in set(installed.items()) ^ set(now.items())})
    if not changed or is_stacked:
        return None
    named = ", ".join(changed[:MOST_NAMES]) + (", ..." if len(changed) > MOST_NAMES else "")
    return Problem(
        f"{len(changed)} of its packages were installed, changed or removed since ({named})",
        record.path,
        f"If nobody needs it any more: rm -r -- {record.path}",
        ExitStatus.NEEDS_PERSON,
    )


def _is_ours(folder: Path) -> bool:
    """An unfinished venv has our folder in it, or nothing yet."""
    try:
        names = {entry.name for entry in folder.iterdir()}
    except OSError:
        return True  # it is gone
    return not names or not MARKS.isdisjoint(names)


def _foreign(path: str) -> Problem:
    cure = "Look at it; remove it by hand if it is yours to remove"
    return Problem("is no longer the venv that was made", path, cure, ExitStatus.NEEDS_PERSON)


def _installed(folder: Path) -> dict[str, str]:
    libraries = [str(path) for path in folder.glob("lib/python*/site-packages")]
    found = importlib.metadata.distributions(path=libraries)
    return {one.metadata["Name"]: one.version for one in found}
