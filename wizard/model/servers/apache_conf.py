"""What Apache's configuration says about WSGI: read line by line, changed by option."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_SECTION = re.compile(r"<(/?)VirtualHost\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive, where it stands, and in which virtual host (0: in none)."""

    name: str  # in small letters
    arguments: tuple[str, ...]
    path: str
    line: int  # its first, counted from 1
    virtual_host: int

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.path}:{self.line}"

    def options(self) -> dict[str, str]:
        """Return its arguments of the form name=value."""
        pairs = (argument.partition("=") for argument in self.arguments)
        return {name: value for name, separator, value in pairs if separator}


@dataclass(frozen=True, slots=True)
class Application:
    """A WSGI script and the options of the processes that run it."""

    script: str
    alias: Directive
    group: Directive | None  # its WSGIDaemonProcess
    server_home: Directive | None  # WSGIPythonHome, which counts where the group says nothing

    @property
    def python_home(self) -> str:
        """What its processes take for the environment, "" for the server's own Python."""
        own = self.option("python-home")
        return own or (self.server_home.arguments[0] if self.server_home else "")

    def option(self, name: str) -> str:
        """Return an option of its process group."""
        return self.group.options().get(name, "") if self.group else ""


def directives(path: str, text: str) -> Iterator[Directive]:
    """Yield every directive of a file."""
    virtual_host, count = 0, 0
    for number, line in _logical_lines(text):
        if section := _SECTION.match(line):
            count += not section[1]
            virtual_host = 0 if section[1] else count
        elif line and not line.startswith(("#", "<")):
            name, *arguments = _words(line)
            yield Directive(name.lower(), tuple(arguments), path, number, virtual_host)


def applications(files: Mapping[str, str]) -> tuple[Application, ...]:
    """Return all WSGI scripts that these files have Apache serve."""
    found = [one for path, text in files.items() for one in directives(path, text)]
    homes = [one for one in found if one.name == "wsgipythonhome" and one.arguments]
    server_home = homes[-1] if homes else None
    aliases = [one for one in found if one.name == "wsgiscriptalias" and len(one.arguments) > 1]
    return tuple(
        Application(one.arguments[1], one, _group(found, one), server_home) for one in aliases
    )


def server_homes(files: Mapping[str, str]) -> tuple[Directive, ...]:
    """Return every WSGIPythonHome."""
    found = (one for path, text in files.items() for one in directives(path, text))
    return tuple(one for one in found if one.name == "wsgipythonhome" and one.arguments)


def with_option(text: str, line: int, name: str, value: str) -> str:
    """Return the text with an option of the directive on ``line`` set, or added at its end."""
    lines = text.splitlines(keepends=True)
    last = line - 1
    while lines[last].rstrip("\r\n").endswith("\\") and last + 1 < len(lines):
        last += 1
    pattern = re.compile(rf'(?<=[ \t]){re.escape(name)}=(?:"[^"]*"|[^\s\\]*)')
    for number in range(line - 1, last + 1):
        if pattern.search(lines[number]):
            lines[number] = pattern.sub(lambda _: f"{name}={value}", lines[number])
            return "".join(lines)
    body = lines[last].rstrip()
    lines[last] = f"{body} {name}={value}{lines[last][len(body) :]}"
    return "".join(lines)


def with_argument(text: str, line: int, value: str) -> str:
    """Return the text with the single argument of the directive on ``line`` replaced."""
    lines = text.splitlines(keepends=True)
    pattern = re.compile(r"^(\s*\S+[ \t]+)(.*?)(\s*)$", re.DOTALL)
    lines[line - 1] = pattern.sub(lambda m: f"{m[1]}{value}{m[3]}", lines[line - 1])
    return "".join(lines)


def _group(found: list[Directive], alias: Directive) -> Directive | None:
    """Find the process group of an application: its option, or WSGIProcessGroup beside it."""
    name = alias.options().get("process-group", "")
    for one in found:
        here = (one.path, one.virtual_host) == (alias.path, alias.virtual_host)
        if not name and here and one.name == "wsgiprocessgroup" and one.arguments:
            name = one.arguments[0]
    groups = [one for one in found if one.name == "wsgidaemonprocess" and one.arguments]
    return next((one for one in groups if one.arguments[0] == name), None)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    start = 1
    parts: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not parts:
            start = number
        parts.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            yield start, " ".join(parts).strip()
            parts = []


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line, posix=True) or [""]
    except ValueError:
        return line.split()
