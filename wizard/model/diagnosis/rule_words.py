"""Words that lines are looked through for first: finding a word is far cheaper than a pattern.

Every text that a pattern matches holds certain letters in a row. Out of these a few words are
chosen so that no line can match any pattern and hold none of them, be they large or small.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

SHORTEST = 3  # letters of a word: shorter ones are in every other line

# what logs say on every page of a good day: looking for these finds far too much
_EVERYDAY = """
    able already and any app are async bin build but cache can check client command config
    configuration contain core current currently debian devstack directory discover does don
    down download end env file files find following for from get host http identity ignored
    import install installed key keys lib load loading local locale make manager many mirror
    module more name names non none nor not open option out pack package packages path pid pip
    please plugin port process project provider python read requirement route run server set
    setting setup site space stack start status supported sure sync system that the there this
    timed too try uid unit use user using venv version via waiting warning was with would you
"""
EVERYDAY = frozenset(_EVERYDAY.split())

_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^]\\])*\]")
_INNERMOST = re.compile(
    r"\((?P<kind>\?(?:P<\w+>|<?[=!:]|:))?(?P<inner>[^()]*)\)(?P<often>[?*+]|\{[^}]*\})?"
)
_VARIES = re.compile(r".(?:[?*]|\{[^}]*\})|[.^$+]", re.DOTALL)
_CUT = "\n"  # stands for what is not always the same; no line holds it
_PRIVATE = 0xE000  # from here on: escaped marks, until what is syntax has gone


class UnfindableError(ValueError):
    """A pattern that matches texts of which nothing is certain."""


def chosen(patterns: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return by pattern the words, one of which every line that it matches holds.

    Few words serve many patterns: the one that helps most is taken first. Raises UnfindableError.
    """
    open_cases = {(pattern, case): _words(case) for pattern in patterns for case in cases(pattern)}
    found: dict[str, dict[str, None]] = {}
    while open_cases:
        word = _most_helpful(open_cases.values())
        for pattern, case in [key for key in open_cases if word in key[1].lower()]:
            found.setdefault(pattern, {})[word] = None
            del open_cases[pattern, case]
    return {pattern: tuple(words) for pattern, words in found.items()}


def cases(pattern: str) -> tuple[str, ...]:
    """Return the pattern as plain texts, one for each way through its alternatives.

    What varies is a line feed in them. Raises Unfindable where a text holds no word.
    """
    found = tuple(dict.fromkeys(_cases(_TOKEN.sub(_disguised, pattern))))
    for case in found:
        if not _words(case):
            raise UnfindableError(f"nothing is certain of what {pattern!a} matches")
    return found


def _cases(pattern: str) -> Iterator[str]:
    group = _INNERMOST.search(pattern)
    if group is None:
        for alternative in pattern.split("|"):
            yield _revealed(_VARIES.sub(_CUT, alternative))
        return
    before, after = pattern[: group.start()], pattern[group.end() :]
    for alternative in _alternatives(group):
        yield from _cases(before + alternative + after)


def _alternatives(group: re.Match[str]) -> list[str]:
    """Return what a group may stand for; one that may be absent, or only looks, for a cut."""
    may_be_absent = (group["often"] or "+")[0] in "?*{"
    if may_be_absent or (group["kind"] or "")[-1:] in {"=", "!"}:
        return [_CUT]
    return [_CUT + alternative + _CUT if group["often"] else alternative
            for alternative in group["inner"].split("|")]  # fmt: skip


def _disguised(token: re.Match[str]) -> str:
    """Hide a mark that means itself; a class, or a letter for one, varies."""
    text = token[0]
    if text[0] == "[" or text[1].isalnum():
        return _CUT
    return chr(_PRIVATE + ord(text[1]))


def _revealed(text: str) -> str:
    return "".join(chr(ord(c) - _PRIVATE) if ord(c) >= _PRIVATE else c for c in text)


def _words(case: str) -> frozenset[str]:
    """Return the words that a text certainly holds, in small letters."""
    return frozenset(word for word in _WORD.findall(case.lower()) if len(word) >= SHORTEST)


def _most_helpful(open_cases: Iterable[frozenset[str]]) -> str:
    """Return the word that is in most of them; a word of every day only where it must be."""
    worth: dict[str, float] = {}
    for words in open_cases:
        for word in words:
            worth[word] = worth.get(word, 0) + (0.02 if word in EVERYDAY else 1)
    return max(worth, key=lambda word: (worth[word], len(word), word))
