"""Words that a line holds for certain when a pattern matches it.

Comparing words is far cheaper than trying patterns, and costs the same for ten rules as for a
thousand. A pattern is turned into plain texts, one for each way through its alternatives; a word
in such a text that no part of the pattern can lengthen stands alone in every line that matches.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

SHORTEST = 3  # letters of a part: shorter ones are in every other line

# what logs say on every page of a good day: lines are not picked by these where others will do
_EVERYDAY = """
    able admin already an and any apache2 app are as assignment async at backend be bin build
    building but by cache can check client command config configuration contain core credential
    current currently database debian devstack directory discover distributed do does don down
    download downloading driver end env explicitly file filename files find finished following for
    from get gettext glance group groups host http identity if ignored import in install installed
    installing is it key keys keystone lib linux load loading local locale make manager many mariadb
    member migration mirror module more mysql name names neutron no non none nor not nova of on open
    openstack openstackclient option or out pack package packages packaging path pid pip placement
    please plugin plugins policy port preparing previously process processing project provider
    providers pyproject python read reading requests requirement resource resources route run
    running runtime satisfied seconds server service services set setting setup setuptools site
    space stack start status successfully supported sure sync system systemd that the there this
    timed to too try uid unit unpack unpacking update use user using venv version versions via
    waiting warning was wheel wheels with would you
"""
EVERYDAY = frozenset(_EVERYDAY.split())

_WORD = re.compile(r"[a-z0-9_]+")  # in ASCII: every other letter parts words
_BEGINS = r"(?:(?<![a-zA-Z0-9_])|(?![a-zA-Z0-9_]))"
_ENDS = r"(?:(?![a-zA-Z0-9_])|(?<![a-zA-Z0-9_]))"
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^]\\])*\]")
_SEPARATORS = re.compile(r"\[(?:[^\w\\^\]]|\\[^\w]|\\s)+\]")
_ONE_LETTER = re.compile(r"\[([a-z])([a-z])\]", re.IGNORECASE)
_INNERMOST = re.compile(
    r"\((?:\?(?:P<\w+>|[a-z]*:))?(?P<inner>[^()]*)\)"
    r"(?P<often>(?:[?*+]|\{[^}]*\})[?+]?)?"
)
_LOOK = re.compile(r"\(\?<?[=!]")
_MAY_BE_ABSENT = re.compile(r"([^\n()?*+{}|^$])\?(?![?+])|([^\w\n()?*+{}|.])(?:\*|\{0,\d*\})")
_IS_REPEATED = re.compile(r"([^\w\n()?*+{}|.])\+")  # what parts words
_VARIES = re.compile(r".(?:[?*]|\{[^}]*\})[?+]?|\+[?+]?|\.", re.DOTALL)
_CUT = "\n"  # stands for what is not always the same; no line holds it
_EDGE = " "  # stands for what is no part of a word
_PRIVATE = 0xE000  # from here on: escaped marks, until what is syntax has gone
_MOST_CASES = 200  # of one pattern, before what may be absent is taken for what varies


class UnfindableError(ValueError):
    """A pattern that matches texts of which nothing is certain."""


@dataclass(frozen=True, slots=True)
class Certain:
    """What is certain of one way through a pattern: ``words``, or else a ``part`` of a word."""

    words: frozenset[str]
    part: str = ""

    @property
    def rarest(self) -> str:
        """The word to pick lines by."""
        return max(self.words, key=_rarity)


def certain(pattern: str) -> tuple[Certain, ...]:
    """Return what is certain, by ways through the pattern. Raises UnfindableError."""
    return tuple(dict.fromkeys(_certain(case, pattern) for case in _cases(pattern)))


def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern as it is tried: it begins and ends at the edges of words.

    Where what matches begins with a letter, no other comes before it; the end likewise.
    """
    return re.compile(f"{_BEGINS}(?:{pattern}){_ENDS}")


def _certain(case: str, pattern: str) -> Certain:
    text = f"{_EDGE}{case.lower()}{_EDGE}"
    found = tuple(_WORD.finditer(text))
    if words := frozenset(w[0] for w in found if _CUT not in text[w.start() - 1] + text[w.end()]):
        return Certain(words)
    part = max((word[0] for word in found), key=_rarity, default="")
    if len(part) < SHORTEST:
        raise UnfindableError(f"nothing is certain of what {pattern!a} matches")
    return Certain(frozenset(), part)


def _rarity(word: str) -> tuple[bool, int, str]:
    return word not in EVERYDAY and len(word) >= SHORTEST, len(word), word


def _cases(pattern: str) -> tuple[str, ...]:
    """Return the pattern as plain texts, one for each way through its alternatives."""
    plain = _without_looks(_TOKEN.sub(_disguised, pattern))
    told_apart = _MAY_BE_ABSENT.sub(r"(?:\1\2|)", _IS_REPEATED.sub(r"\1", plain))
    found = tuple(islice(_ways(told_apart, thorough=True), _MOST_CASES + 1))
    if len(found) > _MOST_CASES:
        found = tuple(_ways(plain, thorough=False))
    return tuple(dict.fromkeys(found))


def _without_looks(pattern: str) -> str:
    """Take away what only looks ahead or back: it says nothing of what is there."""
    while look := _LOOK.search(pattern):
        depth, end = 1, look.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(pattern[end], 0)
            end += 1
        pattern = pattern[: look.start()] + pattern[end:]
    return pattern


def _ways(pattern: str, *, thorough: bool) -> Iterator[str]:
    group = _INNERMOST.search(pattern)
    if group is None:
        for alternative in pattern.split("|"):
            yield _revealed(_VARIES.sub(_CUT, alternative))
        return
    before, after = pattern[: group.start()], pattern[group.end() :]
    for alternative in _alternatives(group, thorough=thorough):
        yield from _ways(before + alternative + after, thorough=thorough)


def _alternatives(group: re.Match[str], *, thorough: bool) -> list[str]:
    """Return what a group may stand for."""
    inner, often = group["inner"].split("|"), (group["often"] or "")[:1]
    if often == "{" or (often in {"?", "*"} and not thorough):
        return [_CUT]
    repeated = [_CUT + alternative for alternative in inner] if often in {"*", "+"} else inner
    return [*repeated, ""] if often in {"?", "*"} else repeated


def _disguised(token: re.Match[str]) -> str:
    """Hide a mark that means itself; other classes are letters, edges of words, or vary."""
    text = token[0]
    if text[0] == "[":
        letters = _ONE_LETTER.fullmatch(text)
        if letters and letters[1].lower() == letters[2].lower():
            return letters[1]
        return _EDGE if _SEPARATORS.fullmatch(text) else _CUT
    if text[1].isalnum():
        return _EDGE if text[1] in "bsWAZ" else _CUT
    return chr(_PRIVATE + ord(text[1]))


def _revealed(text: str) -> str:
    plain = text.replace("^", _EDGE).replace("$", _EDGE)
    return "".join(chr(ord(c) - _PRIVATE) if ord(c) >= _PRIVATE else c for c in plain)
