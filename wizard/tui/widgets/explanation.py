"""The pane that explains what the cursor is on."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from wizard.model.foreign_text import harmless


@dataclass(frozen=True, slots=True)
class Explained:
    """A heading and paragraphs; a line that starts with four spaces is a command or the like."""

    heading: str
    paragraphs: tuple[str, ...] = ()


class Explanation(VerticalScroll, can_focus=False):
    """Shows one explanation at a time."""

    DEFAULT_CSS = """
    Explanation {
        height: auto;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        & > Static { width: 1fr; height: auto; }
    }
    """

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(markup=False)

    def explain(self, what: Explained) -> None:
        """Show this, from its beginning."""
        lines = [Content.styled(harmless(what.heading), "bold"), *_lines(what.paragraphs)]
        self.query_one(Static).update(Content("\n").join(lines))
        self.scroll_home(animate=False)


def _lines(paragraphs: Iterable[str]) -> Iterable[Content]:
    for paragraph in paragraphs:
        for line in paragraph.split("\n"):
            yield Content.styled(harmless(line), "$text-muted" if line.startswith("    ") else "")
