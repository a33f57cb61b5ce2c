"""Lines and, on a terminal, one status line below them that is redrawn in place."""

import shutil
import threading
from collections.abc import Mapping
from typing import TextIO

from wizard.headless import streams

COLOURS = {"green": "32", "yellow": "33", "red": "31", "dim": "2", "bold": "1"}


class Terminal:
    """Knows whether anybody sees colours and redrawing; survives a reader that went away."""

    def __init__(self, out: TextIO, environ: Mapping[str, str]) -> None:
        self._out = out
        self._lock = threading.RLock()
        self._status = ""
        dumb = environ.get("TERM", "dumb") == "dumb"
        self.live = _is_terminal(out) and not dumb
        self._coloured = self.live and not environ.get("NO_COLOR")
        self._utf8 = "utf" in (getattr(out, "encoding", None) or "").lower()

    @property
    def width(self) -> int:
        """Columns; 100 where there is no terminal, so that piped text stays readable."""
        return shutil.get_terminal_size((100, 24)).columns if self.live else 100

    def mark(self, glyph: str, plain: str) -> str:
        """Return the glyph, or its stand-in where the encoding lacks it."""
        return glyph if self._utf8 else plain

    def paint(self, text: str, colour: str) -> str:
        """Return text in a colour, where colours are wanted."""
        return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if self._coloured and text else text

    def line(self, text: str = "") -> None:
        """Print a line above the status line."""
        with self._lock:
            self._write(("\r\x1b[K" if self._status else "") + text + "\n" + self._status)

    def status(self, text: str) -> None:
        """Replace the status line; without a terminal there is none."""
        if not self.live:
            return
        with self._lock:
            self._status = text[: self.width - 1]
            self._write("\r\x1b[K" + self._status)

    def _write(self, text: str) -> None:
        try:
            self._out.write(text if self._utf8 else text.encode("ascii", "replace").decode())
            self._out.flush()
        except (OSError, ValueError):
            self._give_up()

    def _give_up(self) -> None:
        """The reader is gone: the run goes on, its log has everything."""
        self.live = False
        streams.give_up(self._out)


def _is_terminal(out: TextIO) -> bool:
    try:
        return out.isatty()
    except ValueError:
        return False
