"""What Apache's configuration says about WSGI: read line by line, changed by option."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SECTION = re.compile(r"<(/?)VirtualHost\b\s*([^>]*)", re.IGNORECASE)
_NAMED_FILE = re.compile(r"# In file: (.+)")  # as Apache's own listing has it
_NAMED_LINE = re.compile(r"#\s*(\d+):")
_EMBEDDED = "%{GLOBAL}"  # in place of a process group's name: Apache's own processes


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive, where it stands, and in which virtual host (0: in none)."""

    name: str  # in small letters
    arguments: tuple[str, ...]
    path: str
    line: int  # one of its lines, counted from 1
    virtual_host: int
    addresses: str = ""  # of the virtual host

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
    group_name: str  # "" where Apache's own processes run it
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
    return _in_sections((path, number, line) for number, line in _logical_lines(text))


def listed(text: str) -> Iterator[Directive]:
    """Yield what Apache itself says it would go by, with the files and lines that it names."""
    return _in_sections(_placed(text))


def _placed(text: str) -> Iterator[tuple[str, int, str]]:
    path, number = "", 0
    for line in map(str.strip, text.splitlines()):
        if file := _NAMED_FILE.fullmatch(line):
            path = file[1]
        elif place := _NAMED_LINE.fullmatch(line):
            number = int(place[1])
        else:
            yield path, number, line


def _in_sections(lines: Iterator[tuple[str, int, str]]) -> Iterator[Directive]:
    virtual_host, addresses, count = 0, "", 0
    for path, number, line in lines:
        if section := _SECTION.match(line):
            count += not section[1]
            virtual_host, addresses = (0, "") if section[1] else (count, section[2])
        elif line and not line.startswith(("#", "<")):
            name, *arguments = _words(line)
            yield Directive(name.lower(), tuple(arguments), path, number, virtual_host, addresses)


def applications(found: Sequence[Directive]) -> tuple[Application, ...]:
    """Return all WSGI scripts that these directives have Apache serve."""
    homes = server_homes(found)
    server_home = homes[-1] if homes else None
    aliases = [one for one in found if one.name == "wsgiscriptalias" and len(one.arguments) > 1]
    return tuple(_application(found, one, server_home) for one in aliases)


def server_homes(found: Sequence[Directive]) -> tuple[Directive, ...]:
    """Return every WSGIPythonHome."""
    return tuple(one for one in found if one.name == "wsgipythonhome" and one.arguments)


def _application(
    found: Sequence[Directive], alias: Directive, server_home: Directive | None
) -> Application:
    name = alias.options().get("process-group") or _group_name(found, alias)
    name = "" if name == _EMBEDDED else name
    groups = [one for one in found if one.name == "wsgidaemonprocess" and one.arguments]
    group = next((one for one in groups if one.arguments[0] == name), None)
    return Application(alias.arguments[1], alias, name, group, server_home)


def _group_name(found: Sequence[Directive], alias: Directive) -> str:
    """Return the process group of a virtual host, else the one that all of them inherit."""
    named = [one for one in found if one.name == "wsgiprocessgroup" and one.arguments]
    beside = [one for one in named if _place(one) == _place(alias)]
    inherited = [one for one in named if one.virtual_host == 0]
    return next((one.arguments[0] for one in reversed(beside or inherited)), "")


def _place(one: Directive) -> tuple[str, int]:
    return (one.path, one.virtual_host)


def with_option(text: str, line: int, name: str, value: str) -> str:
    """Return the text with an option of the directive on ``line`` set, or added at its end."""
    lines = text.splitlines(keepends=True)
    first = last = line - 1
    while first and _goes_on(lines[first - 1]):
        first -= 1
    while _goes_on(lines[last]) and last + 1 < len(lines):
        last += 1
    pattern = re.compile(rf'(?<=[ \t]){re.escape(name)}=(?:"[^"]*"|[^\s\\]*)')
    for number in range(first, last + 1):
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


def _goes_on(line: str) -> bool:
    return line.rstrip("\r\n").endswith("\\")


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
