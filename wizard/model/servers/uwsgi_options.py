"""What systemd units and ini files tell uWSGI about its Python."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

_HOME = {"-H": "home", "home": "home", "virtualenv": "home", "venv": "home", "pyhome": "home"}
_PATH = {"pythonpath": "pythonpath", "python-path": "pythonpath", "pp": "pythonpath"}
_APPLICATION = {"module": "module", "wsgi": "module", "wsgi-file": "wsgi-file", "file": "wsgi-file"}
_OTHER = {
    "-w": "module",
    "ini": "ini",
    "plugins": "plugins",
    "plugin": "plugins",
    "socket": "socket",
    "-s": "socket",
    "uwsgi-socket": "socket",
    "http-socket": "http-socket",
    "http": "http-socket",
}
_KNOWN = {**_HOME, **_PATH, **_APPLICATION, **_OTHER}
_UNRESOLVED = re.compile(r"%\(|@\(|%[a-zA-Z]|\$\(")


@dataclass(frozen=True, slots=True)
class Option:
    """One option, and where it is set."""

    name: str  # as in this module: home, pythonpath, module, wsgi-file, plugins, socket, ini
    value: str
    where: str  # file:line

    @property
    def is_plain(self) -> bool:
        """Whether the value stands for itself and not for what uWSGI would make of it."""
        return not _UNRESOLVED.search(self.value)


@dataclass(frozen=True, slots=True)
class Service:
    """A program that systemd starts."""

    name: str  # of the unit
    path: str
    program: str
    options: tuple[Option, ...]  # in the order in which uWSGI takes them; the last one counts

    @property
    def is_uwsgi(self) -> bool:
        """Whether it is uWSGI that runs."""
        return "uwsgi" in self.program.rpartition("/")[2]

    def last(self, name: str) -> Option | None:
        """Return the option that counts."""
        return next((one for one in reversed(self.options) if one.name == name), None)

    def value(self, name: str) -> str:
        """Return its value, "" when it is not set."""
        option = self.last(name)
        return option.value if option else ""


def unit(path: str, text: str) -> Service | None:
    """Read a unit file; None when it starts nothing."""
    for number, line in enumerate(text.splitlines(), start=1):
        match = re.match(r"\s*ExecStart\s*=\s*[-@:+!]*(.*)", line)
        if match and match[1].strip():
            words = _words(match[1])
            name = path.rpartition("/")[2].removesuffix(".service")
            options = tuple(_arguments(words[1:], f"{path}:{number}"))
            return Service(name, path, words[0], options)
    return None


def ini(path: str, text: str) -> tuple[Option, ...]:
    """Read the [uwsgi] section of an ini file."""
    found: list[Option] = []
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("["):
            section = stripped.strip("[]")
        elif section == "uwsgi" and not stripped.startswith((";", "#")) and "=" in stripped:
            name, _, value = stripped.partition("=")
            if known := _KNOWN.get(name.strip()):
                found.append(Option(known, value.strip(), f"{path}:{number}"))
    return tuple(found)


def with_ini(service: Service, name: str, options: tuple[Option, ...]) -> Service:
    """Put what an ini file says in the place of the option that names it."""
    merged: list[Option] = []
    for option in service.options:
        merged.append(option)
        if option.name == "ini" and option.value == name:
            merged += options
    return Service(service.name, service.path, service.program, tuple(merged))


def with_home_in_unit(text: str, line: int, venv: str) -> str:
    """Return a unit whose ExecStart on ``line`` gives uWSGI this environment, as DevStack would."""
    lines = text.splitlines(keepends=True)
    pattern = re.compile(r"(?<=\s)(--(?:venv|virtualenv|home|pyhome)(?:=|\s+)|-H\s*)(\S+)")
    old = lines[line - 1]
    if pattern.search(old):
        lines[line - 1] = pattern.sub(lambda match: match[1] + venv, old)
    else:
        body = old.rstrip()
        lines[line - 1] = f"{body} --venv {venv}{old[len(body) :]}"
    return "".join(lines)


def with_home_in_ini(text: str, venv: str) -> str | None:
    """Return an ini whose one [uwsgi] section names this environment; None where that is unsafe."""
    lines = text.splitlines(keepends=True)
    sections = [n for n, line in enumerate(lines) if line.strip() == "[uwsgi]"]
    homes = [n for n, line in enumerate(lines) if _is_home(line)]
    if len(sections) != 1 or len(homes) > 1:
        return None
    if homes:
        key, equals, rest = lines[homes[0]].partition("=")
        space = " " if rest.startswith(" ") else ""
        lines[homes[0]] = f"{key}{equals}{space}{venv}\n"
    else:
        if not lines[sections[0]].endswith("\n"):
            lines[sections[0]] += "\n"
        lines.insert(sections[0] + 1, f"venv = {venv}\n")
    return "".join(lines)


def _is_home(line: str) -> bool:
    return "=" in line and line.partition("=")[0].strip() in _HOME


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command) or [""]
    except ValueError:
        return command.split() or [""]


def _arguments(words: list[str], where: str) -> Iterator[Option]:
    rest = iter(words)
    for word in rest:
        key, equals, value = word.partition("=")
        name = _KNOWN.get(key if key.startswith("-") and not key.startswith("--") else key[2:])
        if key.startswith("-") and name:
            yield Option(name, value if equals else next(rest, ""), where)
