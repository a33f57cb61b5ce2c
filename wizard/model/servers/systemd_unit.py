"""What systemd starts for a service: its unit and its drop-ins, merged as systemd.unit(5) says."""

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_SETTING = re.compile(r"([A-Za-z]+)\s*=\s*(.*)", re.DOTALL)
_PREFIXES = "-@:+!|"  # before the program; "@": the next word is only its name
_VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)")


@dataclass(frozen=True, slots=True)
class Setting:
    """A line of the section [Service], joined where it goes over several."""

    name: str
    value: str
    path: str
    line: int  # its first, counted from 1


@dataclass(frozen=True, slots=True)
class Start:
    """The command of a unit, and where it stands."""

    words: tuple[str, ...]
    path: str
    line: int
    environment: tuple[tuple[str, str], ...] = ()
    user: str = "root"


def start(unit: str, files: Iterable[tuple[str, str]]) -> Start | None:
    """Return what a unit starts; ``files`` are paths and texts, the unit first, then drop-ins.

    An empty setting takes back those before it; systemd takes one command, the last one here.
    """
    found = [one for path, text in files for one in settings(path, text)]
    command = _last_of(found, "ExecStart")
    if command is None:
        return None
    environment = dict(_environment(unit, found))
    words = _words(_specified(command.value.lstrip(_PREFIXES), unit))
    named_apart = "@" in command.value[: -len(command.value.lstrip(_PREFIXES))]
    words = [words[0], *words[2:]] if named_apart and len(words) > 1 else words
    user = _last_of(found, "User")
    return Start(
        tuple(_VARIABLE.sub(lambda m: environment.get(m[1] or m[2], ""), w) for w in words),
        command.path,
        command.line,
        tuple(environment.items()),
        user.value if user else "root",
    )


def settings(path: str, text: str) -> Iterator[Setting]:
    """Yield the settings of the section [Service]."""
    section = ""
    for number, line in _joined(text):
        if line.startswith("["):
            section = line
        elif section == "[Service]" and (match := _SETTING.fullmatch(line)):
            yield Setting(match[1], match[2].strip(), path, number)


def last_line(text: str, line: int) -> int:
    """Return the last line of what begins on ``line``."""
    lines = text.splitlines()
    while line < len(lines) and lines[line - 1].endswith("\\"):
        line += 1
    return line


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Yield logical lines; a comment in the middle of one is not part of it."""
    parts: list[str] = []
    begun = 1
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith(("#", ";")):
            continue
        begun = begun if parts else number
        parts.append(line.removesuffix("\\").strip())
        if not line.endswith("\\"):
            yield begun, " ".join(parts).strip()
            parts = []


def _last_of(found: Iterable[Setting], name: str) -> Setting | None:
    own = [one for one in found if one.name == name]
    return own[-1] if own and own[-1].value else None


def _environment(unit: str, found: Iterable[Setting]) -> Iterator[tuple[str, str]]:
    kept: list[Setting] = []
    for one in found:
        if one.name == "Environment":
            kept = [*kept, one] if one.value else []
    for one in kept:
        pairs = (word.partition("=") for word in _words(_specified(one.value, unit)))
        yield from ((name, value) for name, equals, value in pairs if equals)


def _specified(text: str, unit: str) -> str:
    """Replace the specifiers that tell instances apart; of others there are none here."""
    prefix, _, instance = unit.partition("@")
    known = {"%i": instance, "%I": instance, "%p": prefix, "%n": f"{unit}.service", "%N": unit}
    return re.sub(r"%[%iIpnN]", lambda match: known.get(match[0], "%"), text)


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command) or [""]
    except ValueError:
        return command.split() or [""]
