"""Where this host's package index is set: in the words of a finding in place of uv's variable."""

from collections.abc import Iterable
from dataclasses import dataclass

from wizard.model.diagnosis.log_line import Line
from wizard.model.packages.package_index import PackageIndex

_VARIABLE = "UV_DEFAULT_INDEX"  # which the build itself sets, from what it found on the host


@dataclass(frozen=True, slots=True)
class IndexSetting:
    """What to call the setting, and what is said of it where a line names the index."""

    name: str = _VARIABLE
    remark: str = ""
    commands: tuple[str, ...] = ()

    def named(self, text: str) -> str:
        """Return a rule's words with the setting that counts here."""
        return text.replace(_VARIABLE, self.name)


def index_setting(index: PackageIndex | None, lines: Iterable[Line]) -> IndexSetting:
    """Return it for an index that somebody set; the rules' own words hold for the usual one."""
    if index is None or not index.source:
        return IndexSetting()
    is_file = index.source.startswith("/")
    name = f"index-url in {index.source}" if is_file else index.source
    if not any(index.url.rstrip("/") in line.text for line in lines):
        return IndexSetting(name)
    look = f"grep -n index-url {index.source}" if is_file else f"echo ${index.source}"
    return IndexSetting(name, f" That index is set by {name}.", (look,))
