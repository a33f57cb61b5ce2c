"""A Linux distribution as DevStack sees it."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Which package lists and which package manager: the folders under ``files/``."""

    DEB = "debs"
    RPM = "rpms"
    SUSE = "rpms-suse"

    @property
    def package_manager(self) -> str:
        """The command that installs packages."""
        return {Family.DEB: "apt-get", Family.RPM: "dnf", Family.SUSE: "zypper"}[self]


@dataclass(frozen=True, slots=True)
class Distribution:
    """What os-release says, and DevStack's own name for it (GetDistro in functions-common)."""

    id: str  # os-release ID: debian, ubuntu, rocky, ...
    version: str  # os-release VERSION_ID: 12, 24.04, 9.4
    title: str  # for a person: "Debian GNU/Linux 12 (bookworm)"
    family: Family
    devstack_name: str  # bookworm, noble, rhel9, ...
