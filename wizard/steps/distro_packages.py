"""The step that installs distro packages, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from wizard.facts import apt, package_manager
from wizard.facts.package_manager import DAY, PackageManager
from wizard.model.distribution import Family
from wizard.model.machine import JobEnded, Machine, Reader
from wizard.model.packages.package_failure import explained, failure
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun
from wizard.steps import package_commands
from wizard.steps.no_candidate import why_unknown
from wizard.steps.package_commands import Output
from wizard.steps.package_lock import run_alone


@dataclass(frozen=True, slots=True)
class DistroPackages:
    """Installs what is missing of ``packages``, without what they merely recommend.

    Waits ``lock_timeout`` seconds for another package manager to finish; never touches its lock.
    """

    family: Family
    packages: tuple[str, ...]
    lock_timeout: int = 600
    needs: frozenset[str] = frozenset()
    places: Mapping[str, str] = field(default_factory=dict, compare=False)  # FILE:LINE of each

    id: ClassVar[str] = "distro-packages"
    title: ClassVar[str] = "distro packages"

    def state(self, host: Reader) -> State:
        """Compare with all that is installed."""
        missing = self._missing(host)
        if isinstance(missing, Problem):
            return missing
        if not missing:
            return Satisfied(f"all {len(self.packages)} installed")
        if problem := self._manager.interrupted(host):
            return problem
        return Pending(f"{len(missing)} of {len(self.packages)} to install")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the commands."""
        missing = self._missing(host)
        if isinstance(missing, Problem) or not missing:
            return ()
        install = package_commands.install(self.family, missing, self.lock_timeout)
        refresh = package_commands.refresh(self.family)
        commands = (refresh, install) if self._is_stale(host, missing) else (install,)
        return tuple(WouldRun(command.shown(), command.identity) for command in commands)

    def apply(self, host: Machine) -> Outcome:
        """Refresh the index where that helps, make sure that all exist, install."""
        before = self._manager.installed(host)
        if isinstance(before, Problem):
            return before
        missing = tuple(name for name in self.packages if name not in before)
        if not missing:
            return Done(f"all {len(self.packages)} installed")
        return (
            self._manager.interrupted(host)
            or self._refreshed(host, missing)
            or self._installed(host, missing, before)
        )

    @property
    def _manager(self) -> PackageManager:
        return package_manager.of(self.family)

    def _missing(self, host: Reader) -> tuple[str, ...] | Problem:
        installed = self._manager.installed(host)
        if isinstance(installed, Problem):
            return installed
        return tuple(name for name in self.packages if name not in installed)

    def _is_stale(self, host: Reader, names: tuple[str, ...]) -> bool:
        age = self._manager.index_age(host)
        return age is None or age > DAY or bool(self._unknown(host, names))

    def _unknown(self, host: Reader, names: tuple[str, ...]) -> tuple[str, ...]:
        known = self._manager.candidates(host, names)
        return tuple(name for name in names if name not in known)

    def _refreshed(self, host: Machine, names: tuple[str, ...]) -> Problem | None:
        """Make sure that each name has a candidate; a good status of the refresh proves nothing."""
        if not self._is_stale(host, names):
            return None
        output = Output(host)
        ended = run_alone(
            host, self.family, package_commands.refresh(self.family), output, self.lock_timeout
        )
        if isinstance(ended, Problem):
            return ended
        unknown = self._unknown(host, names)
        if not unknown:
            return None
        if reason := explained(output.complaints):
            return reason
        if not ended.ok:
            return failure("the refresh of the package index", ended.returncode, ended.tail)
        return why_unknown(host, self.family, unknown, self.places)

    def _installed(
        self, host: Machine, names: tuple[str, ...], before: Mapping[str, str]
    ) -> Outcome:
        wanted = self._manager.candidates(host, names)
        host.note("packages", installed=[f"{name}={wanted.get(name, '')}" for name in names])
        output = Output(host)
        command = package_commands.install(self.family, names, self.lock_timeout)
        ended = run_alone(host, self.family, command, output, self.lock_timeout)
        new = self._new(host, before)
        if isinstance(ended, Problem):
            return ended
        if isinstance(new, Problem):
            return new
        self._note(host, new)
        lacking = [name for name in names if name not in new]
        return self._why_failed(ended, output, lacking) or Done(
            f"{len(names)} installed, {len(new)} with what they need"
            + package_commands.afterthought(self.family, ended.returncode)
        )

    def _note(self, host: Machine, new: Mapping[str, str]) -> None:
        """Keep what came, and what was left half done: the next build may end what is ours."""
        installed = [f"{name}={version}" for name, version in new.items()]
        left = list(apt.half_done(host)) if self.family is Family.DEB else []
        host.note("packages", installed=installed, **({"half_done": left} if left else {}))

    def _why_failed(self, ended: JobEnded, output: Output, lacking: list[str]) -> Problem | None:
        command = self.family.package_manager
        if not package_commands.succeeded(self.family, ended.returncode):
            return failure(command, ended.returncode, (*output.complaints, *ended.tail))
        if lacking:
            return Problem(f"{command} ended well, but without {', '.join(lacking)}")
        return None

    def _new(self, host: Reader, before: Mapping[str, str]) -> Mapping[str, str] | Problem:
        now = self._manager.installed(host)
        if isinstance(now, Problem):
            return now
        return {name: version for name, version in now.items() if name not in before}
