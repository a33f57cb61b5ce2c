"""Does the package manager work, and is nobody else using it?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import package_manager
from wizard.facts.distribution import detect
from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader
from wizard.model.problem import Problem


@dataclass(frozen=True, slots=True)
class PackageManager:
    """An interrupted dpkg stops the build; a lock makes it wait."""

    like: str = ""
    devstack_name: str = ""

    id: ClassVar[str] = "package-manager"
    title: ClassVar[str] = "package manager free"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Ask nothing that would itself take the lock."""
        distribution = detect(host, self.like, self.devstack_name)
        if isinstance(distribution, Problem):
            return Result(Code.SUCCESS, "not asked, as the distribution is not known")
        family = distribution.family
        program, manager = family.package_manager, package_manager.of(family)
        if host.which(program) is None:
            cure = "Install it, or say in the answers file what this distribution is like."
            return Result(Code.FAILURE, f"there is no {program} on this host", cure)
        if occupant := manager.occupant(host):
            return Result(
                Code.WARNING,
                f"{occupant} is using {program}; the build waits for it",
                f"Mostly it ends by itself; if it lasts, see what it does: ps -fp {occupant.pid}."
                " Never delete the lock.",
                (f"process {occupant.pid} holds {occupant.lock}",),
            )
        if problem := manager.interrupted(host):
            return Result(Code.FAILURE, problem.what, problem.cure)
        installed = manager.installed(host)
        if isinstance(installed, Problem):
            cure = installed.cure or f"See what it says: {installed.where}"
            return Result(Code.FAILURE, installed.what, cure)
        return Result(Code.SUCCESS, f"{program} is free")
