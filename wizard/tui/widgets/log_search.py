"""A search through a log that may still grow."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from wizard.tui.widgets.log_file import LogFile, Matches


class Search:
    """Knows every match, and where one is among them."""

    def __init__(self, log: LogFile) -> None:
        self.text = ""
        self.pattern: re.Pattern[str] | None = None
        self.matches: Matches | None = None
        self.at: int | None = None  # the line that one is at
        self.wanted = 0  # the direction in which to go on
        self._log = log

    def begin(self, text: str) -> None:
        """Look for a text, small letters standing for any; "" ends the search."""
        self.matches = self.pattern = self.at = None
        self.text, self.wanted = text, 0
        if text:
            flags = re.IGNORECASE if text == text.lower() else re.NOFLAG
            self.pattern = re.compile(re.escape(text), flags)
            self.matches = Matches(self._log, self.pattern.search)
            self.wanted = -1

    @property
    def state(self) -> str:
        """How it goes: ``2 of 17``."""
        if self.matches is None:
            return ""
        numbers = self.matches.numbers
        if self.wanted and self._is_behind:
            return "searching"
        if not numbers:
            return "not found"
        if self.at is None:
            return f"{len(numbers):,} found"
        place = bisect_left(numbers, self.at)
        return f"{min(place + 1, len(numbers)):,} of {len(numbers):,}"

    def settle(self, here: int) -> int | None:
        """Return the line to go to, once every line was looked at; ``here`` is where one begins."""
        if not self.wanted or self.matches is None or self._is_behind:
            return None
        direction, self.wanted = self.wanted, 0
        numbers = self.matches.numbers
        if not numbers:
            return None
        self.at = numbers[_next(numbers, here if self.at is None else self.at, direction)]
        return self.at

    def pieces(self, text: str) -> Iterator[tuple[str, bool]]:
        """Yield a line in pieces, and whether each is what is looked for."""
        last = 0
        for match in self.pattern.finditer(text) if self.pattern else ():
            yield text[last : match.start()], False
            yield match[0], True
            last = match.end()
        yield text[last:], False

    @property
    def _is_behind(self) -> bool:
        return self.matches is not None and self.matches.seen < len(self._log)


def _next(numbers: Sequence[int], here: int, direction: int) -> int:
    """Return which number comes next, beginning anew after the last."""
    place = bisect_left(numbers, here)
    if direction < 0:
        return (place - 1) % len(numbers)
    is_here = place < len(numbers) and numbers[place] == here
    return (place + is_here) % len(numbers)
