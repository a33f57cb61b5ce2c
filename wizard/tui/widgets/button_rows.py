"""Buttons side by side, and in further rows where one is full: none is ever out of sight."""

from fractions import Fraction

from textual.containers import Container
from textual.geometry import NULL_OFFSET, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

_NO_SHARE = Fraction(0)  # every button is as wide as its words


class _Rows(Layout):
    """As words flow in a paragraph."""

    name = "rows"

    def arrange(
        self,
        parent: Widget,
        children: list[Widget],
        size: Size,
        greedy: bool = True,  # noqa: FBT001, FBT002 -- as Textual calls it
    ) -> ArrangeResult:
        """Place each after the one before, or at the beginning of the next row."""
        del greedy
        placements: list[WidgetPlacement] = []
        x = y = 0
        for child in children:
            box = child._get_box_model(  # noqa: SLF001 -- as Textual's own layouts do
                size, parent.app.viewport_size, _NO_SHARE, _NO_SHARE
            )
            width, height = int(box.width), int(box.height)
            if x and x + width > size.width:
                x, y = 0, y + height
            place = Region(x, y, width, height)
            placements.append(WidgetPlacement(place, NULL_OFFSET, box.margin, child))
            x += width + box.margin.right
        return placements


_ROWS = _Rows()


class ButtonRows(Container):
    """Holds buttons of one height."""

    DEFAULT_CSS = """
    ButtonRows { width: 1fr; height: auto; }
    """

    @property
    def layout(self) -> Layout:
        """Never another one, whatever a style sheet says."""
        return _ROWS
