"""The files that make up sudoers, in the order in which sudo reads them.

Only to say where something stands: what sudo does, sudo itself is asked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Identity, Reader
from wizard.model.problem import Problem
from wizard.model.sudoers import FOLDER

_MAIN = ("/etc/sudoers", "/usr/etc/sudoers")  # openSUSE has only the second
_INCLUDE = re.compile(r"""\s*[#@](include|includedir)\s+"?([^"\s]+)"?\s*(?:#.*)?""")
_SECURE_PATH = re.compile(r"\s*Defaults(?P<scope>[:@>!][^\s]+)?\s[^#]*\bsecure_path\b")
_EXEMPT = re.compile(r"""^\s*Defaults\b[^#]*\bexempt_group\s*=\s*"?([\w-]+)""")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of sudoers and where it stands."""

    where: str  # file:line
    text: str


def main_file(host: Reader) -> str:
    """Return the path of the first file that sudo reads; "" when there is none."""
    return next((path for path in _MAIN if host.exists(path)), "")


def no_folder(host: Reader) -> Problem | None:
    """Say what keeps sudo from reading our files, if anything does."""
    main = main_file(host)
    lines = tuple(_lines(host, main))
    if any(_is_our_folder(line.text) for line in lines) or (main and not lines):
        return None  # what may not be read is no proof
    return Problem(
        f"sudo does not read {FOLDER}",
        where=main or _MAIN[0],
        cure=f"Add this line at its end with visudo: @includedir {FOLDER}",
        status=ExitStatus.NEEDS_PERSON,
    )


def _is_our_folder(text: str) -> bool:
    match = _INCLUDE.fullmatch(text)
    return match is not None and match[1] == "includedir" and match[2].rstrip("/") == FOLDER


def last_secure_path(host: Reader, user: str) -> str:
    """Return ``file:line`` of the line that decides on a user's secure_path, or "".

    That is the last one; but a group that is exempt has no secure_path at all.
    """
    found = ""
    groups = host.run(Command(("id", "-Gn", "--", user))).text.split()
    for line in _walk(host, main_file(host)):
        exempt = _EXEMPT.search(line.text)
        if exempt and exempt[1] in groups:
            return line.where
        match = _SECURE_PATH.match(line.text)
        if match and _concerns(match["scope"] or "", user):
            found = line.where
    return found


def _concerns(scope: str, user: str) -> bool:
    """Leave out what is for commands (no effect on the search) or plainly for somebody else."""
    if scope.startswith("!"):
        return False
    names = scope[1:].split(",") if scope.startswith(":") else [user]
    meant = (name for name in names if not name.startswith("!"))  # who is excepted is not meant
    return any(name == user or not re.fullmatch(r"[a-z_][\w-]*", name) for name in meant)


def _walk(host: Reader, path: str, depth: int = 0) -> Iterator[Line]:
    for line in _lines(host, path):
        match = _INCLUDE.fullmatch(line.text)
        if match is None:
            yield line
        elif depth < 8:  # noqa: PLR2004 -- enough for any real host, and loops end
            included = (match[2],) if match[1] == "include" else _in_folder(host, match[2])
            for file in included:
                yield from _walk(host, file, depth + 1)


def _in_folder(host: Reader, folder: str) -> Iterator[str]:
    """Sudo takes the names in byte order and passes over those with a dot or a tilde at the end."""
    listing = host.run(Command(("ls", "-1", "--", folder), identity=Identity.ROOT))
    for name in sorted(listing.text.splitlines(), key=str.encode):
        if "." not in name and not name.endswith("~"):
            yield f"{folder.rstrip('/')}/{name}"


def _lines(host: Reader, path: str) -> Iterator[Line]:
    try:
        text = host.read(path, Identity.ROOT).decode(errors="replace") if path else ""
    except OSError:
        return
    start, parts = 1, list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        start = start if parts else number
        parts.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            yield Line(f"{path}:{start}", "".join(parts))
            parts = []
