"""The findings of a run that failed, as cards: what, why, the very lines, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass

from wizard.model.course import Course
from wizard.model.diagnosis.doer import Doer, doer, why_person
from wizard.model.diagnosis.finding import Finding
from wizard.model.diagnosis.rule import Automatic, Confidence, Role
from wizard.tui.parts import GAP, Part, command

_ROLES = [str(role) for role in Role]
_SURENESS = [str(confidence) for confidence in Confidence]
_SURE = {
    Confidence.CERTAIN: "these lines leave no doubt",
    Confidence.LIKELY: "this is likely, by these lines",
    Confidence.POSSIBLE: "this is possible, by these lines",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A finding, and which of how many it is."""

    finding: Finding
    number: int
    of: int

    @property
    def verb(self) -> str:
        """What the button says that does what the card asks for, "" where nobody but you can."""
        finding = self.finding
        if doer(finding) is not Doer.PROGRAM:
            return ""  # what the build does by itself, building again does
        if Automatic.ADD_PACKAGE in finding.automatic and finding.package:
            return f"Add {finding.package} and go on"
        return "Do it for me"

    @property
    def parts(self) -> tuple[Part, ...]:
        """All that the card says."""
        return tuple(_parts(self.finding))


def cards(course: Course) -> tuple[Card, ...]:
    """Return a card for each finding: what failed the run first, the surest first."""
    failed = course.failed.id if course.failed else ""
    told = {(one.id, one.what): one for one in course.findings if one.role != Role.REMARK}

    def rank(finding: Finding) -> tuple[bool, int, int]:
        return (
            finding.step != failed,
            _place(_ROLES, finding.role),
            _place(_SURENESS, finding.confidence),
        )

    ordered = sorted(told.values(), key=rank)
    return tuple(Card(one, number, len(ordered)) for number, one in enumerate(ordered, 1))


def _place(names: list[str], name: str) -> int:
    return names.index(name) if name in names else len(names)


def _parts(finding: Finding) -> Iterator[Part]:
    yield Part("What happened", finding.what, "bold")
    if finding.cause:
        yield Part("Why", finding.cause)
    yield from _evidence(finding)
    if finding.cure:
        yield Part("What to do", finding.cure)
    for text in finding.commands:
        yield command("", text)
    if why := why_person(finding):
        yield Part("Why by hand", why)


def _evidence(finding: Finding) -> Iterator[Part]:
    if not finding.evidence:
        return
    sure = _SURE.get(Confidence(finding.confidence)) if finding.confidence in _SURENESS else None
    yield GAP
    yield Part("Why we think so", sure or "these lines of build.log say so")
    for line in finding.evidence:
        yield Part("", f"▌ {line}", "$text-error", verbatim=True)
    yield GAP
