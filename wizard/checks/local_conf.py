"""Does DevStack get from local.conf what the user asked for?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts.effective_values import PREFIX, deciding_line, last_line, read_back
from wizard.model.check import Code, Result
from wizard.model.devstack import Devstack, Kind
from wizard.model.foreign_text import harmless
from wizard.model.machine import Reader
from wizard.model.problem import Problem

# the kinds of which we know how they come to one environment for everything
_MODES = "SHELLOPTS"  # bash's own list of the modes that are on
_ACTS = (Kind.GLOBAL, Kind.BLOG, Kind.PER_PROJECT, Kind.NONE)


@dataclass(frozen=True, slots=True)
class LocalConfCheck:
    """Reads local.conf the way DevStack does and compares the values with what is wanted."""

    id: ClassVar[str] = "local-conf"
    title: ClassVar[str] = "local.conf"

    path: str
    checkout: Devstack | None
    use: bool
    venv_path: str

    def run(self, host: Reader) -> Result:
        """Compare."""
        wanted = self.wanted()
        found = read_back(
            host,
            local_conf=self.path,
            checkout=self.checkout.directory if self.checkout else None,
            names=tuple({**wanted, PREFIX: "", _MODES: ""}),
        )
        if isinstance(found, Problem):
            cure = found.cure or "Write it: devstack-venv --auto"
            return Result(Code.FAILURE, f"{found.where}: {found.what}", cure)
        if wrong := {name: found[name] for name in wanted if found[name] != wanted[name]}:
            return self._stopped(host, tuple(wrong)) or self._wrong(host, wrong)
        return self._strict(host, found[_MODES] or "") or self._right(found[PREFIX])

    def wanted(self) -> dict[str, str]:
        """Return the values that make this DevStack do what the user asked for."""
        use = str(self.use)
        kind = self.checkout.kind if self.checkout else None
        if kind is Kind.GLOBAL:
            values = {"GLOBAL_VENV": use, "USE_VENV": "False"}
            return values | ({"DEVSTACK_VENV": self.venv_path} | self._prefix if self.use else {})
        values = {"USE_VENV": "False" if kind is Kind.PER_PROJECT else use}
        if self.use:
            values |= {"VENV_PATH": self.venv_path}
        return values | (self._prefix if kind in _ACTS and self.use else {})

    @property
    def _prefix(self) -> dict[str, str]:
        return {PREFIX: f"{self.venv_path}/bin"}

    def _right(self, prefix: str | None) -> Result:
        if self.use and self._ignored_by_devstack(prefix):
            return Result(
                Code.WARNING,
                "USE_VENV and VENV_PATH are set, but this DevStack does not act on them as one"
                " environment for everything",
                "Use a release of DevStack, which this one is not",
                self.checkout.evidence if self.checkout else (),
            )
        what = f"DevStack uses {self.venv_path}" if self.use else "DevStack uses no environment"
        if self.checkout is None:
            what = f"USE_VENV is {self.use}, as a DevStack here would read it"
        return Result(Code.SUCCESS, what)

    def _ignored_by_devstack(self, prefix: str | None) -> bool:
        knows = self.checkout is None or self.checkout.kind in _ACTS
        return not knows and prefix != f"{self.venv_path}/bin"

    def _strict(self, host: Reader, modes: str) -> Result | None:
        """The values arrive, but after such settings the first trifle ends the rest of stack.sh."""
        if "posix" not in modes.split(":"):
            return None
        line = deciding_line(host.read(self.path), "POSIXLY_CORRECT")
        where = f"{self.path}:{line}" if line else self.path
        what = "puts bash into POSIX mode, in which our block and stack.sh end at the first trifle"
        cure = "Take POSIXLY_CORRECT and `set -o posix` out of [[local|localrc]]"
        return Result(Code.FAILURE, f"{where}: {what}", cure)

    def _stopped(self, host: Reader, names: tuple[str, ...]) -> Result | None:
        """Name the line at which bash leaves the section before it comes to what sets them."""
        text = host.read(self.path)
        lines = [line for name in names if (line := deciding_line(text, name))]
        checkout = self.checkout.directory if self.checkout else None
        reach = last_line(host, local_conf=self.path, checkout=checkout) if lines else None
        if reach is None or reach.line >= min(lines):
            return None
        what = "bash stops reading [[local|localrc]] here, so that nothing below it takes effect"
        where, low = f"{self.path}:{reach.line}", ", ".join(names)
        return Result(Code.FAILURE, f"{where}: {what}: {low}", "Take it out, or correct it")

    def _wrong(self, host: Reader, wrong: dict[str, str | None]) -> Result:
        names = ", ".join(wrong)
        evidence = tuple(self._explain(host, name, found) for name, found in wrong.items())
        cure = "Remove what sets it after the block of devstack-venv, or run devstack-venv --auto"
        if self.checkout and host.exists(f"{self.checkout.directory}/localrc"):
            localrc = f"{self.checkout.directory}/localrc"
            cure = f"Move what {localrc} says into {self.path}, and remove it"
            evidence = ("DevStack reads localrc and ignores local.conf while both exist", *evidence)
        details = f"DevStack would not get from {self.path} what is wanted: {names}"
        return Result(Code.FAILURE, details, cure, evidence)

    def _explain(self, host: Reader, name: str, found: str | None) -> str:
        line = deciding_line(host.read(self.path), name)
        where = f" by {self.path}:{line}" if line else ""
        is_now = "is not set" if found is None else f"is {harmless(repr(found))}{where}"
        return f"{name} {is_now}, wanted {self.wanted()[name]!r}"
