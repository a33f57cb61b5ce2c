"""Does sudo find every program of rootwrap's where the venv has it?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import rootwrap, sudo
from wizard.facts.links import is_same_file
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.machine import Reader

_SHOWN = 4  # of many complaints
_GONE = "which is not there"
_NOT_ALLOWED = "a rule forbids it or asks for a password"


@dataclass(frozen=True, slots=True)
class RootwrapPath:
    """Asks sudo, as the stack user, which file it would run for each name."""

    venv: str

    id: ClassVar[str] = "rootwrap-path"
    title: ClassVar[str] = "rootwrap path"

    def run(self, host: Reader) -> Verdict:
        """Compare sudo's answers with the venv; a found script must have its interpreter, too."""
        names = rootwrap.programs(host, self.venv)
        if not names:
            return NotYet(
                "no program of the venv is one that services run by sudo",
                "nova, cinder or neutron is installed into it",
            )
        if not sudo.installed(host):
            return NotYet("sudo is not installed", "the distro packages are")
        if problem := sudo.refusal(host):
            return Result(Code.FAILURE, problem.what, problem.cure)
        complaints = tuple(filter(None, (self._complaint(host, name) for name in names)))
        if not complaints:
            return Result(Code.SUCCESS, f"sudo finds {', '.join(names)} in {self.venv}/bin")
        return Result(
            Code.FAILURE,
            "services that call these by sudo do not get the venv's: "
            + ", ".join(complaint.split(":")[0] for complaint in complaints),
            _cure(host, complaints),
            complaints[:_SHOWN],
        )

    def _complaint(self, host: Reader, name: str) -> str:
        wanted = f"{self.venv}/bin/{name}"
        found = sudo.resolves(host, name)
        if not found and f"{self.venv}/bin" in (sudo.effective_path(host) or ()):
            return f"{name}: {_NOT_ALLOWED}"
        if not found:
            return f"{name}: sudo says command not found"
        if not is_same_file(host, found, wanted):
            return f"{name}: sudo takes {found}"
        needs = rootwrap.interpreter(host, wanted)
        if needs and not host.exists(needs):
            return f"{name}: its first line names {needs}, {_GONE}"
        if name.endswith("-rootwrap") and sudo.starts(host, name):  # without a word it does nothing
            return f"{name}: {_NOT_ALLOWED}"
        return ""


def _cure(host: Reader, complaints: tuple[str, ...]) -> str:
    if all(complaint.endswith(_NOT_ALLOWED) for complaint in complaints):
        name = complaints[0].partition(":")[0]
        return (
            f"Take out the rule that says so; it is the last of: sudo -l -U {host.user.name} {name}"
        )
    if all(complaint.endswith(_GONE) for complaint in complaints):
        return "Have it installed again: devstack-venv --auto, or stack.sh where that installed it"
    return "Let this program add the venv to where sudo looks: devstack-venv --check --fix"
