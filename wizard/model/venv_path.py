"""Where the venv may be: one rule that everything which reads the path understands alike.

The path ends up, often unquoted, in bash, sudoers, ini files, uWSGI and Apache configuration,
regular expressions of DevStack's own, and in the first line of every script of the venv.
"""

import posixpath
import re
from collections.abc import Iterable

from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

MAX_SHEBANG = 127  # the kernel reads no more of a script's first line (before Linux 5.1)

_UNSAFE = re.compile(r"[^A-Za-z0-9._/-]")
_PART = re.compile(r"\.?[A-Za-z0-9_][A-Za-z0-9._-]*")
_NAMES = {" ": "a space", "\t": "a tab", "\n": "a line break", "\r": "a carriage return"}

# Taken as they are, though a folder of its own below them is fine
_TAKEN = frozenset(
    {
        *("/", "/home", "/media", "/mnt", "/opt", "/opt/stack", "/root", "/srv", "/tmp"),  # noqa: S108 -- refused, not used
        *("/usr", "/usr/local", "/usr/local/bin", "/usr/local/lib", "/usr/local/sbin"),
        *("/var", "/var/cache", "/var/lib", "/var/log", "/var/tmp", "/var/www"),  # noqa: S108
    }
)
# The system's own, with all that is below them: virtual, gone after a restart, or of packages
_SYSTEM = (
    *("/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc", "/run", "/sbin"),
    *("/sys", "/usr/bin", "/usr/include", "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/sbin"),
    *("/usr/share", "/var/lock", "/var/run"),
)
_HOME = re.compile(r"/home/[^/]+")


def check(text: str, taken: Iterable[str] = ()) -> str | Problem:
    """Return the path without doubled and trailing slashes, or why it cannot hold a venv.

    ``taken`` are folders of this host that hold something else (the home of the user, the
    DevStack checkout, ...): neither they nor a folder around them can be the venv.
    """
    path = "/" + "/".join(filter(None, text.split("/")))
    return (
        _wrong_form(text)
        or _wrong_part(path)
        or _too_long(path)
        or _wrong_place(path, map(posixpath.normpath, taken))
        or path
    )


def _problem(what: str, cure: str = "") -> Problem:
    return Problem(f"VENV_PATH {what}", cure=cure, status=ExitStatus.ANSWERS)


def _wrong_form(text: str) -> Problem | None:
    if not text.strip():
        return _problem("is empty", "Give a folder from / on, such as /opt/stack/global-venv")
    if text.startswith("~"):
        return _problem(
            f"starts with ~ ({_shown(text)}), which only a shell replaces: DevStack and sudoers "
            "read it as it stands",
            "Write the whole path, from / on",
        )
    if unsafe := _UNSAFE.search(text):
        place = f"as character {unsafe.end()} of {_shown(text)}"
        return _problem(
            f"contains {_character(unsafe[0])}, {place}",
            "Use the letters a to z and A to Z, digits, '.', '_' and '-' only",
        )
    if not text.startswith("/"):
        return _problem(f"is not an absolute path: {_shown(text)}", "Start it with /")
    return None


def _wrong_part(path: str) -> Problem | None:
    for part in filter(None, path.split("/")):
        if part in {".", ".."}:
            return _problem(f"has a part '{part}': {path}", "Write the path without it")
        if part.startswith("-"):
            return _problem(
                f"has a part that starts with a dash, which programs read as an option: {path}"
            )
        if not _PART.fullmatch(part):
            return _problem(f"has a part of dots and dashes, '{part}': {path}")
    return None


def _too_long(path: str) -> Problem | None:
    shebang = len(f"#!{path}/bin/python3")
    if shebang <= MAX_SHEBANG:
        return None
    return _problem(
        f"makes the first line of the venv's scripts {shebang} bytes long, the limit is "
        f"{MAX_SHEBANG}: {path[:40]}...",
        f"Choose a path of at most {len(path) - (shebang - MAX_SHEBANG)} characters",
    )


def _wrong_place(path: str, taken: Iterable[str]) -> Problem | None:
    cure = "Choose a folder of its own, such as /opt/stack/global-venv"
    inside = next((place for place in _SYSTEM if _is_within(path, place)), None)
    if inside:
        return _problem(f"is not a place for a venv, {inside} is the system's own: {path}", cure)
    if path in _TAKEN or _HOME.fullmatch(path):
        return _problem(f"is not a place for a venv, other things live there: {path}", cure)
    held = next((place for place in taken if _is_within(place, path)), None)
    if held:
        return _problem(f"is not a place for a venv, {held} is there: {path}", cure)
    return None


def _is_within(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}/")


def _character(character: str) -> str:
    """Name a character so that a person finds it, whether it shows or not."""
    if character in _NAMES:
        return _NAMES[character]
    if character.isascii() and character.isprintable():
        return f"'{character}'"
    shown = f"'{character}', " if character.isprintable() else ""
    return f"{shown}U+{ord(character):04X}"


def _shown(text: str) -> str:
    """The text with everything but plain ASCII escaped, cut where it is very long."""
    return ascii(text if len(text) <= MAX_SHEBANG else text[:MAX_SHEBANG] + "...")
