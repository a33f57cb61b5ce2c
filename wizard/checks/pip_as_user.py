"""Does DevStack install Python packages with the venv's pip, and as the user?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.checks.devstack_answer import WRITE_THE_BLOCK, answer
from wizard.facts.effective_values import PIP
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.devstack import Devstack
from wizard.model.foreign_text import harmless
from wizard.model.machine import Reader

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
        if self.checkout and not host.exists(f"{self.venv}/bin"):
            return NotYet(f"DevStack asks whether {self.venv} is there", "the venv is built")
        said = answer(host, self.checkout, self.local_conf, PIP)
        return self._judged(said) if isinstance(said, str) else said

    def _judged(self, command: str) -> Verdict:
        starter, *words = command.split() or [""]
        evidence = (f"pip_install starts: {harmless(command or 'nothing that can be seen')}",)
        pip = next((w for w in (starter, *words) if w.endswith(("/pip", "/pip3", "/python3"))), "")
        if starter != "sudo" and pip.startswith(f"{self.venv}/bin/"):
            return Result(Code.SUCCESS, f"DevStack uses {pip} without sudo", "", evidence)
        return Result(
            Code.FAILURE,
            _WHERE.get(starter, _ELSEWHERE),
            WRITE_THE_BLOCK,
            evidence,
        )
