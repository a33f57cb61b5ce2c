"""What the user says: every answer is optional, None where nothing was said."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from wizard.model.distribution import Family

SCHEMA = 1


class Installer(StrEnum):
    """What puts the PyPI packages into the venv."""

    UV = "uv"
    PIP = "pip"


class Like(StrEnum):
    """What a distribution that nobody here knows is like."""

    DEBIAN = "debian"
    RHEL = "rhel"
    SUSE = "suse"

    @property
    def family(self) -> Family:
        """The package lists and the package manager that it uses."""
        return {Like.DEBIAN: Family.DEB, Like.RHEL: Family.RPM, Like.SUSE: Family.SUSE}[self]


@dataclass(frozen=True, slots=True)
class Generate:
    """A password that the build makes, unless local.conf has one already."""


@dataclass(frozen=True, slots=True)
class FromEnvironment:
    """A password that an environment variable holds."""

    name: str


@dataclass(frozen=True, slots=True)
class FromFile:
    """A password that a file holds."""

    path: str


Reference = Generate | FromEnvironment | FromFile
"""Where a password comes from: the answers never hold the password itself."""


@dataclass(frozen=True, slots=True)
class HostAnswers:
    """``[host]``: for a distribution that is not known."""

    like: Like | None = None
    devstack_name: str | None = None  # what GetDistro would say: bookworm, noble, rhel9, ...


@dataclass(frozen=True, slots=True)
class DevstackAnswers:
    """``[devstack]``."""

    directory: str | None = None  # "": no checkout, the build stands alone
    user: str | None = None


@dataclass(frozen=True, slots=True)
class VenvAnswers:
    """``[venv]``."""

    use: bool | None = None
    path: str | None = None
    python: str | None = None  # the interpreter under the venv
    system_site_packages: bool | None = None
    installer: Installer | None = None
    constraints: str | None = None  # a file or a URL


@dataclass(frozen=True, slots=True)
class PackageAnswers:
    """``[packages.distro]`` and ``[packages.pypi]``: changes to the lists, not the lists."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildAnswers:
    """``[build]``."""

    stack: bool | None = None  # run stack.sh after the build
    timeout_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """An answers file, table by table.

    ``places`` says where each answer stands (``FILE:LINE:COLUMN`` by dotted key), for messages.
    """

    host: HostAnswers = HostAnswers()
    devstack: DevstackAnswers = DevstackAnswers()
    venv: VenvAnswers = VenvAnswers()
    distro: PackageAnswers = PackageAnswers()
    pypi: PackageAnswers = PackageAnswers()
    build: BuildAnswers = BuildAnswers()
    local_conf: Mapping[str, str | Reference] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


def flat(answers: Answers) -> dict[str, Any]:
    """Return what was said by dotted key, as in ``venv.path``."""
    tables = (
        ("devstack", answers.devstack),
        ("venv", answers.venv),
        ("packages.distro", answers.distro),
        ("packages.pypi", answers.pypi),
        ("build", answers.build),
        ("host", answers.host),
    )
    said = {
        f"{table}.{item.name}": getattr(part, item.name)
        for table, part in tables
        for item in dataclasses.fields(part)
    }
    said |= {f"local_conf.{name}": value for name, value in answers.local_conf.items()}
    return {key: value for key, value in said.items() if value not in (None, ())}


def from_flat(said: Mapping[str, Any], places: Mapping[str, str] | None = None) -> Answers:
    """Return the answers that ``flat`` made this of."""

    def table(name: str) -> dict[str, Any]:
        return {
            key.removeprefix(f"{name}."): value
            for key, value in said.items()
            if key.startswith(f"{name}.")
        }

    return Answers(
        host=HostAnswers(**table("host")),
        devstack=DevstackAnswers(**table("devstack")),
        venv=VenvAnswers(**table("venv")),
        distro=PackageAnswers(**table("packages.distro")),
        pypi=PackageAnswers(**table("packages.pypi")),
        build=BuildAnswers(**table("build")),
        local_conf=table("local_conf"),
        places=places or {},
    )
