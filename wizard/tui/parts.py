"""What is said under labels, folded into the columns that there are."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from wizard.model.foreign_text import harmless
from wizard.tui.widgets.cells import fitted

LABEL = 15  # columns
_LEAST = 20  # columns for what is said, however narrow it gets


@dataclass(frozen=True, slots=True)
class Part:
    """Something said under a label. Log lines are verbatim: not folded, but cut."""

    label: str
    text: str
    style: str = ""
    verbatim: bool = False


GAP = Part("", "")


def command(label: str, text: str) -> Part:
    """Return something to type."""
    return Part(label, text, "$text-accent")


def laid_out(said: Sequence[Part], width: int) -> Content:
    """Return the parts in so many columns, labels at the left."""
    lines: list[Content] = []
    for part in said:
        if part.verbatim:
            lines.append(Content.styled(fitted(part.text, width).rstrip(), part.style))
            continue
        room = max(_LEAST, width - LABEL - 2)
        folded = textwrap.wrap(harmless(part.text), room, break_on_hyphens=False) or [""]
        for number, line in enumerate(folded):
            label = fitted("" if number else part.label, LABEL)
            lines.append(Content.assemble((label, "$text-muted"), "  ", (line, part.style)))
    return Content("\n").join(lines)
