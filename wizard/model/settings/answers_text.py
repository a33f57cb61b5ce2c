"""Writes answers as TOML; in a text that is there already, comments and order stay."""

from collections.abc import MutableMapping
from typing import Any

import tomlkit
from tomlkit.items import Array, InlineTable

from wizard.model.problem import Problem
from wizard.model.settings.answers import (
    SCHEMA,
    Answers,
    FromEnvironment,
    FromFile,
    Generate,
    flat,
)
from wizard.model.settings.answers_file import parse

_NEW = f"""\
# What devstack-venv was told: "devstack-venv --auto --answers FILE" builds it again.
schema = {SCHEMA}
"""

_Table = MutableMapping[str, Any]


def save(answers: Answers, old: str = "", path: str = "") -> str | tuple[Problem, ...]:
    """Return answers as TOML; passwords stay references.

    ``old`` is what the file at ``path`` says now. It must be answers, or its problems come back:
    a file that is something else is not overwritten.
    """
    before = parse(old, path)
    if isinstance(before, tuple):
        return before
    text = _edited(old, before, answers) if old.strip() else _edited(_NEW, Answers(), answers)
    if parse(text, path) == answers:
        return text
    return _edited(_NEW, Answers(), answers)  # a layout that tomlkit cannot edit in place


def _edited(text: str, before: Answers, after: Answers) -> str:
    document = tomlkit.parse(text)
    old, new = flat(before), flat(after)
    for key in old.keys() - new.keys():
        *tables, name = key.split(".")
        del _table(document, tables)[name]
    for key, value in new.items():
        if key not in old or old[key] != value:
            *tables, name = key.split(".")
            _put(_table(document, tables), name, value)
    return tomlkit.dumps(document)


def _table(table: _Table, names: list[str]) -> _Table:
    """Return the table of these names, made where it is missing."""
    for depth, name in enumerate(names):
        if name not in table:
            last = depth == len(names) - 1
            inline = isinstance(table, InlineTable)
            table[name] = tomlkit.inline_table() if inline else tomlkit.table(not last)
        table = table[name]
    return table


def _put(table: _Table, name: str, value: object) -> None:
    there = table.get(name)
    if isinstance(value, tuple) and isinstance(there, Array):
        _change(there, value)
        if tuple(there) == value:
            return
    if name in table and isinstance(there, dict):
        del table[name]  # [local_conf.NAME] may be a table of its own
    table[name] = _plain(value)


def _change(array: Array, wanted: tuple[str, ...]) -> None:
    """Change the elements that differ: comments beside the others stay, and their order."""
    there = {str(item) for item in array}
    for item in there - set(wanted):
        array.remove(item)
    array.extend(item for item in wanted if item not in there)


def _plain(value: object) -> object:
    match value:
        case Generate():
            return _inline("generate", value=True)
        case FromEnvironment(name):
            return _inline("env", name)
        case FromFile(path):
            return _inline("file", path)
        case tuple():
            return list(value)
        case str():
            return str(value)  # without the type of an enumeration
        case _:
            return value


def _inline(name: str, value: object) -> InlineTable:
    table = tomlkit.inline_table()
    table[name] = value
    return table
