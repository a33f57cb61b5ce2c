"""What a command's first word becomes: an alias or a variable, as far as it is plain to see."""

import re
from dataclasses import dataclass, field

from wizard.model.bash.command import Command
from wizard.model.bash.frames import Context
from wizard.model.bash.grammar import ASSIGNMENT, unquoted

_VARIABLE = re.compile(r"\$(?:(?P<bare>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)\})", re.ASCII)
_PLAIN = re.compile(r"[^$`(]*")
_SWITCH = "expand_aliases"  # without it a script's aliases are never looked at


@dataclass(slots=True)
class FirstWord:
    """Follows a text command by command; what only running tells is left as it stands."""

    values: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    expands: bool = False

    def become(self, command: Command) -> tuple[str, ...]:
        """Return the command's words, the first one as what it becomes here."""
        words = command.words
        if not words:
            return words
        found = _VARIABLE.fullmatch(words[0])
        value = self.values.get(found["bare"] or found["braced"]) if found else None
        if self.expands and value is None:
            value = self.aliases.get(words[0])
        return (*value.split(), *words[1:]) if value else words

    def note(self, command: Command) -> None:
        """Remember what the command sets, where it runs in the shell that reads the text."""
        if command.context not in {Context.TOP, Context.CONDITIONAL}:
            return
        match command.words:
            case ("shopt", *options) if _SWITCH in options:
                self.expands = "-s" in options
            case ("alias", *given):
                self.aliases |= {name: value for name, _, value in map(_pair, given)}
            case ("unalias", *names):
                self.aliases = {} if "-a" in names else _without(self.aliases, names)
            case words if all(map(ASSIGNMENT.match, words)):
                self.values |= {name: value for name, _, value in map(_pair, words)}
            case _:
                pass


def _pair(word: str) -> tuple[str, str, str]:
    """Cut NAME=VALUE; a value that only running tells counts as none."""
    name, sign, value = unquoted(word).partition("=")
    return name, sign, value if _PLAIN.fullmatch(value) else ""


def _without(found: dict[str, str], names: list[str]) -> dict[str, str]:
    return {name: value for name, value in found.items() if name not in names}
