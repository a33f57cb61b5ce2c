"""From what was said, in whatever place, to settings.

The first that says something counts: an option, the environment, the answers file, the answers of
the last run, what the host suggests, the default. Lists of packages add up.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from wizard.model import venv_path
from wizard.model.exit_status import ExitStatus
from wizard.model.packages.requirement import from_argument
from wizard.model.problem import Problem
from wizard.model.settings import environment
from wizard.model.settings.answer_rules import RULES, is_url
from wizard.model.settings.answer_values import wrong
from wizard.model.settings.answers import Answers, Installer, Reference, flat
from wizard.model.settings.settings import LISTS, NAMES, Origin, Setting, Settings

DEFAULTS: dict[str, object] = {
    "devstack.directory": "",
    "devstack.user": "stack",
    "venv.use": True,
    "venv.path": "/opt/stack/global-venv",
    "venv.python": "",
    "venv.system_site_packages": False,
    "venv.installer": Installer.UV,
    "venv.constraints": "",
    "build.stack": False,
    "build.timeout_minutes": 120,
    "host.like": None,
    "host.devstack_name": "",
}

_OPTIONS = {
    "devstack": "devstack.directory",
    "venv_path": "venv.path",
    "constraints": "venv.constraints",
    "installer": "venv.installer",
}
_STACK = "build.stack"  # the one option without a value
_SWITCH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_PACKAGES = "packages.pypi.add"
_OPPOSITE = {
    "packages.distro.add": "packages.distro.remove",
    "packages.distro.remove": "packages.distro.add",
    "packages.pypi.add": "packages.pypi.remove",
    "packages.pypi.remove": "packages.pypi.add",
}


class Options(Protocol):
    """The part of the command line that is about the build."""

    @property
    def devstack(self) -> str | None:
        """--devstack."""
        ...

    @property
    def venv_path(self) -> str | None:
        """--venv-path."""
        ...

    @property
    def constraints(self) -> str | None:
        """--constraints."""
        ...

    @property
    def installer(self) -> str | None:
        """--installer."""
        ...

    @property
    def stack(self) -> bool | None:
        """--stack."""
        ...

    @property
    def packages(self) -> tuple[str, ...]:
        """PACKAGE..."""
        ...


@dataclass(frozen=True, slots=True)
class Host:
    """What the host suggests, and what of it cannot be the venv."""

    suggested: Answers = field(default_factory=Answers)
    folder: str = "/"  # the current one: options may be relative to it
    taken: tuple[str, ...] = ()  # the user's home, this program's own folder, ...


@dataclass(frozen=True, slots=True)
class _Source:
    """What one of them says, by key, and where."""

    origin: Origin
    said: Mapping[str, Any]
    where: Mapping[str, str] = field(default_factory=dict)

    def setting(self, key: str, value: Any) -> Setting[Any]:  # noqa: ANN401 -- any kind of answer
        return Setting(value, self.origin, self.where.get(key, ""))


def resolve(
    options: Options,
    environ: Mapping[str, str],
    answers: Answers,
    last: Answers,
    host: Host,
) -> Settings | tuple[Problem, ...]:
    """Return the settings, or everything that is wrong with options and environment."""
    given = (_options(options, host.folder), _environment(environ, host.folder))
    if problems := tuple(problem for source in given for problem in _problems(source)):
        return problems
    sources = (
        *given,
        _Source(Origin.FILE, flat(answers), answers.places),
        _Source(Origin.LAST, _lasting(last)),
        _Source(Origin.HOST, flat(host.suggested), host.suggested.places),
        _Source(Origin.DEFAULT, DEFAULTS),
    )
    settings = _settings(sources, tuple(environment.unknown(environ)))
    return tuple(_bad_place(settings, host.taken)) or settings


def _lasting(last: Answers) -> dict[str, Any]:
    """Leave out what is meant for one run: whoever wants stack.sh run again says so again."""
    return {key: value for key, value in flat(last).items() if key != _STACK}


def _options(options: Options, folder: str) -> _Source:
    said: dict[str, Any] = {}
    for name, key in _OPTIONS.items():
        if (text := getattr(options, name)) is not None:
            said[key] = _judged(key, text, folder)
    if options.stack:
        said[_STACK] = True
    where = {key: f"--{name.replace('_', '-')}" for name, key in _OPTIONS.items()}
    where[_STACK] = "--stack"
    said[_PACKAGES] = tuple(_judged_package(text) for text in options.packages)
    return _Source(Origin.OPTION, said, where | {_PACKAGES: "PACKAGE"})


def _environment(environ: Mapping[str, str], folder: str) -> _Source:
    options = _OPTIONS | {"stack": _STACK}
    said = {
        key: _judged(key, text, folder)
        for name, key in options.items()
        if (text := environment.said(name, environ)) is not None
    }
    where = {key: environment.variable(name) for name, key in options.items()}
    return _Source(Origin.ENVIRONMENT, said, where)


def _judged(key: str, text: str, folder: str) -> object:
    """Return the value of an option or variable, or the Problem with it."""
    if not text:
        return wrong("the value is empty")
    if key == _STACK:
        return _SWITCH.get(text.lower(), wrong(f"this must be true or false, not {text!a}"))
    if key == "devstack.directory" and not text.startswith("~"):
        text = _below(folder, text)
    value = RULES[key](text)
    is_file = key == "venv.constraints" and isinstance(value, str) and not is_url(value)
    return _below(folder, value) if is_file else value


def _below(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))


def _judged_package(text: str) -> str | Problem:
    found = from_argument(text, "", ExitStatus.USAGE)
    return found if isinstance(found, Problem) else text.strip()


def _problems(source: _Source) -> Iterator[Problem]:
    for key, value in source.said.items():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Problem):
                yield replace(item, where=source.where[key])


def _settings(sources: tuple[_Source, ...], warnings: tuple[Problem, ...]) -> Settings:
    one: dict[str, Any] = {name: _first(key, sources) for name, key in NAMES.items()}
    many: dict[str, Any] = {name: tuple(_all(key, sources)) for name, key in LISTS.items()}
    return Settings(**one, **many, local_conf=_local_conf(sources), warnings=warnings)


def _first(key: str, sources: tuple[_Source, ...]) -> Setting[Any]:
    return next(source.setting(key, source.said[key]) for source in sources if key in source.said)


def _all(key: str, sources: tuple[_Source, ...]) -> Iterator[Setting[str]]:
    """Yield what is in a list, each once; a weaker source cannot undo what a stronger one says."""
    opposite = _OPPOSITE[key]
    told: set[str] = set()
    for source in sources:
        for value in source.said.get(key, ()):
            if value not in told:
                yield source.setting(key, value)
        told.update(source.said.get(key, ()), source.said.get(opposite, ()))


def _local_conf(sources: tuple[_Source, ...]) -> dict[str, Setting[str | Reference]]:
    keys = dict.fromkeys(
        key for source in sources for key in source.said if key.startswith("local_conf.")
    )
    return {key.removeprefix("local_conf."): _first(key, sources) for key in keys}


def _bad_place(settings: Settings, taken: tuple[str, ...]) -> Iterator[Problem]:
    """Refuse a venv in the place of the checkout and the like: only here all of them are known."""
    path, checkout = settings.path, settings.directory.value
    found = venv_path.check(path.value, (*taken, checkout) if checkout else taken)
    if isinstance(found, Problem):
        yield replace(found, where=path.where)
