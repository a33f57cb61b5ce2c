"""What the checkout's own functions say, with local.conf as it is."""

from wizard.facts.effective_values import read_back
from wizard.model.check import Code, NotYet, Result
from wizard.model.devstack import Devstack
from wizard.model.machine import Reader
from wizard.model.problem import Problem

WRITE_THE_BLOCK = "Let this program write its block into local.conf: devstack-venv --check --fix"


def answer(
    host: Reader, checkout: Devstack | None, local_conf: str, name: str
) -> str | NotYet | Result:
    """Return what the function of this name says, or why nobody could be asked."""
    if checkout is None:
        return NotYet("no DevStack here to ask", "there is a checkout")
    if not host.exists(local_conf):
        return NotYet(f"no {local_conf}", "the build has written it")
    said = read_back(host, local_conf=local_conf, checkout=checkout.directory, names=(name,))
    if isinstance(said, Problem):
        return Result(Code.FAILURE, f"{said.where}: {said.what}", said.cure)
    return said[name] or ""
