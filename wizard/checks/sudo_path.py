"""The check that sudo finds what is only in the venv, as nova-rootwrap and privsep-helper are."""

import stat
from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import sudo
from wizard.facts.sudoers_files import last_secure_path
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.machine import Reader

_ROOTWRAP = ("privsep-helper", "nova-rootwrap", "cinder-rootwrap", "neutron-rootwrap")
_EXECUTABLE = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH


@dataclass(frozen=True, slots=True)
class SudoPath:
    """Asks sudo, as the stack user, for a program that no other folder on its path has."""

    venv: str

    id: ClassVar[str] = "sudo-path"
    title: ClassVar[str] = "sudo path"

    def run(self, host: Reader) -> Verdict:
        """First the path as sudo gives it, part by part; then a program by name."""
        folder = f"{self.venv}/bin"
        path = sudo.effective_path(host)
        if path is None:
            return _not_let_in(host)
        evidence: tuple[str, ...] = (f"sudo -n printenv PATH: {':'.join(path)}",)
        if folder not in path:
            return _not_searched(host, folder, evidence)
        program = _only_in(host, folder, path)
        if not program:
            return Result(Code.SUCCESS, f"sudo looks in {folder}", evidence=evidence)
        found = sudo.resolves(host, program)
        evidence = (*evidence, f"sudo -n -l {program}: {found or 'command not found'}")
        if found == f"{folder}/{program}":
            return Result(Code.SUCCESS, f"sudo finds {program} in {folder}", evidence=evidence)
        return Result(
            Code.FAILURE,
            f"sudo does not find {program}, though it looks in {folder}",
            f"See whether {host.user.name} may run it: sudo -n -l {folder}/{program}",
            evidence,
        )


def _not_let_in(host: Reader) -> Verdict:
    if not sudo.installed(host):
        return NotYet("sudo is not installed", "the distro packages are")
    if host.user.uid < 0:
        return NotYet(f"there is no user {host.user.name}", "a build has made one")
    problem = sudo.refusal(host) or sudo.missing_rule(host.user.name)
    return Result(Code.FAILURE, problem.what, problem.cure)


def _not_searched(host: Reader, folder: str, evidence: tuple[str, ...]) -> Result:
    winner = last_secure_path(host, host.user.name)
    return Result(
        Code.FAILURE,
        f"sudo does not look in {folder}: services that call sudo nova-rootwrap end with"
        " 'command not found'",
        "Let this program add its file to /etc/sudoers.d: devstack-venv --check --fix",
        (*evidence, f"{winner} sets secure_path") if winner else evidence,
    )


def _only_in(host: Reader, folder: str, path: tuple[str, ...]) -> str:
    """Choose a program of the venv that stands nowhere else on the path, rootwrap's own first."""
    names = set(host.listdir(folder)).difference(*(host.listdir(f) for f in path if f != folder))
    ordered = (*(name for name in _ROOTWRAP if name in names), *sorted(names))
    return next((name for name in ordered if _runs(host, f"{folder}/{name}")), "")


def _runs(host: Reader, path: str) -> bool:
    try:
        mode = host.stat(path).st_mode
    except OSError:
        return False
    return stat.S_ISREG(mode) and mode & _EXECUTABLE == _EXECUTABLE
