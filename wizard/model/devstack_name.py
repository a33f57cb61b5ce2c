"""DevStack's own names of distributions, as its GetDistro makes them from os-release(5)."""

import re
from collections.abc import Callable, Mapping, Sequence

from wizard.model.distribution import Family

OsRelease = Mapping[str, str]
"""os-release(5) with lower-case keys, as the distro library gives it."""

_RHEL = ("rhel", "centos", "rocky", "almalinux", "ol", "scientific", "virtuozzo")
_FAMILIES = {
    Family.DEB: ("debian", "ubuntu"),
    Family.RPM: ("fedora", *_RHEL, "openeuler"),
    Family.SUSE: ("opensuse", "opensuse-leap", "opensuse-tumbleweed", "sles", "suse"),
}
FAMILY = {id_: family for family, ids in _FAMILIES.items() for id_ in ids}
"""The family of each distribution that others may say they are like."""

_DEBIAN_CODENAMES = {"11": "bullseye", "12": "bookworm", "13": "trixie", "14": "forky"}


def own(release: OsRelease) -> str:
    """Name a distribution that DevStack knows itself; "" for all others."""
    name = _OWN.get(release.get("id", "").lower())
    return name(release) if name else ""


def of_origin(release: OsRelease, origins: Sequence[str], debian_version: str) -> str:
    """Name what a derivative is made from, by what it says of itself; "" when it does not say.

    ``debian_version`` is /etc/debian_version, which most derivatives of Debian keep.
    """
    names = {
        "ubuntu": release.get("ubuntu_codename", ""),
        "debian": release.get("debian_codename") or _debian_codename(debian_version),
        **dict.fromkeys(("fedora", *_RHEL), _platform(release)),
    }
    return next((names[origin] for origin in origins if names.get(origin)), "")


def _codename(release: OsRelease) -> str:
    return release.get("version_codename") or release.get("codename", "")


def _version(release: OsRelease) -> str:
    return release.get("version_id", "")


def _major(release: OsRelease) -> str:
    return _version(release).partition(".")[0]


def _prefixed(prefix: str, number: Callable[[OsRelease], str]) -> Callable[[OsRelease], str]:
    return lambda release: f"{prefix}{number(release)}" if number(release) else ""


_OWN: Mapping[str, Callable[[OsRelease], str]] = {
    "debian": _codename,
    "ubuntu": _codename,
    "fedora": _prefixed("f", _version),
    **dict.fromkeys(_RHEL, _prefixed("rhel", _major)),
    "openeuler": _prefixed("openEuler-", _version),
    "opensuse-leap": _prefixed("opensuse-", _version),
    "opensuse-tumbleweed": lambda _: "opensuse-tumbleweed",
    "sles": _prefixed("sle", _major),
}
KNOWN = frozenset(_OWN)
"""The os-release IDs that DevStack knows, or once knew."""


def _debian_codename(version: str) -> str:
    return _DEBIAN_CODENAMES.get(version.strip().partition(".")[0], "")


def _platform(release: OsRelease) -> str:
    """Read PLATFORM_ID: packages are made for ``platform:el9``, ``platform:f41``."""
    platform = re.fullmatch(r"platform:(el|f)(\d+)", release.get("platform_id", ""))
    return "" if platform is None else f"{'rhel' if platform[1] == 'el' else 'f'}{platform[2]}"
