"""What a build goes by: every value, and who said so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from wizard.model.problem import Problem
from wizard.model.secret import Mask
from wizard.model.settings.answers import (
    Answers,
    FromEnvironment,
    FromFile,
    Generate,
    Installer,
    Like,
    Reference,
    flat,
    from_flat,
)

T_co = TypeVar("T_co", covariant=True)


class Origin(StrEnum):
    """Who said so, the strongest first."""

    OPTION = "option"
    ENVIRONMENT = "environment"
    FILE = "answers file"
    LAST = "last run"
    HOST = "host"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Setting(Generic[T_co]):
    """A value and who said so; ``where`` is the option, the variable or FILE:LINE:COLUMN."""

    value: T_co
    origin: Origin
    where: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a build goes by."""

    directory: Setting[str]  # the DevStack checkout, "" for none
    user: Setting[str]
    use_venv: Setting[bool]
    path: Setting[str]
    python: Setting[str]  # "": the distribution's own
    system_site_packages: Setting[bool]
    installer: Setting[Installer]
    constraints: Setting[str]  # a file or a URL, "" for none
    stack: Setting[bool]
    timeout_minutes: Setting[int]
    like: Setting[Like | None]
    devstack_name: Setting[str]
    distro_add: tuple[Setting[str], ...] = ()
    distro_remove: tuple[Setting[str], ...] = ()
    pypi_add: tuple[Setting[str], ...] = ()
    pypi_remove: tuple[Setting[str], ...] = ()
    local_conf: Mapping[str, Setting[str | Reference]] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()


NAMES = {
    "directory": "devstack.directory",
    "user": "devstack.user",
    "use_venv": "venv.use",
    "path": "venv.path",
    "python": "venv.python",
    "system_site_packages": "venv.system_site_packages",
    "installer": "venv.installer",
    "constraints": "venv.constraints",
    "stack": "build.stack",
    "timeout_minutes": "build.timeout_minutes",
    "like": "host.like",
    "devstack_name": "host.devstack_name",
}
"""The settings that have one value, and their keys in the answers."""

LISTS = {
    "distro_add": "packages.distro.add",
    "distro_remove": "packages.distro.remove",
    "pypi_add": "packages.pypi.add",
    "pypi_remove": "packages.pypi.remove",
}
"""The settings that have many."""


_EMPTY = {"venv.python": "the distribution's own", "host.devstack_name": "as detected"}
"""What the empty value of a setting means, where it is not "none"."""


@dataclass(frozen=True, slots=True)
class Row:
    """A setting for a person; secrets do not show."""

    key: str
    value: str
    origin: Origin
    where: str = ""


def rows(settings: Settings) -> tuple[Row, ...]:
    """Return a row for each value, and for each package."""
    mask = Mask()
    return tuple(
        Row(
            key,
            mask(_shown(setting.value) or _EMPTY.get(key, "none")),
            setting.origin,
            setting.where,
        )
        for key, setting in _by_key(settings)
        if setting.value is not None
    )


def effective(settings: Settings) -> Answers:
    """Return the answers that lead to the same settings again."""
    said: dict[str, Any] = dict.fromkeys(LISTS.values(), ())
    for key, setting in _by_key(settings):
        if key in said:
            said[key] = (*said[key], setting.value)
        elif setting.value != "" or key == NAMES["directory"] or key.startswith("local_conf."):
            said[key] = setting.value
    return from_flat(said)


def said(settings: Settings) -> Answers:
    """Return what somebody said: all but what the host suggests and the defaults."""
    open_ = (Origin.HOST, Origin.DEFAULT)
    keys = {key for key, setting in _by_key(settings) if setting.origin not in open_}
    everything = flat(effective(settings))
    return from_flat({key: value for key, value in everything.items() if key in keys})


def _by_key(settings: Settings) -> Iterator[tuple[str, Setting[Any]]]:
    for name, key in NAMES.items():
        yield key, getattr(settings, name)
    for name, key in LISTS.items():
        yield from ((key, setting) for setting in getattr(settings, name))
    for name, setting in settings.local_conf.items():
        yield f"local_conf.{name}", setting


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Generate():
            return "generated"
        case FromEnvironment(name):
            return f"from the environment variable {name}"
        case FromFile(path):
            return f"from the file {path}"
        case _:
            return str(value)
