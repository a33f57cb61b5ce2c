"""Packs what is known of a run into one archive, and proves that no secret is in it."""

import io
import json
import os
import platform
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from wizard import __version__
from wizard.model.exit_status import ExitStatus
from wizard.model.known_secrets import spellings
from wizard.model.problem import Problem
from wizard.model.secret import Mask, Secret

KEPT = ("build.log", "events.jsonl", "run.json", "answers.toml", "journal.jsonl")
PARTS = {"plan.jsonl": ("planned", "setting"), "checks.jsonl": ("check_finished", "check_deferred")}
_PIECE = 1 << 20


def pack(folder: Path, target: Path, secrets: Iterable[Secret], versions: str) -> Problem | None:
    """Write the archive, for its owner's eyes only; nothing is left where that cannot be."""
    known = frozenset(text for secret in secrets for text in spellings(secret))
    mask = Mask(map(Secret, known))
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with tarfile.open(fileobj=file, mode="w:gz") as archive:
                for name, lines in _members(folder, versions):
                    _add(archive, f"{target.name.removesuffix('.tar.gz')}/{name}", lines, mask)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            if where := _first_secret(file, known):
                what = "a secret would be in the bundle; it was not written"
                return Problem(what, where, "This is a bug: please report it", ExitStatus.BUG)
        os.link(draft, target)  # never over something that is there
    except OSError as error:
        what = f"the bundle cannot be written: {error.strerror}"
        cure = "Move the old one away, or go to another folder"
        return Problem(what, str(target), cure, ExitStatus.NEEDS_PERSON)
    finally:
        draft.unlink(missing_ok=True)
    return None


def versions(os_release: str, installed: Iterable[str]) -> str:
    """Return what ran where, and what the venv holds."""
    head = (
        f"devstack-venv {__version__}",
        f"Python {platform.python_version()}",
        f"{platform.system()} {platform.release()} {platform.machine()}",
    )
    return "\n".join((*head, "", os_release, *sorted(installed), ""))


def installed(venv: Path) -> Iterator[str]:
    """Yield name and version of every package in a venv, as its metadata folders say."""
    for found in venv.glob("lib/python*/site-packages/*.dist-info"):
        name, _, version = found.name.removesuffix(".dist-info").rpartition("-")
        yield f"{name}=={version}"


def _members(folder: Path, versions_text: str) -> Iterator[tuple[str, Iterator[str]]]:
    for name in KEPT:
        if (folder / name).is_file():
            yield name, _lines(folder / name)
    for name, kinds in PARTS.items():
        yield name, _events(folder / "events.jsonl", kinds)
    yield "versions.txt", iter(versions_text.splitlines(keepends=True))


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace") as file:
        yield from file


def _events(path: Path, kinds: tuple[str, ...]) -> Iterator[str]:
    for line in _lines(path) if path.is_file() else ():
        try:
            record: Mapping[str, object] = json.loads(line)
        except ValueError:
            continue  # the engine was killed in the middle of it
        if record.get("event") in kinds:
            yield line


def _add(archive: tarfile.TarFile, name: str, lines: Iterator[str], mask: Mask) -> None:
    content = io.BytesIO()
    for line in lines:
        content.write(mask(line).encode(errors="replace"))
    info = tarfile.TarInfo(name)
    info.size, info.mode = content.tell(), 0o600
    content.seek(0)
    archive.addfile(info, content)


def _first_secret(file: io.BufferedRandom, known: Iterable[str]) -> str:
    """Read the archive as whoever gets it would; return where a secret is, "" if nowhere."""
    needles = tuple(text.encode() for text in known)
    longest = max(map(len, needles), default=0)
    with tarfile.open(fileobj=file, mode="r:gz") as archive:
        for member in archive:
            content, rest = archive.extractfile(member), b""
            while content is not None and (piece := content.read(_PIECE)):
                text = rest + piece
                if any(needle in text for needle in needles):
                    return member.name
                rest = text[-longest:]
    return ""
