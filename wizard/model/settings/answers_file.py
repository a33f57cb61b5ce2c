"""Reads answers from TOML: all mistakes at once, each where it stands."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from wizard.model.problem import Problem
from wizard.model.secret import Secret
from wizard.model.settings import secret_reference, text_file, toml_text
from wizard.model.settings.answer_rules import (
    LISTS,
    LOCAL_CONF,
    RULES,
    TABLES,
    is_url,
    schema,
    variable,
)
from wizard.model.settings.answer_values import wrong, wrong_type
from wizard.model.settings.answers import SCHEMA, Answers, FromEnvironment, FromFile, from_flat
from wizard.model.settings.toml_position import Position
from wizard.model.settings.unknown_answer import unknown

MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Loaded:
    """Answers, the secrets that they refer to (by their names in local.conf), and warnings.

    Secrets to generate are not among them: local.conf may have them already.
    """

    answers: Answers
    secrets: Mapping[str, Secret]
    warnings: tuple[Problem, ...] = ()


def load(
    path: str, files: text_file.Files, environ: Mapping[str, str]
) -> Loaded | tuple[Problem, ...]:
    """Read an answers file and fetch the secrets it refers to."""
    text = text_file.read(path, files, MAX_BYTES)
    if isinstance(text, Problem):
        return (text,)
    reading = _read(text, path)
    if isinstance(reading, Problem):
        return (reading,)
    secrets, warnings = reading.fetch_secrets(environ, files)
    return reading.problems() or Loaded(reading.answers(), secrets, warnings)


def parse(text: str, path: str) -> Answers | tuple[Problem, ...]:
    """Read the text of an answers file; ``path`` is for messages and for relative paths in it."""
    reading = _read(text, path)
    if isinstance(reading, Problem):
        return (reading,)
    return reading.problems() or reading.answers()


def _read(text: str, path: str) -> "_Reading | Problem":
    document = toml_text.parse(text)
    if isinstance(document, toml_text.Mistake):
        return wrong(document.what, document.cure, _where(path, document.position))
    newer = schema(document.content.get("schema", SCHEMA))
    if isinstance(newer, Problem):  # then nothing else can be judged
        return replace(newer, where=_where(path, document.positions.value(("schema",))))
    return _Reading(document, path)


class _Reading:
    """One pass over a file: what it says, and what is wrong with it."""

    def __init__(self, document: toml_text.Document, path: str) -> None:
        self._path = path
        self._positions = document.positions
        self._said: dict[str, Any] = {}
        self._places: dict[str, Position] = {}
        self._wrong: list[tuple[Position, Problem]] = []
        self._table(document.content, ())
        self._contradictions()

    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong, from top to bottom."""
        ordered = sorted(self._wrong, key=lambda found: found[0])
        return tuple(replace(problem, where=_where(self._path, at)) for at, problem in ordered)

    def answers(self) -> Answers:
        """What the file says."""
        places = {key: _where(self._path, position) for key, position in self._places.items()}
        return from_flat(self._said, places)

    def fetch_secrets(
        self, environ: Mapping[str, str], files: text_file.Files
    ) -> tuple[dict[str, Secret], tuple[Problem, ...]]:
        """Return the secrets by name, and warnings; what cannot be fetched is a problem."""
        secrets: dict[str, Secret] = {}
        warnings: list[Problem] = []
        for key, reference in self._said.items():
            if not isinstance(reference, FromEnvironment | FromFile):
                continue
            position = self._places[key]
            found = secret_reference.resolve(reference, environ, files)
            if isinstance(found, Problem):
                self._wrong.append((position, found))
                continue
            secrets[key.removeprefix(f"{LOCAL_CONF}.")] = found.secret
            if found.warning:
                warnings.append(wrong(found.warning, where=_where(self._path, position)))
        return secrets, tuple(warnings)

    def _table(self, table: dict[str, Any], path: tuple[str, ...]) -> None:
        for name, value in table.items():
            here = (*path, name)
            key = toml_text.dotted(here)
            if path == (LOCAL_CONF,):
                self._take(here, variable(name, value))
            elif key in RULES:
                self._take(here, RULES[key](value))
            elif key in LISTS:
                self._list(here, value)
            elif key in TABLES:
                self._inner_table(here, value)
            else:
                self._wrong.append((self._positions.key(here), unknown(here, value)))

    def _inner_table(self, path: tuple[str, ...], value: object) -> None:
        if isinstance(value, dict):
            self._table(value, path)
        else:
            self._reject(path, wrong_type(value, dict))

    def _list(self, path: tuple[str, ...], value: object) -> None:
        if not isinstance(value, list):
            self._reject(path, wrong_type(value, list))
            return
        accepted: dict[str, None] = {}  # in order, and quick to look up
        for index, item in enumerate(value):
            judged = LISTS[toml_text.dotted(path)](item)
            if isinstance(judged, Problem):
                self._reject((*path, index), judged)
            elif judged in accepted:
                self._reject((*path, index), wrong(f"{judged} is in this list twice"))
            else:
                accepted[judged] = None
        self._take(path, tuple(accepted))

    def _contradictions(self) -> None:
        for table in ("packages.distro", "packages.pypi"):
            added = self._said.get(f"{table}.add", ())
            removed = self._said.get(f"{table}.remove", ())
            for name in set(added) & set(removed):
                path = (*table.split("."), "remove", removed.index(name))
                self._reject(path, wrong(f"{name} is to be added and to be removed"))

    def _take(self, path: tuple[str, ...], judged: object) -> None:
        key = toml_text.dotted(path)
        if isinstance(judged, Problem):
            self._reject(path, judged)
        elif judged is not None and key != "schema":
            self._said[key] = self._beside(key, judged)
            self._places[key] = self._positions.value(path)

    def _beside(self, key: str, value: object) -> object:
        """Take relative paths as relative to the folder of the answers file."""
        folder = posixpath.dirname(self._path)
        if isinstance(value, FromFile):
            return FromFile(posixpath.join(folder, value.path))
        if key == "venv.constraints" and not is_url(str(value)):
            return posixpath.join(folder, str(value))
        return value

    def _reject(self, path: tuple[str | int, ...], problem: Problem) -> None:
        self._wrong.append((self._positions.value(path), problem))


def _where(path: str, position: Position) -> str:
    return f"{path}:{position.line}:{position.column}"
