"""What a bash text surely leaves in a variable: a literal, nothing at all, or nobody can say.

Sound for a text that is a complete program: a literal is what bash would have at its end, started
without that variable. Whatever is not understood is Dynamic.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from wizard.model.bash.command import Command
from wizard.model.bash.commands import commands
from wizard.model.bash.frames import Context
from wizard.model.bash.grammar import (
    ANYTHING,
    ARITHMETIC,
    ASSIGNMENT,
    DECLARES,
    DOUBLE_PART,
    ERROR_IF_UNSET,
    HARMLESS,
    IDENTIFIER,
    MENTIONS,
    READ,
    SAFE_EXPANSION,
    SPECIAL_NAMES,
    TILDE,
    WORD_PART,
    unquoted,
)


@dataclass(frozen=True, slots=True)
class Literal:
    """The variable has this value."""

    value: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The text never sets the variable."""


@dataclass(frozen=True, slots=True)
class Dynamic:
    """Only running the text would tell."""


Reading = Literal | Absent | Dynamic


@dataclass(slots=True)
class Values:
    """What is known after some commands; None is a value that nobody can say."""

    known: dict[str, str | None] = field(default_factory=dict)
    in_functions: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    anything: bool = False  # some command may have done anything
    broken_line: int = 0  # an expansion there may have failed, and with it the rest of the line

    def of(self, name: str) -> Reading:
        """Say what is known of one variable."""
        if self.anything or name in self.in_functions or SPECIAL_NAMES.fullmatch(name):
            return Dynamic()
        if self.functions & (DECLARES | MENTIONS | ANYTHING):
            return Dynamic()
        if name not in self.known:
            return Absent()
        return _as_text(self.known[name])

    def forget(self, text: str) -> None:
        """Every name in this text may have been set."""
        for name in IDENTIFIER.findall(READ.sub("", text)):
            self.known[name] = None

    def see(self, command: Command) -> None:
        """Take in the next command."""
        if command.context is Context.SUBSHELL:
            return
        self._see_expansions(command)
        if command.context is Context.FUNCTION:
            self._see_in_function(command)
            return
        count = next(
            (i for i, word in enumerate(command.words) if not ASSIGNMENT.match(word)),
            len(command.words),
        )
        assignments, rest = command.words[:count], command.words[count:]
        if not rest:
            self._assign(command, assignments)
        else:
            self._see_call(command, rest)

    def _see_expansions(self, command: Command) -> None:
        for text in (*command.words, *command.expanded):
            if "$" not in text and "`" not in text:
                continue
            for name in re.findall(r"\$\{([A-Za-z_]\w*)(?:\[[^]]*\])?:?=", text):
                self.known[name] = None
            plain = SAFE_EXPANSION.sub("", READ.sub("", text))
            plain = ERROR_IF_UNSET.sub(lambda m: "" if self.known.get(m["name"]) else m[0], plain)
            if any(mark in plain for mark in ARITHMETIC):
                self.forget(text)
                self.broken_line = command.line
            if "${" in plain:
                self._see_odd_expansion(command, plain)

    def _see_odd_expansion(self, command: Command, text: str) -> None:
        """Take in an expansion that may end the shell (a subscript, ``?``), or its line."""
        if re.search(r"\$\{[^}]*[\[?!@]", text):
            self.anything = True
        self.forget(text)
        self.broken_line = command.line

    def _see_in_function(self, command: Command) -> None:
        words = " ".join(command.words)
        self.in_functions |= set(IDENTIFIER.findall(words))
        for word in command.words:
            if ASSIGNMENT.match(word):
                continue
            name = unquoted(word)
            stays = name == "return" or HARMLESS.fullmatch(words)
            self.anything |= not stays and (name in ANYTHING or _is_open(word))
            break
        for text in command.expanded:
            self.in_functions |= set(IDENTIFIER.findall(text))

    def _assign(self, command: Command, words: tuple[str, ...]) -> None:
        sure = command.context is Context.TOP and not command.redirected
        for word in words:
            self._assign_one(word, sure=sure and command.line != self.broken_line)

    def _assign_one(self, word: str, *, sure: bool) -> None:
        found = ASSIGNMENT.match(word)
        if found is None:
            return
        name, value = found["name"], self.literal(word[found.end() :])
        if name == "POSIXLY_CORRECT" or (found["subscript"] and not _is_tame(found["subscript"])):
            self.anything = True
        if found["more"]:
            before = self.known.get(name)
            value = None if before is None or value is None else before + value
        self.known[name] = value if sure and not found["subscript"] else None

    def _see_call(self, command: Command, words: tuple[str, ...]) -> None:
        name, text = unquoted(words[0]), " ".join(words)
        if name == "function":
            self.functions.update(words[1:2])  # alone it is a command of that name
        elif HARMLESS.fullmatch(text):
            return
        elif _is_open(words[0]) or name in ANYTHING:
            self.anything = True
        elif name in DECLARES:
            self._see_declaration(command, words[1:])
        elif name in MENTIONS:
            self._see_mention(words)
        else:
            for word in words[1:]:
                if IDENTIFIER.fullmatch(unquoted(word)):
                    self.known[unquoted(word)] = None

    def _see_declaration(self, command: Command, words: tuple[str, ...]) -> None:
        assigned = command.words[0] == unquoted(command.words[0])  # no NAME=value stands before it
        sure = command.context is Context.TOP and not command.redirected and assigned
        for word in words:
            if ASSIGNMENT.match(word):  # where braces expand, unlike in a plain assignment
                certain = sure and command.line != self.broken_line and "{" not in word
                self._assign_one(word, sure=certain)
            elif not IDENTIFIER.fullmatch(word):
                self.anything = True

    def _see_mention(self, words: tuple[str, ...]) -> None:
        if words[0] in {"for", "select"}:
            words = words[:3] if words[1:2] == ("((",) else words[:2]
        if words[0] == "printf" and not any(
            word.startswith(("-", "$", '"-', "'-")) for word in words
        ):
            return
        if any(_is_open(word) for word in words) and words[0] != "((":
            self.anything = True
        self.forget(" ".join(words))

    def literal(self, word: str) -> str | None:
        """Return what a word expands to as the value of an assignment, None if nobody can say."""
        if TILDE.search(word):
            return None
        return self._joined(WORD_PART, word)

    def _joined(self, pattern: re.Pattern[str], word: str) -> str | None:
        parts: list[str] = []
        for found in pattern.finditer(word):
            part = self._part(found.groupdict())
            if part is None:
                return None
            parts.append(part)
        return "".join(parts)

    def _part(self, group: dict[str, str | None]) -> str | None:
        if group["special"] is not None:
            return None
        name = group["name"] or group["braced"]
        if name:
            return None if isinstance(self.of(name), Dynamic) else self.known.get(name)
        if group.get("double") is not None:
            return self._joined(DOUBLE_PART, group["double"] or "")
        return group["escaped"] or group.get("single") or group["plain"] or ""


def _as_text(value: str | None) -> Reading:
    if value is None:
        return Dynamic()
    try:
        return Literal(value.encode("latin-1").decode())
    except UnicodeDecodeError:
        return Dynamic()


def _is_open(word: str) -> bool:
    """Whether bash may make another word of it."""
    return bool(re.search(r"[$`*?\[{]", word)) and word not in {"[", "[[", "{", "}"}


def _is_tame(subscript: str) -> bool:
    return bool(re.fullmatch(r"\[['\"]?[\w-]+['\"]?\]", subscript, re.ASCII))


@lru_cache(maxsize=4)
def values(text: bytes) -> Values:
    """Read a complete bash text."""
    found = Values()
    read = commands(text)
    if read is None:
        found.anything = True
    for command in read or ():
        found.see(command)
    return found


def read_assignment(text: bytes, name: str) -> Reading:
    """Say what a complete bash text leaves in one variable."""
    return values(text).of(name)
