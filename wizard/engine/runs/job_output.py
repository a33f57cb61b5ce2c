"""Follows the file that a job writes its output to, line by line."""

import codecs
import os
from contextlib import suppress
from pathlib import Path

CHUNK = 1 << 16
LONGEST = 1 << 20  # characters held of a line that does not end


class JobOutput:
    """Reads what was added since the last look; holds back the line that is not finished yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""

    def new_lines(self) -> list[str]:
        """Return the lines completed since the last call."""
        lines: list[str] = []
        while chunk := os.read(self._fd, CHUNK):
            *whole, self._rest = (self._rest + self._decoder.decode(chunk)).split("\n")
            self._rest = self._rest[-LONGEST:]
            lines += whole
        return lines

    def finish(self) -> list[str]:
        """Return what is left, and remove the file: its lines are in the log now."""
        lines = self.new_lines()
        last = self._rest + self._decoder.decode(b"", final=True)
        os.close(self._fd)
        with suppress(OSError):  # on a disk that has become read-only it stays
            self._path.unlink()
        return [*lines, last] if last else lines
