"""A DevStack checkout and how it treats virtual environments."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a checkout does with ``USE_VENV`` and ``VENV_PATH``, found by asking its functions."""

    NONE = "none"  # 2014: no virtual environments
    PER_PROJECT = "per-project"  # 2015 to 2023.1: one for each project
    GLOBAL = "global"  # 2023.2 and later: GLOBAL_VENV and DEVSTACK_VENV
    BLOG = "blog"  # reads USE_VENV and VENV_PATH itself
    UNKNOWN = "unknown"  # a DevStack, but none of the above


@dataclass(frozen=True, slots=True)
class Devstack:
    """A checkout: its folder, what it calls its series ("2026.2", "" when it does not say)."""

    directory: str
    kind: Kind
    series: str = ""
    evidence: tuple[str, ...] = ()  # what it answered, for a person
    venv_options: tuple[str, ...] = ()  # of "python -m venv", where it makes one for everything
    links: bool = False  # its stack.sh links commands to the one place where it has its own
    venv_packages: tuple[str, ...] = ()  # requirements that it installs into a new one
