"""Where would DevStack look for the programs of its services?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.checks.devstack_answer import WRITE_THE_BLOCK, answer
from wizard.facts.effective_values import PREFIX
from wizard.model.check import Code, Result, Verdict
from wizard.model.devstack import Devstack
from wizard.model.foreign_text import harmless
from wizard.model.machine import Reader


@dataclass(frozen=True, slots=True)
class ExecPrefix:
    """Asks the checkout's own ``get_python_exec_prefix``, with local.conf as it is."""

    local_conf: str
    checkout: Devstack | None
    venv: str

    id: ClassVar[str] = "exec-prefix"
    title: ClassVar[str] = "exec prefix"

    def run(self, host: Reader) -> Verdict:
        """Compare what it prints with the venv's ``bin``."""
        said = answer(host, self.checkout, self.local_conf, PREFIX)
        return self._judged(said) if isinstance(said, str) else said

    def _judged(self, prefix: str) -> Verdict:
        wanted = f"{self.venv}/bin"
        evidence = (f"{PREFIX} prints {harmless(prefix or 'nothing')}",)
        if prefix == wanted:
            return Result(Code.SUCCESS, f"DevStack takes programs from {wanted}", "", evidence)
        return Result(
            Code.FAILURE,
            f"DevStack takes the programs of its services from {harmless(prefix or '?')} and not"
            f" from {wanted}: what pip puts into the venv is not found",
            WRITE_THE_BLOCK,
            evidence,
        )
