"""The steps that make a precondition hold, where a program may do that."""

from collections.abc import Iterator

from wizard.checks.preconditions import Precondition
from wizard.checks.preconditions.home import Home
from wizard.checks.preconditions.hostname import Hostname
from wizard.checks.preconditions.locale import Locale
from wizard.checks.preconditions.package_manager import PackageManager
from wizard.checks.preconditions.traversable import Traversable
from wizard.engine.planning import planning
from wizard.engine.planning.survey import Survey
from wizard.engine.side_run import SideRun
from wizard.facts import sudo
from wizard.model.distribution import Family
from wizard.model.machine import Command, Identity
from wizard.model.step import Pending, Step
from wizard.steps.distro_packages import DistroPackages
from wizard.steps.dpkg_configuration import DpkgConfiguration
from wizard.steps.host_cure import HostCure
from wizard.steps.hosts_entry import HostsEntry

KIND = "host"
_LOCALES = {Family.DEB: "locales", Family.RPM: "glibc-langpack-en", Family.SUSE: "glibc-locale"}


def cure(survey: Survey, precondition: Precondition) -> tuple[Step, ...]:
    """Return the steps with something to do; none where a person has to act."""
    host = survey.host
    if survey.arguments.root is not None or not (host.is_root or sudo.passwordless(host)):
        return ()
    steps = tuple(_steps(survey, precondition))
    return steps if any(isinstance(step.state(host), Pending) for step in steps) else ()


def run(survey: Survey, steps: tuple[Step, ...]) -> SideRun:
    """Return the run that does them."""
    locks = (survey.settings.path.value, planning.local_conf_step(survey).path)
    return SideRun(KIND, survey.host, survey.distribution, steps, locks)


def _steps(survey: Survey, precondition: Precondition) -> Iterator[Step]:
    family = survey.distribution.family
    match precondition:
        case PackageManager() if family is Family.DEB:
            yield DpkgConfiguration(family)
        case Home():
            yield HostCure(precondition, _home(survey))
        case Hostname():
            yield HostsEntry(_name(survey))
        case Traversable():
            closed = precondition.closed(survey.host)
            yield HostCure(precondition, (_root("chmod", "o+x", "--", *closed),))
        case Locale():
            packages = DistroPackages(family, (_LOCALES[family],))
            yield packages
            if family is Family.DEB:
                make = _root("localedef", "-i", "en_US", "-f", "UTF-8", "en_US.UTF-8")
                yield HostCure(precondition, (make,), frozenset({packages.id}))
        case _:
            pass


def _home(survey: Survey) -> tuple[Command, ...]:
    user = survey.host.user
    if survey.host.exists(user.home):
        return (_root("chown", user.name, "--", user.home),)
    return (_root("install", "-d", "-o", user.name, "-m", "0755", "--", user.home),)


def _name(survey: Survey) -> str:
    said = survey.host.read("/proc/sys/kernel/hostname").decode(errors="replace")
    return said.strip().partition(".")[0]


def _root(*argv: str) -> Command:
    return Command(argv, identity=Identity.ROOT, timeout=120)
