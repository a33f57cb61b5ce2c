"""What a virtual environment is made from."""

import hashlib
import json
import re
from dataclasses import dataclass

OURS = ".devstack-venv"  # our folder inside the venv; its presence says that we made the venv
BEGUN = f".{OURS}.made.devstack-venv~"  # what that is called until it has its mode and owner
MARKS = frozenset({OURS, BEGUN})  # a build that was killed early has only one of them
MARKER = f"{OURS}/complete.json"  # written last; its presence says that the venv is complete
BUILD_CONSTRAINTS = f"{OURS}/build-constraints.txt"
READ_BY_PIP = ("PIP_BUILD_CONSTRAINT", "PIP_CONSTRAINT")  # for what it builds: since 25.3, before
_SETUPTOOLS = re.compile(r"setuptools\s*[<>=!~]")


@dataclass(frozen=True, slots=True)
class Tools:
    """Where the programs that build are, inside the system acted on; the user can reach both."""

    uv: str
    library: str  # a folder for PYTHONPATH that holds virtualenv and what it imports


@dataclass(frozen=True, slots=True)
class Recipe:
    """Decides what ends up in the venv: the same recipe gives the same venv.

    ``requirements`` and ``constraints`` are texts in requirements format.
    """

    path: str
    python: str  # the distribution's own interpreter
    system_site_packages: bool
    requirements: str
    constraints: str
    installer: str = "uv"  # how, not what: does not count as an input
    offered: bool = False  # the constraints are DevStack's, and nobody asked for them

    @property
    def inputs(self) -> str:
        """A hash of everything that decides the content.

        Constraints that DevStack offers do not count: it rewrites them in each run, and holds
        whatever it installs to them itself.
        """
        constraints = "" if self.offered else self.constraints
        parts = (self.python, self.system_site_packages, self.requirements, constraints)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @property
    def bin_python(self) -> str:
        """The venv's interpreter."""
        return f"{self.path}/bin/python"

    @property
    def requirements_file(self) -> str:
        """Where the venv keeps the requirements it was made from."""
        return f"{self.path}/{OURS}/requirements.txt"

    @property
    def constraints_file(self) -> str:
        """Where the venv keeps the constraints it was made under."""
        return f"{self.path}/{OURS}/constraints.txt"

    @property
    def build_constraints(self) -> str:
        """What of the requirements also holds where packages are built: setuptools' version."""
        lines = self.requirements.splitlines(keepends=True)
        return "".join(line for line in lines if _SETUPTOOLS.match(line))

    @property
    def build_constraints_file(self) -> str:
        """Where the venv keeps them."""
        return f"{self.path}/{BUILD_CONSTRAINTS}"

    @property
    def marker(self) -> str:
        """Where the venv says that it is complete."""
        return f"{self.path}/{MARKER}"

    @property
    def aside(self) -> str:
        """Where an older venv waits while a new one is built in its place."""
        parent, _, name = self.path.rpartition("/")
        return f"{parent}/.{name}.before"
