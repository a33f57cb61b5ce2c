"""Step: the distribution's uWSGI gets the plugin for Python that services need."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import uwsgi
from wizard.model.distribution import Family
from wizard.model.machine import Machine, Reader
from wizard.model.step import Outcome, Preview, Satisfied, State
from wizard.steps.distro_packages import DistroPackages


@dataclass(frozen=True, slots=True)
class UwsgiPlugin:
    """Installs one package, and only beside units of DevStack's that start uWSGI."""

    family: Family
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "uwsgi-plugin"
    title: ClassVar[str] = "uWSGI plugin"

    def state(self, host: Reader) -> State:
        """Ask for the package only where what it brings is missing."""
        if not any(uwsgi.missing_plugin(host, one.program) for one in uwsgi.services(host)):
            return Satisfied("no unit lacks one")
        return self._package(host).state(host)

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the command."""
        return self._package(host).preview(host)

    def apply(self, host: Machine) -> Outcome:
        """Install it."""
        return self._package(host).apply(host)

    def _package(self, host: Reader) -> DistroPackages:
        return DistroPackages(self.family, (uwsgi.plugin_package(host),))
