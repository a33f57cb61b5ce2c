"""Lines that are drawn anew many times a second: cheap when nothing changed."""

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget


class Lines(Widget):
    """As many lines as there are, each as wide as there is room."""

    DEFAULT_CSS = """
    Lines { height: auto; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: tuple[Content, ...] = ()

    def show(self, lines: Sequence[Content]) -> None:
        """Show other lines; the layout is done anew only when there are more or fewer."""
        shown = tuple(lines)
        if shown != self._lines:
            is_as_high = len(shown) == len(self._lines)
            self._lines = shown
            self.refresh(layout=not is_as_high)

    def render(self) -> Content:
        """Draw them."""
        return Content("\n").join(self._lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return one row for each."""
        del container, viewport, width
        return len(self._lines)
