"""Where would DevStack look for the programs of its services?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts.effective_values import PREFIX, read_back
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.devstack import Devstack
from wizard.model.foreign_text import harmless
from wizard.model.machine import Reader
from wizard.model.problem import Problem


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
        if self.checkout is None:
            return NotYet("no DevStack here to ask", "there is a checkout")
        if not host.exists(self.local_conf):
            return NotYet(f"no {self.local_conf}", "the build has written it")
        said = read_back(
            host, local_conf=self.local_conf, checkout=self.checkout.directory, names=(PREFIX,)
        )
        if isinstance(said, Problem):
            return Result(Code.FAILURE, f"{said.where}: {said.what}", said.cure)
        return self._judged(said[PREFIX])

    def _judged(self, prefix: str | None) -> Verdict:
        wanted = f"{self.venv}/bin"
        evidence = (f"{PREFIX} prints {harmless(prefix or 'nothing')}",)
        if prefix == wanted:
            return Result(Code.SUCCESS, f"DevStack takes programs from {wanted}", "", evidence)
        return Result(
            Code.FAILURE,
            f"DevStack takes the programs of its services from {harmless(prefix or '?')} and not"
            f" from {wanted}: what pip puts into the venv is not found",
            "Let this program write its block into local.conf: devstack-venv --check --fix",
            evidence,
        )
