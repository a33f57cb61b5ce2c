"""Where keys and values stand in a TOML text."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from wizard.model.settings.toml_position import Path, Position, first_repeated, positions

EVERYTHING = '''\
# a comment = "with [brackets]"
top = 1
"quoted key" . 'and.dotted' = "x # no comment"

[venv]   # table
  path\t=\t"/opt/x"
date = 1979-05-27 07:32:00
text = """
a "" [b]
c = 1 \\""" """""
raw = \'\'\'
d = 2\'\'\'\'
after = true

[packages.pypi]
add = [ # why
    "one", 'two',   # ]
    [ "three", { four = [5,6] } ],
]
inline = { a.b = 1, c = { d = "}" } }
[[many]]
x = 1
[[many]]
x = 2
'''


def fragment(text: str, position: Position) -> str:
    return text.split("\n")[position.line - 1][position.column - 1 :]


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("top",), "top = 1", "1"),
        (("quoted key",), '"quoted key" . ', '"quoted key" . '),
        (("quoted key", "and.dotted"), "'and.dotted' =", '"x # no'),
        (("venv",), "venv]", "venv]"),
        (("venv", "path"), "path\t", '"/opt/x"'),
        (("venv", "date"), "date", "1979-05-27 07:32:00"),
        (("venv", "text"), "text", '"""'),
        (("venv", "raw"), "raw", "'''"),
        (("venv", "after"), "after", "true"),
        (("packages",), "packages.pypi]", "packages.pypi]"),
        (("packages", "pypi"), "pypi]", "pypi]"),
        (("packages", "pypi", "add"), "add", "[ # why"),
        (("packages", "pypi", "inline", "a", "b"), "b = 1", "1, c"),
        (("packages", "pypi", "inline", "c", "d"), "d =", '"}" }'),
    ],
)
def test_a_key_and_its_value_are_found(path: Path, key: str, value: str) -> None:
    found = positions(EVERYTHING)
    assert fragment(EVERYTHING, found.key(path)).startswith(key)
    assert fragment(EVERYTHING, found.value(path)).startswith(value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((0,), '"one"'),
        ((1,), "'two'"),
        ((2,), "[ "),
        ((2, 0), '"three"'),
        ((2, 1), "{ four"),
        ((2, 1, "four", 1), "6]"),
    ],
)
def test_an_element_of_an_array_is_found(path: Path, value: str) -> None:
    place = positions(EVERYTHING).value(("packages", "pypi", "add", *path))
    assert fragment(EVERYTHING, place).startswith(value)


def test_lines_and_columns_count_from_one() -> None:
    assert positions("a = 1\r\n  b = 2\n").key(("b",)) == Position(2, 3)
    assert positions("a = 1\r\n  b = 2\n").value(("b",)) == Position(2, 7)


def test_what_has_no_place_is_at_the_nearest_thing_around_it() -> None:
    assert positions("\n[a]\n").value(("a", "b", 3)) == Position(2, 2)
    assert positions("").key(("a",)) == Position(1, 1)


@pytest.mark.parametrize(
    ("text", "path", "position"),
    [
        ("a = 1\nb = 2\na = 3\n", ("a",), Position(3, 1)),
        ("[t]\nx = 1\n[u]\nx = 1\n[t]\n", ("t",), Position(5, 2)),
        ("[t]\nx = '''\nx = 1'''\n  x = 2\n", ("t", "x"), Position(4, 3)),
        ("t.x = 1\nt.y = 1\nt.x = 2 oh [[[ no", ("t", "x"), Position(3, 3)),
        ("i = {a = 1, a = 2}", ("i", "a"), Position(1, 13)),
    ],
)
def test_the_second_of_two_equal_keys_is_found(text: str, path: Path, position: Position) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)
    assert first_repeated(text) == (path, position)


def test_tables_of_an_array_and_split_tables_are_not_repeated() -> None:
    assert first_repeated("[[m]]\n[[m]]\n[a.b]\n[a.c]\n[a]\nx.y = 1\nx.z = 1\n") is None


@given(st.text(alphabet="a.\"'=[]{},#\n\\ \r1-", max_size=40))
def test_text_that_is_not_toml_is_no_trouble(text: str) -> None:
    first_repeated(text)
    positions(text)


SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
    st.dates(dt.date(1000, 1, 1)),
)
KEYS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=5)
TABLES = st.dictionaries(
    KEYS,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=5,
)


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def value_at(text: str, position: Position) -> object:
    """What TOML reads at a position: the shortest piece from there on that is a value."""
    rest = "\n".join(text.split("\n")[position.line - 1 :])[position.column - 1 :]
    for end in range(1, len(rest) + 1):
        if end == len(rest) or rest[end] in ",]}\n ":
            try:
                return tomllib.loads(f"v = {rest[:end]}")["v"]
            except tomllib.TOMLDecodeError:
                continue
    return None


@given(TABLES)
def test_what_stands_at_a_position_is_the_value_that_tomllib_reads(table: dict[str, Any]) -> None:
    text = tomlkit.dumps(table).replace("\r", "\\r")
    found = positions(text)
    for path, value in leaves(tomllib.loads(text)):
        if "[[" not in text:
            assert path in found.values
            assert value_at(text, found.value(path)) == value
