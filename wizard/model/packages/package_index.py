"""Which package index this host uses: pip's own settings, handed to uv as well.

pip reads ``PIP_INDEX_URL``, ``PIP_EXTRA_INDEX_URL`` and the ``index-url`` and ``extra-index-url``
of its configuration files (pip's documentation, "Configuration"); uv reads neither, so a host
with a mirror of its own would otherwise work with one and fail with the other.
"""

import configparser
from collections.abc import Mapping
from dataclasses import dataclass

PIP_FILES = ("/etc/pip.conf", "{home}/.pip/pip.conf", "{home}/.config/pip/pip.conf")


@dataclass(frozen=True, slots=True)
class PackageIndex:
    """Where packages come from; empty means the installers' own default."""

    url: str = ""
    extra: tuple[str, ...] = ()
    source: str = ""  # where ``url`` is set: a file or a variable of the environment

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


def effective(environ: Mapping[str, str], configurations: Mapping[str, str]) -> PackageIndex:
    """Return the index that pip would use; later files (path: text) win, the environment last."""
    url, extra, source = "", "", ""
    for path, text in configurations.items():
        here = _from_file(text)
        url, source = (here[0], path) if here[0] else (url, source)
        extra = here[1] or extra
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
        url, source = (environ[name], name) if environ.get(name) else (url, source)
    extra = environ.get("UV_INDEX") or environ.get("PIP_EXTRA_INDEX_URL") or extra
    return PackageIndex(url.strip(), tuple(extra.split()), source)


def _from_file(text: str) -> tuple[str, str]:
    """Return the index and the further ones that a file sets, "" for none."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    url, extra = "", ""
    try:
        parser.read_string(text)
    except configparser.Error:
        return url, extra  # pip itself will say what is wrong with it
    for section in ("global", "install"):
        url = parser.get(section, "index-url", fallback=url) or url
        extra = parser.get(section, "extra-index-url", fallback=extra) or extra
    return url, extra
