"""What the package index has: asked of uv, which resolves as it will when it installs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.machine import Command, Reader
from wizard.model.packages.package_index import PackageIndex as IndexSettings
from wizard.model.problem import Problem

_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)")
_CAUSE = re.compile(r"(?:Because |hint: )(.*?)(?:, we can conclude|\. And|$)", re.DOTALL)
_NETWORK = re.compile(
    r"Failed to fetch|error sending request|dns error|Could not connect|timed out"
)
_TREE = " \u00d7\u2570\u2500\u25b6\u2502\u251c"  # what uv draws its tree with
_PATIENCE = 60.0  # seconds for one resolution; 1 to 3 are usual


@dataclass(frozen=True, slots=True)
class PythonIndex:
    """Asks as the work's user, for the interpreter that the venv will have."""

    uv: str
    python: str
    settings: IndexSettings
    constraints: tuple[str, ...] = ()  # files and URLs

    def candidates(self, host: Reader, requirements: Sequence[str]) -> Mapping[str, str] | Problem:
        """Return the version that would be installed of each name.

        One query where all is well. What stops it is looked for by halves, so that one bad
        requirement hides no other.
        """
        if not requirements:
            return {}
        found = self._resolved(host, requirements)
        if not isinstance(found, Problem) or found.status is ExitStatus.HOST:
            return found
        if len(requirements) == 1:
            return {}
        half = len(requirements) // 2
        first = self.candidates(host, requirements[:half])
        second = self.candidates(host, requirements[half:])
        if isinstance(first, Problem) or isinstance(second, Problem):
            return first if isinstance(first, Problem) else second
        return {**first, **second}

    def version(self, host: Reader, requirement: str) -> str | Problem:
        """Return the version that a requirement resolves to, or why it does not."""
        found = self._resolved(host, (requirement,))
        if isinstance(found, Problem):
            return found
        return next(iter(found.values()), "a version of its own")

    def _resolved(self, host: Reader, requirements: Sequence[str]) -> Mapping[str, str] | Problem:
        said = host.run(self._command(requirements, keep=host.user.uid >= 0))
        if said.ok:
            pins = (_PINNED.match(line) for line in said.text.splitlines())
            return {canonicalize_name(pin[1]): pin[2] for pin in pins if pin}
        return explained(said.stderr.decode(errors="replace"), said.returncode)

    def _command(self, requirements: Sequence[str], *, keep: bool) -> Command:
        options = ("--no-deps", "--no-header", "--no-annotate", "--system-certs", "--no-config")
        cache = () if keep else ("--no-cache",)
        addresses = [file for file in self.constraints if "://" in file]
        limits = tuple(w for f in self.constraints if f not in addresses for w in ("-c", f))
        where = ("--python", self.python)
        argv = (self.uv, "pip", "compile", *options, *cache, *limits, *where, "-q", "-")
        text = "".join(f"{requirement}\n" for requirement in requirements)
        env = {"NO_COLOR": "1", "UV_PYTHON_DOWNLOADS": "never", **self.settings.for_uv()}
        if addresses:  # with a password, maybe: everybody may read a command line
            env["UV_CONSTRAINT"] = " ".join(addresses)
        return Command(argv, env=env, input=text.encode(), timeout=_PATIENCE)


def explained(complaint: str, status: int) -> Problem:
    """Make one sentence of what uv says, which comes in a tree of several lines."""
    if _NETWORK.search(complaint) or status in (124, 127) or status < 0:
        cure = "Look at the network, and at the index that pip's configuration names"
        return Problem("the package index cannot be reached", cure=cure, status=ExitStatus.HOST)
    lines = (line.strip(_TREE) for line in complaint.splitlines())
    plain = harmless(" ".join(" ".join(lines).split()))
    cause = _CAUSE.search(plain.partition("No solution found")[2])
    what = cause[1] if cause else plain.removeprefix("error: ") or f"uv ended with status {status}"
    return Problem(what.rstrip("."), status=ExitStatus.ANSWERS)
