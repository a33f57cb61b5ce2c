"""Reads a rule file; every mistake in it is told with file, line and column."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from wizard.model.diagnosis import rule_text, rule_words
from wizard.model.diagnosis.rule import (
    Automatic,
    Case,
    Confidence,
    Cure,
    Ending,
    Kind,
    Role,
    Rule,
    RuleBook,
)
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.settings import toml_text
from wizard.model.settings.toml_position import Path, positions
from wizard.model.suggestion import did_you_mean

_TEXTS = (
    *("id", "what", "cause", "cure", "manual", "missing", "confirm"),
    *("role", "confidence", "since", "until"),
)
_LISTS = ("where", "match", "commands", "steps", "examples")
_REQUIRED = ("id", "match", "what", "cause", "cure", "examples")
_CASE = ("when", "beside", "traced", "example", "what", "cause", "cure", "manual")
_TEMPLATES = ("what", "cause", "cure", "commands", "manual")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SERIES = re.compile(r"\d{4}\.[12]|[a-z]+")
_FOUND_OUT = frozenset({"package", "install"})  # fields of a template that the host fills in

Lists = Mapping[str, tuple[str, ...]]
Word = TypeVar("Word", Role, Confidence, Automatic, Kind)


def parse(text: str, path: str, *, thorough: bool = True) -> RuleBook | tuple[Problem, ...]:
    """Return the rules of one file, or everything that is wrong with it.

    Patterns are tried only by a ``thorough`` look: compiling them all takes far longer than the
    few that a log needs.
    """
    try:
        content = tomllib.loads(text)
    except ValueError:
        return _no_toml(text, path)
    reading = _Reading(content, thorough=thorough)
    book = reading.book()
    return tuple(reading.problems(text, path)) or book


def _no_toml(text: str, path: str) -> tuple[Problem, ...]:
    mistake = toml_text.parse(text)
    if isinstance(mistake, toml_text.Document):
        return ()
    where = f"{path}:{mistake.position.line}:{mistake.position.column}"
    return (Problem(mistake.what, where, mistake.cure, ExitStatus.BUG),)


@dataclass(slots=True)
class _Reading:
    """One pass over a file."""

    content: Mapping[str, Any]
    thorough: bool
    mistakes: list[tuple[Path, str, str]] = field(default_factory=list)

    def book(self) -> RuleBook:
        """Read everything."""
        self._known((), self.content, ("area", "rule", "ending"))
        area = str(self.content.get("area", ""))
        rules = tuple(self._rule(table, ("rule", i), area) for i, table in self._tables("rule"))
        endings = tuple(self._ending(table, ("ending", i)) for i, table in self._tables("ending"))
        self._unique(rules)
        return RuleBook(rules, endings)

    def problems(self, text: str, path: str) -> Iterator[Problem]:
        """Yield what is wrong, from top to bottom."""
        if not self.mistakes:
            return
        places = positions(text)
        for at, what, cure in self.mistakes:
            position = places.value(at)
            where = f"{path}:{position.line}:{position.column}"
            yield Problem(what, where, cure, ExitStatus.BUG)

    def _tables(
        self, name: str, at: Path = (), within: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[int, Mapping[str, Any]]]:
        for index, table in enumerate((within or self.content).get(name, ())):
            if isinstance(table, dict):
                yield index, table
            else:
                self._wrong((*at, name, index), f"{name} is written [[{name}]]")

    def _rule(self, table: Mapping[str, Any], at: Path, area: str) -> Rule:
        self._known(at, table, (*_TEXTS, *_LISTS, "lasting", "case"))
        texts = {name: self._text(table, name, at) for name in _TEXTS}
        lists = {name: self._list(table, name, at) for name in _LISTS}
        self._complete(at, texts, lists)
        self._wording(at, texts)
        self._patterns(at, lists["match"], texts["confirm"])
        self._templates(at, texts, lists)
        cure = Cure(texts["cure"], lists["commands"], self._steps(at, lists), texts["manual"])
        if bool(cure.steps) == bool(cure.manual):
            self._wrong(
                at, f"{texts['id']} needs either steps, or manual to say why there are none"
            )
        sure = texts["confidence"] or Confidence.CERTAIN
        return Rule(
            id=texts["id"],
            areas=lists["where"] or (area,),
            match=lists["match"],
            what=texts["what"],
            cause=texts["cause"],
            cure=cure,
            role=self._word(Role, texts["role"] or Role.CAUSE, (*at, "role"), Role.CAUSE),
            confidence=self._word(Confidence, sure, (*at, "confidence"), Confidence.CERTAIN),
            missing=self._missing(at, texts["missing"], lists["match"]),
            confirm=texts["confirm"],
            lasting=self._flag(at, table, "lasting"),
            since=texts["since"],
            until=texts["until"],
            examples=lists["examples"],
            cases=tuple(self._cases(table, at, lists)),
        )

    def _cases(self, table: Mapping[str, Any], at: Path, rule: Lists) -> Iterator[Case]:
        for index, said in self._tables("case", at, table):
            here = (*at, "case", index)
            self._known(here, said, (*_CASE, "commands"))
            texts = {name: self._text(said, name, here) for name in _CASE}
            commands = self._list(said, "commands", here)
            match = tuple(pattern + texts["beside"] for pattern in rule["match"])
            self._templates(here, texts, {"match": match, "commands": commands})
            if not (texts["example"] and any(texts[name] for name in _CASE[:3])):
                self._wrong(here, "a case says when it holds, and gives an example")
            self._expression((*here, "when"), texts["when"])
            self._pattern((*here, "beside"), texts["beside"])
            yield Case(**texts, commands=commands)

    def _ending(self, table: Mapping[str, Any], at: Path) -> Ending:
        self._known(at, table, ("match", "well"))
        if "well" not in table:
            self._wrong(at, "an ending says whether it is well: true or false")
        match = self._text(table, "match", at)
        self._pattern((*at, "match"), match)
        return Ending(match, well=self._flag(at, table, "well"))

    def _flag(self, at: Path, table: Mapping[str, Any], name: str) -> bool:
        value = table.get(name, False)
        if not isinstance(value, bool):
            self._wrong((*at, name), f"{name} is true or false, no {type(value).__name__}")
        return bool(value)

    def _text(self, table: Mapping[str, Any], name: str, at: Path) -> str:
        value = table.get(name, "")
        if isinstance(value, str):
            return value
        self._wrong((*at, name), f"{name} is a text in quotes")
        return ""

    def _list(self, table: Mapping[str, Any], name: str, at: Path) -> tuple[str, ...]:
        value = table.get(name, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self._wrong((*at, name), f"{name} is a list of texts")
        return ()

    def _complete(self, at: Path, texts: Mapping[str, str], lists: Lists) -> None:
        for name in _REQUIRED:
            if not (texts.get(name) or lists.get(name)):
                self._wrong(at, f"{texts['id'] or 'this rule'} has no {name}")

    def _wording(self, at: Path, texts: Mapping[str, str]) -> None:
        if texts["id"] and not _ID.fullmatch(texts["id"]):
            self._wrong((*at, "id"), f"{texts['id']!a} is not lower-case words joined by hyphens")
        for name in ("since", "until"):
            if texts[name] and not _SERIES.fullmatch(texts[name]):
                self._wrong((*at, name), f"{texts[name]!a} is no series such as 2023.2 or kilo")

    def _steps(self, at: Path, lists: Lists) -> tuple[Automatic, ...]:
        return tuple(
            self._word(Automatic, name, (*at, "steps", index), Automatic.RETRY)
            for index, name in enumerate(lists["steps"])
        )

    def _missing(self, at: Path, said: str, match: Iterable[str]) -> tuple[Kind, str] | None:
        if not said:
            return None
        kind, _, group = said.partition(":")
        if group not in rule_text.common_groups(match):
            self._wrong((*at, "missing"), f"not every pattern captures {group!a}")
        return self._word(Kind, kind, (*at, "missing"), Kind.COMMAND), group

    def _patterns(self, at: Path, match: tuple[str, ...], confirm: str) -> None:
        for index, pattern in enumerate(match):
            self._pattern((*at, "match", index), pattern)
        self._pattern((*at, "confirm"), confirm)

    def _pattern(self, at: Path, pattern: str) -> None:
        if not (pattern and self.thorough):
            return
        try:
            rule_words.compiled(pattern)
            rule_words.certain(pattern)
        except re.error as error:
            self._wrong(at, f"{pattern!a} is not a pattern: {error}")
        except rule_words.UnfindableError as error:
            self._wrong(at, str(error), f"It needs {rule_words.SHORTEST} letters in a row")

    def _expression(self, at: Path, pattern: str) -> None:
        try:
            re.compile(pattern if self.thorough else "")
        except re.error as error:
            self._wrong(at, f"{pattern!a} is not a pattern: {error}")

    def _templates(self, at: Path, texts: Mapping[str, str], lists: Lists) -> None:
        captured = rule_text.common_groups(lists["match"]) | _FOUND_OUT
        for name in _TEMPLATES:
            for text in lists[name] if name in lists else (texts[name],):
                for unknown in sorted(rule_text.fields(text) - captured):
                    self._wrong((*at, name), f"not every pattern captures {{{unknown}}}")

    def _unique(self, rules: Iterable[Rule]) -> None:
        seen: set[str] = set()
        for index, rule in enumerate(rules):
            if rule.id in seen:
                self._wrong(("rule", index, "id"), f"there are two rules {rule.id}")
            seen.add(rule.id)

    def _known(self, at: Path, table: Mapping[str, Any], names: tuple[str, ...]) -> None:
        for name in table:
            if name not in names:
                self._wrong((*at, name), f"there is no {name!a} here", did_you_mean(name, names))

    def _word(self, words: type[Word], said: str, at: Path, otherwise: Word) -> Word:
        if said in set(words):
            return words(said)
        self._wrong(at, f"{said!a} is none of {', '.join(words)}", did_you_mean(said, words))
        return otherwise

    def _wrong(self, at: Path, what: str, cure: str = "") -> None:
        self.mistakes.append((at, what, cure))
