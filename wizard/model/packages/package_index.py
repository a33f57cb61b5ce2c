"""Which package index this host uses: pip's own settings, handed to uv as well.

pip reads ``PIP_INDEX_URL``, ``PIP_EXTRA_INDEX_URL`` and the ``index-url`` and ``extra-index-url``
of its configuration files (pip's documentation, "Configuration"); uv reads neither, so a host
with a mirror of its own would otherwise work with one and fail with the other.
"""

import configparser
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PIP_FILES = ("/etc/pip.conf", "{home}/.pip/pip.conf", "{home}/.config/pip/pip.conf")


@dataclass(frozen=True, slots=True)
class PackageIndex:
    """Where packages come from; empty means the installers' own default."""

    url: str = ""
    extra: tuple[str, ...] = ()

    def for_uv(self) -> Mapping[str, str]:
        """Return the variables that make uv see what pip sees, all indexes being equal."""
        env: dict[str, str] = {}
        if self.url:
            env["UV_DEFAULT_INDEX"] = self.url
        if self.extra:
            env["UV_INDEX"] = " ".join(self.extra)
            env["UV_INDEX_STRATEGY"] = "unsafe-best-match"
        return env

    def for_pip(self) -> Mapping[str, str]:
        """Return the variables for pip; they only repeat what its files say."""
        env: dict[str, str] = {}
        if self.url:
            env["PIP_INDEX_URL"] = self.url
        if self.extra:
            env["PIP_EXTRA_INDEX_URL"] = " ".join(self.extra)
        return env


def effective(environ: Mapping[str, str], configurations: Iterable[str]) -> PackageIndex:
    """Return the index that pip would use; later configuration texts win, the environment last."""
    url, extra = "", ""
    for text in configurations:
        url, extra = _from_file(text, url, extra)
    url = environ.get("UV_DEFAULT_INDEX") or environ.get("PIP_INDEX_URL") or url
    extra = environ.get("UV_INDEX") or environ.get("PIP_EXTRA_INDEX_URL") or extra
    return PackageIndex(url.strip(), tuple(extra.split()))


def _from_file(text: str, url: str, extra: str) -> tuple[str, str]:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.Error:
        return url, extra  # pip itself will say what is wrong with it
    for section in ("global", "install"):
        url = parser.get(section, "index-url", fallback=url) or url
        extra = parser.get(section, "extra-index-url", fallback=extra) or extra
    return url, extra
