"""Diagnoses a log, however long: a file or a pipe, read piece by piece."""

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from wizard.engine.curing_use import CureUse, Obstacle
from wizard.engine.index_setting import index_setting
from wizard.engine.read_only import read_only_mount
from wizard.facts.providers import install_command, likely, provider, search_command
from wizard.model.diagnosis.clue import Clues
from wizard.model.diagnosis.diagnosis import Found, Scan
from wizard.model.diagnosis.log_line import Line
from wizard.model.diagnosis.rule import Automatic, Ending, Missing
from wizard.model.diagnosis.suspects import Suspects
from wizard.model.diagnosis.wording import filled
from wizard.model.distribution import Distribution, Family
from wizard.model.events import Finding
from wizard.model.machine import Reader
from wizard.model.packages.package_index import PackageIndex

PIECE = 1 << 20  # bytes read at once
_GZIP = b"\x1f\x8b"
_ELLIPSIS = 400  # characters shown of one line of evidence
_NO_PACKAGE = "No list that this host has says which package that is."
_NOT_OURS = "It is outside of the venv, and who owns a folder is its owner's decision."


def read(log: BinaryIO, clues: Clues) -> Scan:
    """Read a log to its end; packed ones are unpacked. Raises OSError."""
    scan = Scan(clues)
    for lines in _pieces(_unpacked(log)):
        scan.feed(lines)
    return scan


def suspicious(log: BinaryIO, endings: Iterable[Ending]) -> Sequence[Line]:
    """Read a log once more, for what looks like an error. Raises OSError."""
    log.seek(0)
    suspects = Suspects(endings)
    for lines in _pieces(_unpacked(log)):
        suspects.feed(lines)
    return suspects.found()


def _unpacked(log: BinaryIO) -> BinaryIO:
    if isinstance(log, io.BufferedReader | io.BufferedRandom) and log.peek(2)[:2] == _GZIP:
        return cast("BinaryIO", gzip.GzipFile(fileobj=log))
    return log


def _pieces(log: BinaryIO) -> Iterator[bytes]:
    """Yield whole lines, about PIECE bytes at once; a line without end is cut."""
    rest = b""
    while piece := _next(log):
        whole, newline, rest = (rest + piece).rpartition(b"\n")
        if newline:
            yield whole + newline
        elif len(rest) > PIECE:
            yield rest + b"\n"
            rest = b""
    if rest:
        yield rest + b"\n"


def _next(log: BinaryIO) -> bytes:
    try:
        return log.read(PIECE)
    except (EOFError, zlib.error):  # a packed log that was cut off: what came so far counts
        return b""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Turns what was found into what a person reads, with the packages of this host."""

    host: Reader | None = None
    distribution: Distribution | None = None
    series: str = ""  # of the DevStack at hand, where it is known
    venv: str = ""  # the one that is built
    use: CureUse | None = None  # of cures on this host, where one can be offered
    index: PackageIndex | None = None  # the one that the build uses

    def finding(self, found: Found, step: str = "", likeliest: Line | None = None) -> Finding:
        """Fill in the words of a rule; ``likeliest`` is what looks most like its reason."""
        missing = found.rule.lacks(found.captures)
        package = self.package(missing) if missing else ""
        words = {**found.captures, **self._words(missing, package)}
        cure = found.rule.cure
        obstacle = self._obstacle(found, missing, package)
        commands = [command.format_map(words).strip() for command in cure.commands]
        if obstacle and obstacle.commands:
            commands = list(obstacle.commands)
        cause = (obstacle and obstacle.cause) or filled(found.rule.cause, words)
        setting = index_setting(self.index, found.lines)
        mount, look = read_only_mount(self.host, found) if self.host and self.use else ("", ())
        return Finding(
            id=found.rule.id,
            what=(obstacle and obstacle.what) or filled(found.rule.what, words),
            cure=(obstacle and obstacle.cure) or setting.named(filled(cure.text, words)),
            line=found.line,
            cause=cause + setting.remark + mount + _hint(likeliest),
            evidence=tuple(map(_quoted, (*found.lines, *((likeliest,) if likeliest else ())))),
            commands=tuple(filter(None, (*look, *commands, *setting.commands))),
            automatic=() if obstacle else cure.steps,
            manual=obstacle.why if obstacle else filled(cure.manual, words),
            confidence=found.rule.confidence,
            role=found.role,
            step=step,
            package=package,
        )

    def package(self, missing: Missing) -> str:
        """Return the distro package that has it on this host, "" where nobody knows."""
        if self.distribution is None:
            return ""
        family = self.distribution.family
        if self.host is None:
            return next(iter(likely(family, missing)), "")
        return provider(self.host, family, missing) or ""

    def _obstacle(self, found: Found, missing: Missing | None, package: str) -> Obstacle | None:
        """Say why the steps of a rule would be of no use here, None where they may be."""
        steps = found.rule.cure.steps
        if Automatic.ADD_PACKAGE in steps and missing and not package:
            return (self.use and self.use.deleted(missing)) or Obstacle(_NO_PACKAGE)
        path = found.captures.get("file") or found.captures.get("folder") or self.venv
        is_outside = self.venv and not f"{path}/".startswith(f"{self.venv}/")
        if Automatic.OWN_VENV in steps and is_outside:
            return Obstacle(_NOT_OURS)
        return self.use.obstacle(found.rule, missing, package) if self.use else None

    def _words(self, missing: Missing | None, package: str) -> Mapping[str, str]:
        if missing is None or package:
            family = self.distribution.family if self.distribution else Family.DEB
            return {"package": package, "install": install_command(family, package)}
        names = [f"{next(iter(likely(family, missing)), '')}" for family in Family]
        known = " or ".join(dict.fromkeys(filter(None, names)))
        package = known if known and not self.distribution else ""
        words = package or f"the distro package that has {missing.name}"
        host = self.distribution
        return {"package": words, "install": search_command(host.family, missing) if host else ""}


def _hint(likeliest: Line | None) -> str:
    return f" The likeliest reason is line {likeliest.number} of the log." if likeliest else ""


def _quoted(line: Line) -> str:
    return f"{line.number}: {line.text.strip()[:_ELLIPSIS]}"
