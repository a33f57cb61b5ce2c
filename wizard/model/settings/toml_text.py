"""A TOML text, what it says and where; or the mistake that keeps it from being TOML."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from wizard.model.settings.toml_position import Position, Positions, first_repeated, positions

_WHERE = re.compile(r"(.*) \(at line (\d+), column (\d+)\)")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Document:
    """A valid text."""

    content: dict[str, Any]
    positions: Positions


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why a text is not TOML."""

    position: Position
    what: str
    cure: str = ""


def parse(text: str) -> Document | Mistake:
    """Read a text strictly, as TOML 1.0 has it."""
    try:
        return Document(tomllib.loads(text), positions(text))
    except RecursionError:
        return Mistake(Position(1, 1), "the file is nested too deeply")
    except ValueError as error:  # TOMLDecodeError, and a number of thousands of digits
        return _mistake(text, str(error))


def dotted(path: tuple[str | int, ...]) -> str:
    """Return a path as TOML writes it, in ASCII."""
    return ".".join(part if _BARE.fullmatch(part) else ascii(part) for part in map(str, path))


def _mistake(text: str, message: str) -> Mistake:
    if message.startswith(("Cannot", "Duplicate")) and (repeated := first_repeated(text)):
        path, position = repeated
        return Mistake(position, f"{dotted(path)} is given twice")
    if found := _WHERE.fullmatch(message):
        message, position = found[1], Position(int(found[2]), int(found[3]))
    else:
        message = message.removesuffix(" (at end of document)")
        position = Position(text.count("\n") + 1, len(text) - text.rfind("\n"))
    what = f"this is not TOML: {message[:1].lower()}{message[1:]}"
    invalid = "Texts stand in quotes; true and false are in small letters"
    return Mistake(position, what, invalid if message == "Invalid value" else "")
