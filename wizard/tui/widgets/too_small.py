"""Says that the terminal is too small, rather than hiding buttons."""

from textual.content import Content
from textual.widgets import Static

LEAST_WIDTH, LEAST_HEIGHT = 60, 15


class TooSmall(Static):
    """Covers the whole screen; the style sheet shows it only below 60x15."""

    DEFAULT_CSS = """
    TooSmall {
        display: none;
        layer: cover;
        dock: top;
        width: 100%;
        height: 100%;
        content-align: center middle;
        text-align: center;
        background: $background;
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)

    def on_resize(self) -> None:
        """Say how much is missing."""
        size = self.app.size
        self.update(
            Content(
                f"This terminal has {size.width}x{size.height} characters.\n"
                f"Make it at least {LEAST_WIDTH}x{LEAST_HEIGHT}.\nNothing is lost. Ctrl+Q quits."
            )
        )
