"""Does a shell that sources openrc run the venv's Python, and can it still start stack.sh?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts.links import is_same_file
from wizard.facts.openrc import sourced
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.foreign_text import harmless
from wizard.model.machine import Reader
from wizard.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Openrc:
    """Sources it, with .stackenv and all, and asks the shell."""

    venv: str
    checkout: str  # "" for none

    id: ClassVar[str] = "openrc"
    title: ClassVar[str] = "openrc"

    def run(self, host: Reader) -> Verdict:
        """Compare what such a shell finds with the venv."""
        if not self.checkout:
            return NotYet("no DevStack here", "there is a checkout")
        if not host.exists(f"{self.checkout}/.stackenv"):
            return NotYet("openrc finds no .stackenv", "stack.sh has run")
        if not host.exists(f"{self.venv}/bin/python3"):
            return NotYet(f"no Python at {self.venv}", "the venv is built")
        said = sourced(host, self.checkout)
        if isinstance(said, Problem):
            return Result(Code.FAILURE, f"{said.where}: {said.what}", said.cure)
        evidence = tuple(f"{name}={harmless(said.get(name, ''))}" for name in _SHOWN)
        if said["VIRTUAL_ENV"]:
            return Result(
                Code.FAILURE,
                "a shell that sources openrc has VIRTUAL_ENV set, and stack.sh refuses to start"
                " in it",
                "Take the activation out of what openrc sources; meanwhile: deactivate",
                evidence,
            )
        return self._judged(host, said, evidence)

    def _judged(self, host: Reader, said: dict[str, str], evidence: tuple[str, ...]) -> Verdict:
        if said["prefix"] != self.venv:
            return _failure(
                f"a shell that sources openrc runs Python in {harmless(said['prefix'] or '?')} and"
                f" not in {self.venv}",
                evidence,
            )
        own = f"{self.venv}/bin/openstack"
        if not host.exists(own):
            return Result(
                Code.WARNING,
                f"the venv's Python is found; there is no openstack command in {self.venv}",
                "Install python-openstackclient into it: add it to the PyPI packages.",
                evidence,
            )
        if not said["openstack"] or not is_same_file(host, said["openstack"], own):
            found = harmless(said["openstack"] or "no openstack at all")
            return _failure(f"a shell that sources openrc finds {found} and not {own}", evidence)
        return Result(Code.SUCCESS, f"a shell that sources openrc runs {own}", "", evidence)


_SHOWN = ("python", "prefix", "openstack", "VIRTUAL_ENV")


def _failure(details: str, evidence: tuple[str, ...]) -> Result:
    cure = "Let this program put the venv on the PATH that openrc sets: devstack-venv --check --fix"
    return Result(Code.FAILURE, details, cure, evidence)
