"""Which Linux distribution the host is, and what DevStack calls it."""

import os
import re
from collections.abc import Iterator, Sequence

import distro

from wizard.model.devstack_name import FAMILY, KNOWN, OsRelease, of_origin, own
from wizard.model.distribution import Distribution
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader
from wizard.model.problem import Problem

_FILES = ("/etc/os-release", "/usr/lib/os-release")  # the order of os-release(5)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def detect(host: Reader, like: str = "", devstack_name: str = "") -> Distribution | Problem:
    """Say what the host is.

    ``like`` (an os-release ID such as ``debian``) and ``devstack_name`` (such as ``bookworm``) are
    a person's word for a distribution that this program does not know; they win.
    """
    release = _wrong_words(like, devstack_name) or _os_release(host)
    if isinstance(release, Problem):
        return release
    origins = _origins(release, like)
    family = next((FAMILY[origin] for origin in origins if origin in FAMILY), None)
    name = devstack_name or (not like and own(release))
    name = name or of_origin(release, origins, _debian_version(host))
    if family is None or not name:
        return _unknown(release)
    id_, version = release.get("id", "linux"), release.get("version_id", "")
    return Distribution(id_, version, _title(release), family, name)


def known_to_devstack(distribution: Distribution) -> bool:
    """Whether DevStack knows the distribution by itself; on derivatives its stack.sh gives up."""
    return distribution.id.lower() in KNOWN


def supported(name: str, supported_by_checkout: Sequence[str]) -> bool:
    """Whether a checkout's list of tested distributions has this one.

    DevStack searches its list's items anywhere in the name, so this does, too.
    """
    return any(item in name for item in supported_by_checkout)


def _os_release(host: Reader) -> OsRelease | Problem:
    path, content = next(_readable(host), (_FILES[0], None))
    if content is None:
        return Problem(
            "there is no os-release file, so nothing says which distribution this is",
            where=path,
            cure="It belongs to the base system of every current distribution: reinstall that.",
            status=ExitStatus.HOST,
        )
    try:
        return _parse(content)
    except ValueError as error:
        return Problem(
            f"this cannot be read as os-release(5): {error}",
            where=path,
            cure="Mend it: each line is NAME=value or NAME='value'.",
            status=ExitStatus.HOST,
        )


def _readable(host: Reader) -> Iterator[tuple[str, bytes]]:
    for path in _FILES:
        try:
            yield path, host.read(path)
        except OSError:
            continue


def _parse(content: bytes) -> OsRelease:
    """Let the distro library parse text that may come from another root than ours."""
    memory = os.memfd_create("os-release")
    try:
        os.write(memory, content.decode(errors="replace").encode())
        os.lseek(memory, 0, os.SEEK_SET)
        path = f"/proc/self/fd/{memory}"
        return distro.LinuxDistribution(include_lsb=False, os_release_file=path).os_release_info()
    finally:
        os.close(memory)


def _origins(release: OsRelease, like: str) -> tuple[str, ...]:
    """List what the distribution is or is like, nearest first."""
    words = (like,) if like else (release.get("id", ""), *release.get("id_like", "").split())
    return tuple(word.lower() for word in words)


def _debian_version(host: Reader) -> str:
    try:
        return host.read("/etc/debian_version").decode(errors="replace")
    except OSError:
        return ""


def _title(release: OsRelease) -> str:
    name = release.get("pretty_name") or release.get("name") or release.get("id") or "Linux"
    codename = release.get("version_codename", "")
    return name if not codename or codename in name.lower() else f"{name} ({codename})"


def _wrong_words(like: str, devstack_name: str) -> Problem | None:
    if like and like.lower() not in FAMILY:
        return Problem(
            f"like = {like!r} is not a distribution that this program knows",
            cure=f"Use one of {', '.join(FAMILY)}.",
            status=ExitStatus.ANSWERS,
        )
    if devstack_name and not _NAME.fullmatch(devstack_name):
        return Problem(
            f"devstack_name = {devstack_name!r} is not a name such as bookworm, noble or rhel9",
            cure="Use the name that DevStack's stack.sh has in SUPPORTED_DISTROS.",
            status=ExitStatus.ANSWERS,
        )
    return None


def _unknown(release: OsRelease) -> Problem:
    keys = ("id", "id_like", "version_id", "version_codename")
    found = ", ".join(f"{key.upper()}={release[key]}" for key in keys if release.get(key))
    return Problem(
        f"{_title(release)} is not a distribution that this program knows ({found})",
        where="/etc/os-release",
        cure="If it works like one that DevStack knows, say so in the answers file, below [host]: "
        'like = "debian" and devstack_name = "bookworm" (or what fits).',
        status=ExitStatus.HOST,
    )
