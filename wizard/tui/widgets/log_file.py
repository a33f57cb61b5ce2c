"""A log file as lines by number; memory holds a few blocks of it, whatever its size."""

import os
import re
from array import array
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from wizard.model.foreign_text import harmless

BLOCK = 128  # lines; the index holds where each begins: 8 bytes a block
KEPT = 64  # blocks in memory
READ = 1 << 20  # bytes taken in at a time
LONGEST_BLOCK = 1 << 22  # bytes of a block that are looked at: a hostile file has endless lines
_NEWLINE = re.compile(b"\n")


class LogFile:
    """Grows as its file does. Lines count from 0; an unfinished last line waits for its end."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._begins = array("Q", [0])  # where every BLOCKth line begins
        self._lines = 0
        self._indexed = 0  # bytes
        self._end = 0  # of the last whole line
        self._blocks: OrderedDict[int, list[str]] = OrderedDict()

    def __len__(self) -> int:
        """How many whole lines are known."""
        return self._lines

    def grow(self, most: int = READ) -> bool:
        """Take in at most ``most`` bytes that were added; whether there were any."""
        chunk = os.pread(self._fd, most, self._indexed)
        if not chunk:
            return False
        ends = [found.end() for found in _NEWLINE.finditer(chunk)]
        if ends:
            self._blocks.pop(self._lines // BLOCK, None)  # it has more lines now
            first = BLOCK - self._lines % BLOCK - 1
            self._begins.extend(self._indexed + end for end in ends[first::BLOCK])
            self._lines += len(ends)
            self._end = self._indexed + ends[-1]
        self._indexed += len(chunk)
        return True

    def line(self, number: int) -> str:
        """Return one line as a terminal may show it; "" where there is none."""
        if not 0 <= number < self._lines:
            return ""
        block = self._block(number // BLOCK)
        place = number % BLOCK
        return harmless(block[place]).expandtabs(4) if place < len(block) else ""

    def tail(self, count: int) -> list[str]:
        """Return the last lines."""
        return [self.line(n) for n in range(max(0, self._lines - count), self._lines)]

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)

    def _block(self, number: int) -> list[str]:
        if (block := self._blocks.get(number)) is not None:
            self._blocks.move_to_end(number)
            return block
        block = self._blocks[number] = self.read_block(number)
        if len(self._blocks) > KEPT:
            self._blocks.popitem(last=False)
        return block

    def read_block(self, number: int) -> list[str]:
        """Return the lines of a block as they stand in the file; any thread may ask."""
        begin = self._begins[number]
        end = self._begins[number + 1] if number + 1 < len(self._begins) else self._end
        content = os.pread(self._fd, min(end - begin, LONGEST_BLOCK), begin)
        return content.decode(errors="replace").split("\n")[:BLOCK]


class Matches:
    """The numbers of the lines that match, in order; ``extend`` keeps up with the file."""

    def __init__(self, log: LogFile, wanted: Callable[[str], object]) -> None:
        self.numbers = array("I")
        self.seen = 0  # lines looked at
        self._log = log
        self._wanted = wanted

    def extend(self, most: int) -> bool:
        """Look at about ``most`` further lines; whether some are left to look at."""
        until = min(len(self._log), self.seen + most)
        while self.seen < until:
            block, place = divmod(self.seen, BLOCK)
            lines = self._log.read_block(block)[place : place + until - self.seen]
            lines = lines or [""]  # beyond what is looked at of an endless block
            wanted = self._wanted
            found = (self.seen + n for n, line in enumerate(lines) if wanted(line))
            self.numbers.extend(found)
            self.seen += len(lines)
        return self.seen < len(self._log)
