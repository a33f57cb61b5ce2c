"""Where things stand in a TOML text: tomllib says what a file holds, but not where.

The text is taken to be valid; in other text, the places up to the mistake are right.
"""

import bisect
import re
import tomllib
from collections.abc import Generator, Iterator
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys from the top on, and indexes of arrays: ("packages", "pypi", "add", 0)."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SEPARATOR = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_PART = re.compile(r"""[ \t]*("(?:\\.|[^"\\\n])*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\r\n]+")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Line and column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Positions:
    """Where keys and values stand, by path."""

    keys: dict[Path, Position]
    values: dict[Path, Position]

    def key(self, path: Path) -> Position:
        """Where this key is written first, or the nearest thing around it."""
        return _nearest(self.keys, path)

    def value(self, path: Path) -> Position:
        """Where this value begins; a table begins at its name."""
        return _nearest(self.values, path)


def _nearest(known: dict[Path, Position], path: Path) -> Position:
    while path and path not in known:
        path = path[:-1]
    return known.get(path, Position(1, 1))


def positions(text: str) -> Positions:
    """Find every key and value."""
    lines = _Lines(text)
    keys: dict[Path, Position] = {}
    values: dict[Path, Position] = {}
    for place in _Scanner(text).document():
        values.setdefault(place.path, lines.position(place.value))
        if place.key is not None:
            keys.setdefault(place.path, lines.position(place.key))
    return Positions(keys, values)


def first_repeated(text: str) -> tuple[Path, Position] | None:
    """Return the first key or table that is given once more, and where."""
    lines = _Lines(text)
    seen: set[Path] = set()
    for place in _Scanner(text).document():
        if place.given and place.path in seen:
            return place.path, lines.position(place.value if place.key is None else place.key)
        if place.given:
            seen.add(place.path)
    return None


@dataclass(frozen=True, slots=True)
class _Place:
    path: Path
    key: int | None  # offset of the name; None for an element of an array
    value: int  # offset of the value; of the name for a table
    given: bool = True  # False for a table that is only passed through: the a of [a.b]


class _Lines:
    """Turns offsets into lines and columns."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def position(self, offset: int) -> Position:
        line = bisect.bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)


class _Scanner:
    """Walks over the text once; where it is no TOML, it ends."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._arrays: dict[Path, int] = {}  # of tables: the number of each one's last

    def document(self) -> Iterator[_Place]:
        table: Path = ()
        while self._peek(_BLANK):
            if self._peek() == "[":
                table = yield from self._header()
            else:
                yield from self._pair(table)

    def _header(self) -> Generator[_Place, None, Path]:
        """[NAME] or [[NAME]]: what follows is in this table."""
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        *through, (table, start) = self._name(())
        yield from (_Place(self._numbered(path), at, at, given=False) for path, at in through)
        table = (*self._numbered(table[:-1]), *table[-1:])
        if brackets == 2:  # noqa: PLR2004 -- [[NAME]]
            self._arrays[table] = self._arrays.get(table, -1) + 1
            yield _Place(table, start, start, given=False)
            table = (*table, self._arrays[table])
        yield _Place(table, start, start, given=brackets == 1)
        self._at += brackets
        return table

    def _numbered(self, path: Path) -> Path:
        """Return a path with the number of each array's last table."""
        found: Path = ()
        for part in path:
            found = (*found, part)
            if found in self._arrays:
                found = (*found, self._arrays[found])
        return found

    def _pair(self, table: Path) -> Iterator[_Place]:
        """NAME = VALUE."""
        *through, (path, start) = self._name(table)
        yield from (_Place(path, at, at, given=False) for path, at in through)
        self._skip(_EQUALS)
        yield _Place(path, start, self._at)
        yield from self._value(path)

    def _name(self, table: Path) -> list[tuple[Path, int]]:
        """Read a dotted name: the path up to each of its parts, and the part's offset."""
        found: list[tuple[Path, int]] = []
        while part := _PART.match(self._text, self._at):
            table = (*table, _unquoted(part[1]))
            found.append((table, part.start(1)))
            self._at = part.end()
            if self._peek() != ".":
                return found
            self._at += 1
        return [*found, (table, self._end())]

    def _value(self, path: Path) -> Iterator[_Place]:
        """Step over a value, naming what is inside."""
        first = self._peek()
        if first == "[":
            yield from self._array(path)
        elif first == "{":
            yield from self._inline_table(path)
        elif not (self._skip(_STRING) or self._skip(_SCALAR)):
            self._end()

    def _array(self, path: Path) -> Iterator[_Place]:
        self._at += 1
        index = 0
        while self._peek(_SEPARATOR) not in {"]", ""}:
            yield _Place((*path, index), None, self._at)
            yield from self._value((*path, index))
            index += 1
        self._at += 1

    def _inline_table(self, path: Path) -> Iterator[_Place]:
        self._at += 1
        while self._peek(_SEPARATOR) not in {"}", ""}:
            yield from self._pair(path)
        self._at += 1

    def _peek(self, over: re.Pattern[str] | None = None) -> str:
        """Return the next character, "" at the end, after stepping over some."""
        if over is not None:
            self._skip(over)
        return self._text[self._at : self._at + 1]

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self._text, self._at)
        if found:
            self._at = found.end()
        return found is not None

    def _end(self) -> int:
        """Give up: what comes is not TOML. Returns where that is."""
        here, self._at = self._at, len(self._text)
        return here


def _unquoted(part: str) -> str:
    if part[0] not in "\"'":
        return part
    try:
        return str(tomllib.loads(f"part = {part}")["part"])
    except tomllib.TOMLDecodeError:
        return part
