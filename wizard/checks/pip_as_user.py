"""Does DevStack install Python packages with the venv's pip, and as the user?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts.effective_values import PIP, read_back
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.devstack import Devstack
from wizard.model.foreign_text import harmless
from wizard.model.machine import Reader
from wizard.model.problem import Problem

_CLASH = "they meet files of the distribution, and the venv stays without them"
_ELSEWHERE = f"DevStack installs Python packages elsewhere than into the venv: {_CLASH}"
_WHERE = {
    "sudo": f"DevStack installs Python packages as root, into the system: {_CLASH}",
    "": "DevStack's pip_install gives up before it starts a pip, and names no venv",
}


@dataclass(frozen=True, slots=True)
class PipAsUser:
    """Runs the checkout's own ``pip_install``; only sudo, env and pip are stand-ins that tell."""

    local_conf: str
    checkout: Devstack | None
    venv: str

    id: ClassVar[str] = "pip-as-user"
    title: ClassVar[str] = "pip as user"

    def run(self, host: Reader) -> Verdict:
        """Look at the command that it would start."""
        if self.checkout is None:
            return NotYet("no DevStack here to ask", "there is a checkout")
        if not host.exists(self.local_conf):
            return NotYet(f"no {self.local_conf}", "the build has written it")
        if not host.exists(f"{self.venv}/bin"):
            return NotYet(f"DevStack asks whether {self.venv} is there", "the venv is built")
        said = read_back(
            host, local_conf=self.local_conf, checkout=self.checkout.directory, names=(PIP,)
        )
        if isinstance(said, Problem):
            return Result(Code.FAILURE, f"{said.where}: {said.what}", said.cure)
        return self._judged(said[PIP] or "")

    def _judged(self, command: str) -> Verdict:
        starter, *words = command.split() or [""]
        evidence = (f"pip_install starts: {harmless(command or 'nothing that can be seen')}",)
        pip = next((w for w in (starter, *words) if w.endswith(("/pip", "/pip3", "/python3"))), "")
        if starter != "sudo" and pip.startswith(f"{self.venv}/bin/"):
            return Result(Code.SUCCESS, f"DevStack uses {pip} without sudo", "", evidence)
        return Result(
            Code.FAILURE,
            _WHERE.get(starter, _ELSEWHERE),
            "Let this program write its block into local.conf: devstack-venv --check --fix",
            evidence,
        )
