"""Are sudo's files in order, and which line decides where it looks?"""

import re
from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import sudo
from wizard.facts.sudoers_files import last_secure_path
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.foreign_text import harmless
from wizard.model.machine import Command, Identity, Reader

# DevStack writes this file itself, and with a mode that visudo does not like
_DEVSTACKS_OWN = re.compile(r"/etc/sudoers\.d/zz-secure-path: bad permissions,.*0440.*")
_HARMLESS = re.compile(r"[^:]*: bad permissions,.*")  # sudo reads such a file all the same


@dataclass(frozen=True, slots=True)
class SudoersHealthy:
    """Asks visudo about every file, and names the line that sets secure_path last."""

    id: ClassVar[str] = "sudoers-files"
    title: ClassVar[str] = "sudoers files"

    def run(self, host: Reader) -> Verdict:
        """Leave out the complaint that DevStack causes on every host."""
        if not sudo.installed(host):
            return NotYet("sudo is not installed", "the distro packages are")
        if not _can_be_asked(host):
            problem = sudo.missing_rule(host.user.name)
            return Result(Code.FAILURE, "visudo may not be asked", problem.cure)
        complaints = sorted(
            line for line in sudo.complaints(host) if not _DEVSTACKS_OWN.fullmatch(line)
        )
        winner = last_secure_path(host, host.user.name)
        evidence = (f"{winner} sets secure_path for {host.user.name}",) if winner else ()
        return _verdict(tuple(map(harmless, complaints)), evidence)


def _can_be_asked(host: Reader) -> bool:
    answer = host.run(Command(("visudo", "-c"), Identity.ROOT, timeout=20))
    said = answer.stdout + answer.stderr
    return b"/etc/sudoers" in said


def _verdict(complaints: tuple[str, ...], evidence: tuple[str, ...]) -> Result:
    broken = tuple(line for line in complaints if not _HARMLESS.fullmatch(line))
    if broken:
        where = broken[0].partition(": ")[0]
        return Result(
            Code.FAILURE,
            f"sudo leaves out what it cannot read or trust: {broken[0]}",
            f"Mend it: sudo visudo -f {where.partition(':')[0]}",
            (*broken[1:], *evidence),
        )
    if complaints:
        where = complaints[0].partition(":")[0]
        return Result(Code.WARNING, complaints[0], f"sudo chmod 0440 {where}", evidence)
    decides = f"; {evidence[0]}" if evidence else ""
    return Result(Code.SUCCESS, f"visudo has nothing to complain of{decides}", "", evidence)
