"""One requirement: what a person may write, and what an installer gets to read.

An installer reads its requirement file line by line and a line may hold options, so no text goes
there as it was written: it is parsed, refused where it could mean something else, and rendered.
"""

import posixpath
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed
from packaging.utils import canonicalize_name

from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

LONGEST_NAME = 100

SAFE_SCHEMES = frozenset({"https", "git+https", "git+ssh"})
_FILE_SCHEMES = SAFE_SCHEMES | {"http", "file", "git+http", "git+file"}
_OTHER_MEANINGS = (
    (re.compile(r"^-"), "it is an option"),
    (re.compile(r"\s--"), "options of a requirement are not supported"),
    (re.compile(r"\$"), "variables are not expanded here"),
    (re.compile(r"[\\`]"), "it has a backslash or a backquote"),
    (
        re.compile(r"^(?:[a-z+]+://|git@)", re.IGNORECASE),
        "a URL needs the package's name before it: NAME @ URL",
    ),
    (
        re.compile(r"^(?:[./~]|[^@;]*/|[^@;]*\.(?:whl|zip|tar\.gz)\s*(?:;|$))"),
        "it is a path; -e PATH or NAME @ file://PATH can stand in a requirements file",
    ),
)
_EDITABLE_TARGET = re.compile(r"[A-Za-z0-9._/][A-Za-z0-9._/~+@:=%#&,\[\]-]*")
_EGG = re.compile(r"#(?:.*&)?egg=([A-Za-z0-9._-]+)")


class Kind(StrEnum):
    """Where a requirement comes from."""

    INDEX = "index"
    URL = "url"
    EDITABLE = "editable"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement that is safe to render.

    ``name`` is canonical, "" for an editable that does not say its name; ``text`` is one line as
    an installer reads it; ``source`` is ``file:line`` or words such as ``command line``.
    """

    name: str
    text: str
    source: str
    kind: Kind = Kind.INDEX
    comment: str = ""

    @property
    def parsed(self) -> Parsed:
        """Its parts, for anything but an editable."""
        return Parsed(self.text)

    @property
    def needs_git(self) -> bool:
        """Whether an installer calls git for it."""
        return "git+" in self.text


def from_argument(
    text: str, source: str, status: ExitStatus = ExitStatus.USAGE
) -> Requirement | Problem:
    """Read a requirement from the command line or the answers.

    Names with extras, specifiers and markers, and ``NAME @ https://...``; no options, no bare
    URLs, no paths: those belong into a requirements file, which a person can look at.
    """
    found = _named(text.strip(), source, "", SAFE_SCHEMES) if text.strip() else "it is empty"
    if isinstance(found, Requirement):
        return found
    return Problem(f"{_shown(text)} is not a requirement: {found}", source, status=status)


def from_line(text: str, source: str, comment: str = "") -> Requirement | Problem:
    """Read a requirement from a line of a requirements file, its comment cut off."""
    found = _named(text, source, comment, _FILE_SCHEMES)
    if isinstance(found, Requirement):
        return found
    what = f"{_shown(text)} is not a requirement: {found}"
    return Problem(what, source, status=ExitStatus.ANSWERS)


def editable(target: str, folder: str, source: str, comment: str = "") -> Requirement | Problem:
    """Read what stands behind ``-e``: a folder, relative to that of the file, or a git URL."""
    if not _EDITABLE_TARGET.fullmatch(target):
        what = f"{_shown(target)} can't be installed as editable: it is no plain path or git URL"
        return Problem(what, source, status=ExitStatus.ANSWERS)
    if "://" in target:
        if urlsplit(target).scheme not in _FILE_SCHEMES:
            what = f"{_shown(target)} is neither a git URL nor a file URL"
            return Problem(what, source, status=ExitStatus.ANSWERS)
    elif not target.startswith("/"):
        target = posixpath.normpath(posixpath.join(folder, target))
    egg = _EGG.search(target)
    name = canonicalize_name(egg[1]) if egg else ""
    return Requirement(name, f"-e {target}", source, Kind.EDITABLE, comment)


def _named(text: str, source: str, comment: str, schemes: frozenset[str]) -> Requirement | str:
    """Return the requirement, or why it is none."""
    if reason := _foreign_character(text) or _other_meaning(text):
        return reason
    try:
        parsed = Parsed(text)
    except InvalidRequirement as error:
        return str(error).partition("\n")[0].lower()
    if len(parsed.name) > LONGEST_NAME:
        return f"its name is longer than {LONGEST_NAME} characters"
    if parsed.specifier.is_unsatisfiable():
        return "no version can ever match"
    if parsed.url is not None and (reason := _bad_url(parsed.url, schemes)):
        return reason
    kind = Kind.URL if parsed.url else Kind.INDEX
    return Requirement(canonicalize_name(parsed.name), str(parsed), source, kind, comment)


def _foreign_character(text: str) -> str | None:
    for character in text:
        if character in "\n\r" or not character.isprintable():
            return f"it has a control character (U+{ord(character):04X})"
        if not character.isascii():
            name = unicodedata.name(character, "unnamed")
            return f"it has a character outside ASCII (U+{ord(character):04X}, {name})"
    return None


def _other_meaning(text: str) -> str | None:
    """Return what an installer or a shell would make of it, None for nothing else."""
    found = (why for pattern, why in _OTHER_MEANINGS if pattern.search(text))
    return next(found, None)


def _bad_url(url: str, schemes: frozenset[str]) -> str | None:
    scheme = urlsplit(url).scheme
    if scheme in schemes:
        return None
    return f"a URL may start with {', '.join(sorted(schemes))} here, not with {scheme or url}"


def _shown(text: str) -> str:
    return ascii(text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}...")
