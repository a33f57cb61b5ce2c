"""A finding as a card: what happened, why we think so, what to do."""

import textwrap
from collections.abc import Iterator

from wizard.headless.folding import folded
from wizard.model.diagnosis.doer import Doer, doer, why_person
from wizard.model.diagnosis.finding import Finding

_SURE = {"likely": " (probably)", "possible": " (perhaps)"}
_HANGING = 9  # columns by which the rest of a long log line stands in


def card(finding: Finding, width: int, mark: str, cure: str = "") -> Iterator[tuple[str, str]]:
    """Yield the lines of a card, each with the colour it has.

    ``cure`` is the command that cures what can be cured; only a run has one.
    """
    yield f"  {mark} {finding.what}{_SURE.get(finding.confidence, '')}", ""
    yield from _paragraph(finding.cause, width)
    if finding.evidence:
        yield "    Why we think so", "bold"
        for line in finding.evidence:
            yield from _evidence(line, width)
        yield "    What to do", "bold"
    yield from _paragraph(finding.cure, width, 6)
    for command in finding.commands:
        yield f"        $ {command}", ""
    yield from _done(finding, width, cure)
    if finding.evidence:
        yield "", ""


def aside(finding: Finding, mark: str) -> Iterator[tuple[str, str]]:
    """Yield the one line of what only follows from something that has its card."""
    yield f"  {mark} line {finding.line}: {finding.what}", "dim"


def _done(finding: Finding, width: int, cure: str) -> Iterator[tuple[str, str]]:
    """Say who does it."""
    if why := why_person(finding):
        yield from _paragraph(f"Not done for you: {why}", width, 6)
    elif cure and doer(finding) is Doer.PROGRAM:
        yield from _paragraph("This does it, and goes on (with --plan it shows what):", width, 6)
        yield f"        $ {cure}", ""
    elif cure:
        yield from _paragraph("The build tries that by itself, a few times.", width, 6)


def _evidence(line: str, width: int) -> Iterator[tuple[str, str]]:
    wrapped = textwrap.wrap(line, width - _HANGING, drop_whitespace=False, break_on_hyphens=False)
    for number, part in enumerate(wrapped):
        yield f"      | {'   ' if number else ''}{part}", "dim"


def _paragraph(text: str, width: int, indent: int = 4) -> Iterator[tuple[str, str]]:
    for line in folded(text, width - indent - 2):
        yield " " * indent + line, ""
