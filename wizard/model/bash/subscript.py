"""Indexes of arrays that bash cannot work out: such an assignment ends the text it stands in.

The index of an array that was not declared with ``-A`` is arithmetic (bash(1), Arrays), and a
mistake in it makes bash give up the file that it reads.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from wizard.model.bash.command import Command
from wizard.model.bash.grammar import ASSIGNMENT, declared_name, unquoted

# what DevStack declares before it reads localrc: functions-common, and inc/python since liberty
_DEVSTACKS = frozenset({"GITREPO", "GITBRANCH", "GITDIR", "SYSTEMD_ENV_VARS", "PROJECT_VENV"})
_DECLARES = {"declare", "typeset", "local"}
_BY_NAME = re.compile(r"-[a-zA-Z]*A[a-zA-Z]*")
_ELEMENT = re.compile(r"(?:^\(|\s)\[(?P<subscript>[^]]*)\]\+?=")
_TERM = r"(?:[A-Za-z_]\w*|0[0-7]*|[1-9]\d*|0[xX][\da-fA-F]+)"
_WORKS = re.compile(rf"\s*|[@*]|-?\s*{_TERM}(?:\s*[-+*]\s*{_TERM})*\s*", re.ASCII)
_DYNAMIC = re.compile(r"[$`]")  # only running it tells


@dataclass(slots=True)
class Subscripts:
    """Follows a text command by command."""

    by_name: set[str] = field(default_factory=lambda: set(_DEVSTACKS))

    def stop(self, command: Command) -> str:
        """Return why a command ends the text, "" when its indexes do not."""
        words = command.words
        declares = bool(words) and words[0] in _DECLARES
        if declares and any(map(_BY_NAME.fullmatch, words[1:])):
            self.by_name |= set(map(declared_name, words[1:]))
        targets = [(word, target) for word in words if (target := ASSIGNMENT.match(word))]
        for word, target in targets if declares or len(targets) == len(words) else ():
            if target["name"] in self.by_name:
                continue
            for index in _indexes(target["subscript"] or "", word[target.end() :]):
                if not _WORKS.fullmatch(index) and not _DYNAMIC.search(index):
                    return f"bash cannot work out the index of `{target['name']}[{index}]`"
        return ""


def _indexes(subscript: str, value: str) -> Iterator[str]:
    if subscript:
        yield unquoted(subscript[1:-1])
    if value.startswith("("):
        yield from (unquoted(found["subscript"]) for found in _ELEMENT.finditer(value))
