"""Are sudo's files in order, and which line decides where it looks?"""

import re
from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import sudo
from wizard.facts.sudoers_files import last_secure_path
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.foreign_text import harmless
from wizard.model.machine import Command, Identity, Reader
from wizard.model.sudoers import FOLDER

_MODE = re.compile(r"([^:]*): bad permissions,.*")
_DISTRUSTED = re.compile(r" (/\S+) (?:cannot be|must be)")  # sudo-rs blames who includes it
_DEVSTACKS_OWN = "/etc/sudoers.d/zz-secure-path"  # 0400, which visudo does not like
_OTHERS_MAY_WRITE = 0o022  # such a file sudo leaves out; any other mode it only frowns at


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
        complaints = sorted(sudo.complaints(host))
        winner = last_secure_path(host, host.user.name)
        evidence = (f"{winner} sets secure_path for {host.user.name}",) if winner else ()
        frowned_at = {line for line in complaints if _is_read(host, line)}
        broken = [harmless(line) for line in complaints if line not in frowned_at]
        frowns = [harmless(line) for line in frowned_at if not line.startswith(_DEVSTACKS_OWN)]
        return _verdict(tuple(broken), tuple(frowns), evidence)


def _can_be_asked(host: Reader) -> bool:
    answer = host.run(Command(("visudo", "-c"), Identity.ROOT, timeout=20))
    said = answer.stdout + answer.stderr
    return b"/etc/sudoers" in said


def _is_read(host: Reader, complaint: str) -> bool:
    """Whether sudo reads the file all the same: it is only the mode, and nobody else may write."""
    match = _MODE.fullmatch(complaint)
    if match is None:
        return False
    mode = host.run(Command(("stat", "-L", "-c", "%a", "--", match[1]), Identity.ROOT)).text
    return bool(mode.strip()) and not int(mode, 8) & _OTHERS_MAY_WRITE


def _cure(where: str) -> str:
    if where == FOLDER:
        return f"As root: chown root:root {where}; chmod 0755 {where}"
    owned = f"sudo chown root:root {where}; sudo chmod 0440 {where}"
    return f"Mend it: sudo visudo -f {where}, then {owned}"


def _verdict(broken: tuple[str, ...], frowns: tuple[str, ...], evidence: tuple[str, ...]) -> Result:
    if broken:
        distrusted = _DISTRUSTED.search(broken[0])
        where = distrusted[1] if distrusted else broken[0].partition(":")[0]
        return Result(
            Code.FAILURE,
            f"sudo leaves out what it cannot read or trust: {broken[0]}",
            _cure(where),
            (*broken[1:], *evidence),
        )
    if frowns:
        cure = f"sudo chmod 0440 {frowns[0].partition(':')[0]}"
        return Result(Code.WARNING, frowns[0], cure, evidence)
    decides = f"; {evidence[0]}" if evidence else ""
    return Result(Code.SUCCESS, f"visudo has nothing to complain of{decides}", "", evidence)
