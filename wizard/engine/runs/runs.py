"""The runs that are kept: found by name, by age, by what is left of them to undo."""

import json
from dataclasses import dataclass, fields
from pathlib import Path

from wizard.arguments import Arguments
from wizard.engine.journal import journal
from wizard.engine.journal.journal import Entry
from wizard.engine.journal.undo import plan_undo
from wizard.engine.planning.survey import Caller
from wizard.engine.runs import run_folder
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Request:
    """What a run was asked to do, as far as later commands need it."""

    venv: str
    local_conf: str
    user: str
    package_manager: str


def home(caller: Caller, root: str | None) -> Path:
    """Return where this caller's runs are kept."""
    where = str(Path(root).resolve()) if root else "/"
    return run_folder.state_home(caller.environ, are_root=caller.is_root, root=where)


def find(caller: Caller, root: str | None, name: str) -> Path | Problem:
    """Return the folder of a run, the last one when none is named."""
    kept = run_folder.run_folders(home(caller, root))
    found = [folder for folder in kept if not name or folder.name == name]
    return found[-1] if found else _none(kept, name, home(caller, root))


def find_undoable(caller: Caller, root: str | None, name: str) -> Path | Problem | None:
    """Return the run that is named, or the last one with something left to undo, if any."""
    if name:
        return find(caller, root, name)
    for folder in reversed(run_folder.run_folders(home(caller, root))):
        entries = journal.read(folder)
        if isinstance(entries, Problem) or _has_something(entries):
            return folder
    return None


def request(folder: Path) -> Request | Problem:
    """Return what a run was asked to do."""
    path = folder / "run.json"
    try:
        said = json.loads(path.read_bytes())
        return Request(*(str(said[field.name]) for field in fields(Request)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        cure = f"Undo the run by hand: its changes are in {folder / journal.NAME}"
        what = f"is damaged, so nobody knows what the run was asked to do: {error!r}"
        return Problem(what, str(path), cure, ExitStatus.NEEDS_PERSON)


def answers_file(given: Arguments, caller: Caller) -> str:
    """Return the user's answers file, also where a run's own copy of it is given; "" for none."""
    if given.answers is None or given.root is not None:
        return ""
    path = Path(caller.folder, given.answers)
    if not path.is_relative_to(home(caller, None)):
        return str(path)
    try:
        said = str(json.loads((path.parent / "run.json").read_bytes()).get("answers", ""))
    except (OSError, ValueError, AttributeError):
        return ""
    return said if said and Path(said).is_file() else ""


def _has_something(entries: tuple[Entry, ...]) -> bool:
    return any(reversal.seq for reversal in plan_undo(entries))


def _none(kept: tuple[Path, ...], name: str, where: Path) -> Problem:
    if not name or not kept:
        return Problem("no run has been kept here yet", str(where), status=ExitStatus.USAGE)
    last = ", ".join(folder.name for folder in kept[-3:])
    what = f"there is no run {name}"
    return Problem(what, str(where), f"The last ones are {last}", ExitStatus.USAGE)
