"""Packages that the last build itself left half done: what it began, the next one may end."""

from pathlib import Path

from wizard.engine.journal import journal
from wizard.engine.journal.records import Noted
from wizard.engine.planning.survey import Survey
from wizard.engine.prescription import Prescription
from wizard.engine.runs import runs
from wizard.engine.runs.earlier_run import latest_folder
from wizard.facts import apt
from wizard.model.diagnosis.rule import Automatic
from wizard.model.distribution import Family
from wizard.model.problem import Problem


def prescription(survey: Survey) -> Prescription | None:
    """Let dpkg end it, where every package that is half done is one of the last build's."""
    if survey.distribution.family is not Family.DEB:
        return None
    now = set(apt.half_done(survey.host))
    last = latest_folder(runs.home(survey.caller, survey.arguments.root)) if now else None
    ours = last is not None and now <= left_by(last)
    return Prescription(frozenset({Automatic.CONFIGURE_DPKG})) if ours else None


def left_by(folder: Path) -> frozenset[str]:
    """Return what a run's journal says that it left half done."""
    entries = journal.read(folder)
    if isinstance(entries, Problem):
        return frozenset()
    notes = (entry.record for entry in entries if isinstance(entry.record, Noted))
    said = [note.data.get("half_done") for note in notes if note.kind == "packages"]
    return frozenset(str(name) for names in said if isinstance(names, list) for name in names)
