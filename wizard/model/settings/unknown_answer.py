"""What to say about an answer that does not exist."""

from collections.abc import Iterator

from wizard.model.problem import Problem
from wizard.model.settings.answer_rules import KEYS, LOCAL_CONF, TABLES
from wizard.model.settings.answer_values import wrong
from wizard.model.settings.toml_text import dotted
from wizard.model.suggestion import nearest


def unknown(path: tuple[str, ...], value: object) -> Problem:
    """Return the Problem of a key or table that nobody asks for, with what was probably meant."""
    *table, name = path
    cure = _guess(".".join(table), name)
    if isinstance(value, dict) and not table:
        return wrong(f"there is no table [{dotted((name,))}]", cure)
    where = f"in [{dotted(tuple(table))}]" if table else "outside of all tables"
    return wrong(f"there is no key {dotted((name,))} {where}", cure)


def _guess(table: str, name: str) -> str:
    """Name the table where this key belongs, or a key or table that looks like it."""
    if homes := tuple(_homes(name)):
        return f"It belongs {' or '.join(homes)}"
    if near := nearest(name, _names_in(table)):
        return f"Did you mean {near}?"
    by_name = {_last(key): key for key in KEYS}
    near = nearest(name, by_name)
    return f"Did you mean {by_name[near]}?" if near else ""


def _homes(name: str) -> Iterator[str]:
    for key in KEYS:
        if _last(key) == name:
            parent = _parent(key)
            yield f"in [{parent}]" if parent else "at the top of the file"
    if name.isupper():
        yield f"in [{LOCAL_CONF}]"


def _names_in(table: str) -> Iterator[str]:
    return (_last(key) for key in (*KEYS, *TABLES) if _parent(key) == table)


def _last(key: str) -> str:
    return key.rpartition(".")[2]


def _parent(key: str) -> str:
    return key.rpartition(".")[0]
