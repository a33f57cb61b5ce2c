"""Who does what a finding asks for: the build by itself, this program when told, or a person."""

from enum import StrEnum

from wizard.model.diagnosis.finding import Finding
from wizard.model.diagnosis.rule import UNASKED, Automatic

_KNOWN = frozenset(Automatic)


class Doer(StrEnum):
    """Who acts."""

    BUILD = "build"  # transient or harmless: tried again by itself, a few times
    PROGRAM = "program"  # --cure, or a button that shows first what it does
    PERSON = "person"


def doer(finding: Finding) -> Doer:
    """Return who does it."""
    if not finding.automatic or not _KNOWN.issuperset(finding.automatic):
        return Doer.PERSON
    return Doer.BUILD if UNASKED.issuperset(finding.automatic) else Doer.PROGRAM


def why_person(finding: Finding) -> str:
    """Return why nothing is offered, "" where something is."""
    return finding.manual if doer(finding) is Doer.PERSON else ""
