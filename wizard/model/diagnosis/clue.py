"""What the lines of a log are tested for: the patterns of all rules, by the words they need."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from wizard.model.diagnosis import rule_words
from wizard.model.diagnosis.rule import Ending, Rule, RuleBook


class Says(Enum):
    """What a line says that matches."""

    FAILED = auto()  # its rule holds, or may hold
    CONFIRMED = auto()  # a rule that may hold does hold
    ENDED = auto()  # things look different from here on


@dataclass(frozen=True, eq=False)  # each is itself: compared and looked up at once
class Clue:
    """One pattern, compiled when a line needs it: most never are."""

    says: Says
    owner: Rule | Ending
    match: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.match)


# bash -x, plain, as DevStack shows it (grey on a terminal: PS4 in its stackrc) and as its log has
# it: the trace quotes messages that nobody said
_TRACE = re.compile(rb"\n\++(?: |\x1b\[[\d;]*m|[^\s:]+:[^\s:]*:\d+\s)[^\n]*")
_STAMPED_TRACE = re.compile(rb"\n[^\n|]{1,60}\| \++ [^\n]*")


class Clues:
    """All clues of a book; the same object serves any number of logs."""

    def __init__(self, book: RuleBook) -> None:
        by_word: dict[bytes, list[Clue]] = {}
        clues = tuple(_clues(book))
        words = rule_words.chosen(clue.match for clue in clues)
        for clue in clues:
            for word in words[clue.match]:
                by_word.setdefault(word.encode(), []).append(clue)
        self._by_word: Mapping[bytes, tuple[Clue, ...]] = {
            word: tuple(clues) for word, clues in by_word.items()
        }

    def of(self, words: Iterable[bytes]) -> Iterable[Clue]:
        """Return what a line with these words may match, each once."""
        return dict.fromkeys(clue for word in words for clue in self._by_word[word])

    def candidates(self, text: bytes) -> Mapping[int, list[bytes]]:
        """Return the lines that are worth a closer look, by index, and the words they hold.

        The work is done by ``bytes.find``, which goes through a gigabyte or two a second; a
        pattern tried on every line goes through a few megabytes. Logs repeat themselves: lines
        that are the same are looked at once.
        """
        lines = _without_trace(text).split(b"\n")
        hits = self._hits(b"\n".join(dict.fromkeys(lines)))
        return {index: hits[line] for index, line in enumerate(lines, -1) if line in hits}

    def _hits(self, text: bytes) -> Mapping[bytes, list[bytes]]:
        """Return the lines that hold a word, and which."""
        hits: dict[bytes, list[bytes]] = {}
        for word in self._by_word:
            at = text.find(word)
            while at >= 0:
                end = text.find(b"\n", at)
                line = text[text.rfind(b"\n", 0, at) + 1 : end if end >= 0 else len(text)]
                hits.setdefault(line, []).append(word)
                at = text.find(word, end) if end >= 0 else -1
        return hits


def _without_trace(text: bytes) -> bytes:
    """Return text in small letters after a line feed, the lines of a trace being empty."""
    said = _TRACE.sub(b"\n", b"\n" + text)
    if b"| +" in said:
        said = _STAMPED_TRACE.sub(b"\n", said)
    return said.lower()


def _clues(book: RuleBook) -> Iterator[Clue]:
    for rule in book.rules:
        for pattern in rule.match:
            yield Clue(Says.FAILED, rule, pattern)
        if rule.confirm:
            yield Clue(Says.CONFIRMED, rule, rule.confirm)
    for ending in book.endings:
        yield Clue(Says.ENDED, ending, ending.match)
