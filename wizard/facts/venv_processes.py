"""Which processes run in a virtual environment: services that stack.sh has started, mostly."""

from collections.abc import Iterator
from dataclasses import dataclass

from wizard.model.foreign_text import harmless
from wizard.model.machine import Reader

_NAMED = 3  # in one sentence


@dataclass(frozen=True, slots=True)
class Running:
    """A process by its number and its name."""

    pid: int
    name: str


def running_in(host: Reader, venv: str) -> tuple[Running, ...]:
    """Return who runs a program of the venv or holds one of its files in memory.

    Whoever is not root sees the memory of their own processes only.
    """
    return tuple(_running(host, venv.rstrip("/")))


def named(processes: tuple[Running, ...]) -> str:
    """Return them for a sentence."""
    first = ", ".join(f"{one.name} ({one.pid})" for one in processes[:_NAMED])
    return first + (f" and {len(processes) - _NAMED} more" if len(processes) > _NAMED else "")


def _running(host: Reader, venv: str) -> Iterator[Running]:
    for pid in host.listdir("/proc"):
        if pid.isdecimal() and _uses(host, pid, venv):
            yield Running(int(pid), harmless(_text(host, f"/proc/{pid}/comm")) or "a process")


def _uses(host: Reader, pid: str, venv: str) -> bool:
    words = _text(host, f"/proc/{pid}/cmdline").split("\0")
    if any(word.startswith(f"{venv}/bin/") for word in words[:2]):
        return True
    if "--venv" in words and venv in words:
        return True
    return f" {venv}/" in _text(host, f"/proc/{pid}/maps")


def _text(host: Reader, path: str) -> str:
    try:
        return host.read(path).decode(errors="replace")
    except OSError:
        return ""
