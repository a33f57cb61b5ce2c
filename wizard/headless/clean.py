"""Events as a terminal may show them: what comes from files, paths and programs made harmless."""

import dataclasses
from typing import TypeVar

from wizard.model.events import Event, Titled
from wizard.model.foreign_text import harmless

T = TypeVar("T", bound=Event)


def clean(event: T) -> T:
    """Return the event with no control character in any text; diffs keep their lines."""
    texts = {
        field.name: _clean(getattr(event, field.name), in_lines=field.name == "diffs")
        for field in dataclasses.fields(event)
    }
    return dataclasses.replace(event, **texts)  # type: ignore[arg-type]


def _clean(value: object, *, in_lines: bool) -> object:
    match value:
        case str() if not value.isprintable():
            lines = value.splitlines() if in_lines else (value,)
            return "\n".join(map(harmless, lines))
        case tuple():
            return tuple(_clean(item, in_lines=in_lines) for item in value)
        case Titled():
            return Titled(value.id, harmless(value.title))
        case _:
            return value
