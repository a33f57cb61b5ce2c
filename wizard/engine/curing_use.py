"""Whether a cure would change anything on this host: one that would not is no cure."""

from dataclasses import dataclass

from wizard.facts import package_manager
from wizard.facts.lost_file import lost_file
from wizard.facts.reinstalling import REINSTALL
from wizard.model.diagnosis.rule import UNASKED, Automatic, Kind, Missing, Rule
from wizard.model.distribution import Family
from wizard.model.machine import Command, Reader
from wizard.model.problem import Problem
from wizard.model.step import Satisfied, Step
from wizard.steps.dependency_repair import DependencyRepair
from wizard.steps.dpkg_configuration import DpkgConfiguration

_DONE = "This run began with just that, and the same came up again."
_IDLE = "Nothing is half installed on this host, so that this would change nothing."
_VERIFY = {
    Family.DEB: "dpkg --verify",
    Family.RPM: "rpm --verify",
    Family.SUSE: "rpm --verify",
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why the steps of a rule are of no use, and what to do in place of its words."""

    why: str
    cure: str = ""
    commands: tuple[str, ...] = ()
    what: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class CureUse:
    """Asks the host what a cure would change."""

    host: Reader
    family: Family
    cured: str = ""  # the finding that this run has cured before it built
    cures: frozenset[str] = frozenset()  # the steps by which it did

    def obstacle(self, rule: Rule, missing: Missing | None, package: str) -> Obstacle | None:
        """Say why the steps of a rule are of no use here, None where they may be."""
        steps = frozenset(rule.cure.steps)
        if Automatic.ADD_PACKAGE in steps:
            deleted = self.deleted(missing) if missing else None
            return deleted or self._installed(missing, package)
        if self._is_done(rule.id, steps - UNASKED):
            return Obstacle(_DONE)
        return Obstacle(_IDLE) if self._is_idle(steps - {Automatic.RETRY}) else None

    def deleted(self, missing: Missing) -> Obstacle | None:
        """Say which installed package has what is missing, None where none does."""
        lost = lost_file(self.host, self.family, missing)
        if lost is None:
            return None
        verify, again = _VERIFY[self.family], REINSTALL[self.family]
        return Obstacle(
            f"{lost.owner} is installed already, and who took the file away may have had a reason.",
            f"Install {lost.owner} again, then run the same again.",
            (f"{verify} {lost.owner}", f"sudo {again} {lost.owner}"),
            f"{lost.path} is gone, though its package {lost.owner} is installed",
            "Somebody deleted it or moved it away: a package manager does not notice that.",
        )

    def _is_done(self, name: str, steps: frozenset[Automatic]) -> bool:
        return bool(steps) and (name == self.cured or steps <= self.cures)

    def _is_idle(self, steps: frozenset[Automatic]) -> bool:
        """Whether all of them would find nothing to do; while somebody is at work nobody knows."""
        known: dict[Automatic, Step] = {
            Automatic.CONFIGURE_DPKG: DpkgConfiguration(self.family),
            Automatic.MEND_DEPENDENCIES: DependencyRepair(self.family),
        }
        if not steps or not known.keys() >= steps:
            return False
        if package_manager.of(self.family).occupant(self.host):
            return False
        return all(isinstance(known[step].state(self.host), Satisfied) for step in steps)

    def _installed(self, missing: Missing | None, package: str) -> Obstacle | None:
        installed = package_manager.of(self.family).installed(self.host)
        if isinstance(installed, Problem) or package not in installed:
            return None
        why = f"{package} is installed already."
        target = self._lost(missing) if missing else ""
        return self._dead_link(why, target) if target else self._incomplete(why, package)

    def _lost(self, missing: Missing) -> str:
        """Return where the link of a program leads in vain, "" where there is none."""
        path = f"/usr/bin/{missing.name}"
        is_dead = missing.kind is Kind.COMMAND and self.host.exists(path)
        if not is_dead or self.host.which(missing.name):
            return ""
        return self.host.run(Command(("readlink", "-m", "--", path))).text.strip()

    def _dead_link(self, why: str, target: str) -> Obstacle:
        cure = (
            f"Its program is a link to {target}, which is not there: deleted, or moved away "
            "(diverted). Bring it back, or install the package that has it again."
        )
        diverted = (f"dpkg-divert --list {target}",) if self.family is Family.DEB else ()
        owner = f"dpkg -S {target}" if self.family is Family.DEB else f"rpm -qf {target}"
        return Obstacle(why, cure, (*diverted, owner))

    def _incomplete(self, why: str, package: str) -> Obstacle:
        verify, again = _VERIFY[self.family], REINSTALL[self.family]
        cure = (
            f"{package} is here, and yet it was not found: a file of it was deleted or changed "
            "(then install it again), or another version or another place is looked for."
        )
        commands = (f"{verify} {package}", f"sudo {again} {package}")
        return Obstacle(why, cure, commands, cause=f"It is looked for in vain, though {why}")
