"""What systemd units and ini files tell uWSGI about its Python."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from wizard.model.servers.systemd_unit import Start, last_line

_HOME = {"-H": "home", "home": "home", "virtualenv": "home", "venv": "home", "pyhome": "home"}
_PATH = {"pythonpath": "pythonpath", "python-path": "pythonpath", "pp": "pythonpath"}
_APPLICATION = {"module": "module", "wsgi": "module", "wsgi-file": "wsgi-file", "file": "wsgi-file"}
_OTHER = {
    "-w": "module",
    "ini": "ini",
    "include": "ini",
    "inherit": "ini",
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
_PLACEHOLDER = re.compile(r"%\((?P<key>[\w-]+)\)|\$\((?P<variable>\w+)\)|%(?P<part>[dpsn])")
_FROM_ENVIRONMENT = "UWSGI_"


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
    path: str  # of the file that says what is started
    program: str
    options: tuple[Option, ...]  # in the order in which uWSGI takes them; the last one counts
    line: int = 1  # of that file
    environment: tuple[tuple[str, str], ...] = ()
    user: str = "root"

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


def service(name: str, start: Start) -> Service:
    """Read what a unit starts; uWSGI takes variables first, then the words of its command."""
    where = f"{start.path}:{start.line}"
    options = (*_variables(start, where), *_arguments(list(start.words[1:]), where))
    program = start.words[0]
    return Service(name, start.path, program, options, start.line, start.environment, start.user)


def ini(path: str, text: str, environment: Mapping[str, str] | None = None) -> tuple[Option, ...]:
    """Read the [uwsgi] section of an ini file."""
    found: list[Option] = []
    section, keys = "", dict[str, str]()
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("["):
            section = stripped.strip("[]")
        elif section == "uwsgi" and not stripped.startswith((";", "#")) and "=" in stripped:
            name, value = map(str.strip, stripped.split("=", 1))
            keys[name] = value = _filled_in(value, path, keys, environment or {})
            if known := _KNOWN.get(name):
                found.append(Option(known, value, f"{path}:{number}"))
    return tuple(found)


def _filled_in(
    value: str, path: str, keys: Mapping[str, str], environment: Mapping[str, str]
) -> str:
    """Replace what uWSGI would replace, as far as that is known here."""
    folder, _, name = path.rpartition("/")
    parts = {"d": f"{folder}/", "p": path, "s": name, "n": name.rpartition(".")[0]}

    def known(match: re.Match[str]) -> str:
        if match["part"]:
            return parts[match["part"]]
        source, key = (keys, match["key"]) if match["key"] else (environment, match["variable"])
        return source.get(key, match[0])

    return _PLACEHOLDER.sub(known, value)


def with_inis(one: Service, read: Callable[[str], str], depth: int = 4) -> Service:
    """Put what ini files say in the place of the options that name them."""
    environment = dict(one.environment)

    def opened(options: Iterable[Option], left: int) -> Iterator[Option]:
        for option in options:
            yield option
            if option.name == "ini" and left:
                path = option.value.partition(":")[0]
                yield from opened(ini(path, read(path), environment), left - 1)

    return replace(one, options=tuple(opened(one.options, depth)))


def with_home_in_unit(text: str, line: int, venv: str) -> str:
    """Return a unit whose ExecStart on ``line`` gives uWSGI this environment, as DevStack would."""
    lines = text.splitlines(keepends=True)
    last = last_line(text, line)
    pattern = re.compile(r"(?<=\s)(--(?:venv|virtualenv|home|pyhome)(?:=|\s+)|-H\s*)(\S+)")
    named = [number for number in range(line, last + 1) if pattern.search(lines[number - 1])]
    for number in named:
        lines[number - 1] = pattern.sub(lambda match: match[1] + venv, lines[number - 1])
    if not named:
        body = lines[last - 1].rstrip()
        lines[last - 1] = f"{body} --venv {venv}{lines[last - 1][len(body) :]}"
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


def _variables(start: Start, where: str) -> Iterator[Option]:
    for name, value in start.environment:
        key = name.removeprefix(_FROM_ENVIRONMENT).lower().replace("_", "-")
        if name.startswith(_FROM_ENVIRONMENT) and key in _KNOWN:
            yield Option(_KNOWN[key], value, where)


def _arguments(words: list[str], where: str) -> Iterator[Option]:
    rest = iter(words)
    for word in rest:
        key, equals, value = word.partition("=")
        if word.endswith(".ini") and not word.startswith("-"):
            yield Option("ini", word, where)
        elif word.startswith("--") and (name := _KNOWN.get(key[2:])):
            yield Option(name, value if equals else next(rest, ""), where)
        elif word.startswith("-") and (name := _KNOWN.get(word[:2])):
            yield Option(name, word[2:] or next(rest, ""), where)
