"""Does rootwrap, as services call it, run what it should and refuse what it should not?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import rootwrap, sudo
from wizard.facts.links import is_same_file
from wizard.facts.rootwrap import Rootwrap
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.foreign_text import harmless
from wizard.model.machine import Completed, Reader

_REFUSED, _BAD_CONFIGURATION, _NOT_FOUND = 99, 97, 96  # rootwrap's exit statuses
_FORBIDDEN = "devstack-venv-asks-for-something-forbidden"


@dataclass(frozen=True, slots=True)
class RootwrapRuns:
    """Gives each service's rootwrap one command that no filter has and one that a filter has."""

    venv: str

    id: ClassVar[str] = "rootwrap-runs"
    title: ClassVar[str] = "rootwrap runs"

    def run(self, host: Reader) -> Verdict:
        """Ask about every rootwrap.conf whose program the venv has."""
        names = set(rootwrap.programs(host, self.venv))
        found = [one for one in rootwrap.configurations(host) if f"{one.service}-rootwrap" in names]
        if not found:
            return NotYet(
                "no /etc/nova/rootwrap.conf or other service's",
                "stack.sh has configured nova, cinder or neutron",
            )
        if problem := sudo.refusal(host):
            return Result(Code.FAILURE, problem.what, problem.cure)
        complaints = tuple(filter(None, (self._complaint(host, one) for one in found)))
        services = ", ".join(one.service for one in found)
        if complaints:
            return Result(Code.FAILURE, complaints[0], _cure(complaints), complaints[1:])
        return Result(
            Code.SUCCESS,
            f"rootwrap of {services} runs an allowed command and refuses a forbidden one",
        )

    def _complaint(self, host: Reader, one: Rootwrap) -> str:
        if one.error:
            return f"{one.path}: {harmless(one.error)}"
        return self._refuses(host, one) or self._runs(host, one)

    def _refuses(self, host: Reader, one: Rootwrap) -> str:
        answer = rootwrap.ask(host, one, _FORBIDDEN)
        if answer.returncode == _REFUSED:
            return ""
        if answer.returncode == 0:
            return f"{one.service}-rootwrap ran a command that no filter allows"
        if answer.returncode == _BAD_CONFIGURATION:
            return f"{one.service}-rootwrap cannot use {one.path}: {_last(answer)}"
        return f"sudo {one.service}-rootwrap {one.path} does not run: {_last(answer)}"

    def _runs(self, host: Reader, one: Rootwrap) -> str:
        if not any(host.listdir(folder) for folder in one.filters):
            return f"{one.path}: no filters in {', '.join(one.filters) or 'filters_path'}"
        command = rootwrap.allowed_command(host, one)
        if not command:
            return ""  # nothing among the filters that could be run without doing anything
        answer = rootwrap.ask(host, one, *command)
        if answer.returncode == _NOT_FOUND:
            return self._not_found(host, one, command[0])
        if answer.returncode in (_REFUSED, _BAD_CONFIGURATION):
            return f"{one.service}-rootwrap refuses what a filter allows: {_last(answer)}"
        if not rootwrap.has_run(command, answer):
            return f"{one.service}-rootwrap cannot start {command[0]}: {_last(answer)}"
        return self._another(host, one, rootwrap.helper_of(answer))

    def _not_found(self, host: Reader, one: Rootwrap, program: str) -> str:
        if not host.exists(self._helper):
            return f"{one.service}-rootwrap is to start {program}, which is in no venv"
        where = f"exec_dirs of {one.path}" if one.exec_dirs else "sudo's secure_path"
        return f"{one.service}-rootwrap does not find {program}: {where} lacks the venv"

    def _another(self, host: Reader, one: Rootwrap, helper: str) -> str:
        if not helper or is_same_file(host, helper, self._helper):
            return ""
        return f"{one.service}-rootwrap starts {helper}, and not the one in {self.venv}"

    @property
    def _helper(self) -> str:
        return f"{self.venv}/bin/{rootwrap.PRIVSEP}"


def _cure(complaints: tuple[str, ...]) -> str:
    if any("not found" in words or "lacks the venv" in words for words in complaints):
        return "Let this program add the venv to what is searched: devstack-venv --check --fix"
    if any("in no venv" in words for words in complaints):
        return "Install oslo.privsep into the venv: add it to the PyPI packages."
    return "Mend that file, or run stack.sh again, which writes it anew."


def _last(answer: Completed) -> str:
    lines = answer.stderr.decode(errors="replace").strip().splitlines()
    return harmless(lines[-1]) if lines else f"status {answer.returncode}"
