"""What the lines of a log are tested for: the patterns of all rules, by the words they need."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from wizard.model.diagnosis import rule_words
from wizard.model.diagnosis.log_line import LONGEST
from wizard.model.diagnosis.rule import Ending, Rule, RuleBook


class Says(Enum):
    """What a line says that matches."""

    FAILED = auto()  # its rule holds, or may hold
    CONFIRMED = auto()  # a rule that may hold does hold
    ENDED = auto()  # things look different from here on
    BESIDE = auto()  # more is known of a rule that holds


@dataclass(frozen=True, eq=False)  # each is itself: compared and looked up at once
class Clue:
    """One pattern, compiled when a line needs it: most never are."""

    says: Says
    owner: Rule | Ending
    match: str
    order: int = 0  # among all of a book
    is_traced: bool = False  # a text to the letter, in a line of a trace

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return (
            re.compile(re.escape(self.match)) if self.is_traced else rule_words.compiled(self.match)
        )


# bash -x, plain, as DevStack shows it (grey on a terminal: PS4 in its stackrc) and as its log has
# it: the trace quotes messages that nobody said
_TRACE = re.compile(rb"\n\++(?: |\x1b\[[\d;]*m|[^\s:]+:[^\s:]*:\d+\s)[^\n]*")
_STAMPED_TRACE = re.compile(rb"\n[^\n|]{1,60}\| \++ [^\n]*")
_COLOUR = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]")
_KEPT = frozenset(b"\n_0123456789abcdefghijklmnopqrstuvwxyz")
_WORDS_ONLY = bytes(c if c in _KEPT else ord(" ") for c in bytes(range(256)).lower())


class Clues:
    """All clues of a book; the same object serves any number of logs."""

    def __init__(self, book: RuleBook) -> None:
        self._by_word: dict[bytes, list[tuple[frozenset[bytes], Clue]]] = {}
        self._by_part: dict[bytes, list[Clue]] = {}
        self._traced = [Clue(Says.BESIDE, *told, is_traced=True) for told in _traced(book)]
        for order, (says, owner, match) in enumerate(_patterns(book)):
            clue = Clue(says, owner, match, order)
            for certain in rule_words.certain(match):
                if certain.words:
                    words = frozenset(word.encode() for word in certain.words)
                    self._by_word.setdefault(certain.rarest.encode(), []).append((words, clue))
                else:
                    self._by_part.setdefault(certain.part.encode(), []).append(clue)
        self._words = frozenset(self._by_word)

    def candidates(self, text: bytes) -> Mapping[int, Sequence[Clue]]:
        """Return the lines that are worth a closer look, by index, and what they may match.

        Words are compared, no pattern is tried: that costs the same for ten rules and a thousand.
        Logs repeat themselves: lines that are the same are looked at once.
        """
        lines = _spoken(text).translate(_WORDS_ONLY).split(b"\n")
        different = dict.fromkeys(lines)
        hits = {line: self._by_words(line) for line in different if not self._is_idle(line)}
        for line, clues in self._by_parts(b"\n".join(different)):
            hits[line] = [*hits.get(line, ()), *clues]
        found = {line: _in_order(clues) for line, clues in hits.items() if clues}
        said = {index: found[line] for index, line in enumerate(lines, -1) if line in found}
        traced = self._in_trace(text)
        return dict(sorted((said | traced).items())) if traced else said

    def _in_trace(self, text: bytes) -> dict[int, Sequence[Clue]]:
        """Return where a trace holds a text that more is known by, the first time."""
        places = ((text.find(clue.match.encode()), clue) for clue in self._traced)
        return {text.count(b"\n", 0, at): (clue,) for at, clue in places if at >= 0}

    def _is_idle(self, line: bytes) -> bool:
        return self._words.isdisjoint(_words(line))

    def _by_words(self, line: bytes) -> list[Clue]:
        """Return the clues all of whose certain words are in a line."""
        said = frozenset(_words(line))
        told = (pair for word in said & self._words for pair in self._by_word[word])
        return [clue for words, clue in told if words <= said]

    def _by_parts(self, text: bytes) -> Iterator[tuple[bytes, list[Clue]]]:
        """Yield the lines that hold a part of a word, for the few patterns with no whole one."""
        for part, clues in self._by_part.items():
            at = text.find(part)
            while at >= 0:
                end = text.find(b"\n", at)
                yield text[text.rfind(b"\n", 0, at) + 1 : end if end >= 0 else len(text)], clues
                at = text.find(part, end) if end >= 0 else -1


def _spoken(text: bytes) -> bytes:
    """Return text after a line feed, without colours, the lines of a trace being empty."""
    said = _TRACE.sub(b"\n", b"\n" + text)
    if b"| +" in said:
        said = _STAMPED_TRACE.sub(b"\n", said)
    return _COLOUR.sub(b"", said) if b"\x1b" in said else said


def _words(line: bytes) -> list[bytes]:
    return line[:LONGEST].split()


def _in_order(clues: Iterable[Clue]) -> Sequence[Clue]:
    return sorted(dict.fromkeys(clues), key=lambda clue: clue.order)


def _patterns(book: RuleBook) -> Iterator[tuple[Says, Rule | Ending, str]]:
    for rule in book.rules:
        yield from ((Says.FAILED, rule, pattern) for pattern in rule.match)
        if rule.confirm:
            yield Says.CONFIRMED, rule, rule.confirm
        yield from ((Says.BESIDE, rule, case.beside) for case in rule.cases if case.beside)
    for ending in book.endings:
        yield Says.ENDED, ending, ending.match


def _traced(book: RuleBook) -> Iterator[tuple[Rule, str]]:
    for rule in book.rules:
        yield from ((rule, case.traced) for case in rule.cases if case.traced)
