"""What DevStack will have in its variables once it has read a local.conf, as far as text tells.

Nothing is run for this: the build reads the file back the way DevStack does, after it is written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wizard.facts.effective_values import PREFIX
from wizard.model.bash.values import Literal, values
from wizard.model.local_conf.managed_block import functions_file
from wizard.model.local_conf.meta_sections import localrc

SURE, OPEN, WRONG = "✓", "?", "✗"
NOTES = {
    SURE: "",
    OPEN: "(as the block has it; the build reads it back to be sure)",
    WRONG: "(not as wanted: a line below the block sets it again)",
}
_OURS = f'source "{functions_file("$VENV_PATH")}"'.encode()  # it sets none of these


@dataclass(frozen=True, slots=True)
class Effective:
    """A variable as DevStack will have it, and how sure that is."""

    name: str
    value: str
    mark: str

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


def effective(text: bytes, wanted: Mapping[str, str]) -> tuple[Effective, ...]:
    """Return each variable that is wanted as this local.conf leaves it."""
    return tuple(_each(text, wanted))


def _each(text: bytes, wanted: Mapping[str, str]) -> Iterator[Effective]:
    known = values(localrc(text).replace(_OURS, b":"))
    for name, value in wanted.items():
        if name == PREFIX:
            continue
        found = known.of(name)
        if isinstance(found, Literal):
            yield Effective(name, found.value, SURE if found.value == value else WRONG)
        else:
            yield Effective(name, value, OPEN)


def verdict(found: tuple[Effective, ...]) -> str:
    """Return the mark for all of them: the worst."""
    marks = {one.mark for one in found}
    return next((mark for mark in (WRONG, OPEN) if mark in marks), SURE)
