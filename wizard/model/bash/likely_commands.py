"""The commands of any text: of one that is not understood as a whole, line by line."""

import re
from collections.abc import Iterator
from dataclasses import replace

from wizard.model.bash.command import Command
from wizard.model.bash.commands import commands
from wizard.model.bash.frames import Context

_KEYWORDS = "if|then|else|elif|fi|for|while|until|do|done|case|esac|in"
_CUTS = re.compile(rf"[;&|(){{}}]|\b(?:{_KEYWORDS})\b|#.*")


def likely_commands(text: bytes) -> tuple[Command, ...]:
    """Return the commands; of a text that is not understood, what each line by itself looks like.

    Rather one too many than one too few: what is in a function or a here-document counts, too.
    """
    read = commands(text)
    if read is not None:
        return read
    return tuple(found for n, line in enumerate(text.split(b"\n"), 1) for found in _alone(n, line))


def _alone(number: int, line: bytes) -> Iterator[Command]:
    read = commands(line + b"\n")
    if read is not None:
        yield from (replace(found, line=number) for found in read)
        return
    for part in _CUTS.split(line.decode("latin-1")):
        if words := tuple(part.split()):
            yield Command(number, words, Context.TOP)
