"""What servers answer on this host, and whether their processes run in the venv."""

import json
from dataclasses import dataclass

from wizard.model import shipped
from wizard.model.machine import Command, Identity, Reader

_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came from one address."""

    address: str
    status: int  # of HTTP; 0 when there was no answer
    error: str
    processes: int  # that hold files of the venv in memory
    examples: tuple[str, ...]  # such files, or those of another Python

    @property
    def is_well(self) -> bool:
        """Whether the application itself answered: 200, 300 with a choice, or 401."""
        return 0 < self.status < 500 and self.status != 404  # noqa: PLR2004 -- HTTP's own


def ask(host: Reader, venv: str, *addresses: str) -> tuple[Answer, ...]:
    """Ask each address for its front page. As root where we are root: maps tell more then."""
    if not addresses:
        return ()
    program = shipped.read("questions/servers.py").decode()
    identity = Identity.ROOT if host.is_root else Identity.STACK
    argv = (_python(host), "-I", "-B", "-c", program, venv, *addresses)
    said = host.run(Command(argv, identity, timeout=_SECONDS))
    try:
        answers = json.loads(said.text)
    except ValueError:
        error = said.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        return tuple(Answer(address, 0, error, 0, ()) for address in addresses)
    return tuple(Answer(**{**one, "examples": tuple(one["examples"])}) for one in answers)


def _python(host: Reader) -> str:
    return host.which("python3") or "python3"
