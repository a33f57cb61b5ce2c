"""What has to be so before anything is changed, one question for each file."""

from collections.abc import Mapping

from wizard.checks.preconditions.accepted_settings import AcceptedSettings
from wizard.checks.preconditions.architecture import Architecture
from wizard.checks.preconditions.checkout import Checkout
from wizard.checks.preconditions.disk import Disk
from wizard.checks.preconditions.distribution_python import DistributionPython
from wizard.checks.preconditions.environment import Environment
from wizard.checks.preconditions.home import Home
from wizard.checks.preconditions.host_ip import HostIp
from wizard.checks.preconditions.hostname import Hostname
from wizard.checks.preconditions.kernel_folders import KernelFolders
from wizard.checks.preconditions.known_distribution import KnownDistribution
from wizard.checks.preconditions.locale import Locale
from wizard.checks.preconditions.memory import Memory
from wizard.checks.preconditions.no_devstack import NoDevstackMark
from wizard.checks.preconditions.package_manager import PackageManager
from wizard.checks.preconditions.ports import Ports
from wizard.checks.preconditions.precondition import Precondition
from wizard.checks.preconditions.root import Root
from wizard.checks.preconditions.sudo_installed import SudoInstalled
from wizard.checks.preconditions.systemd import Systemd
from wizard.checks.preconditions.traversable import Traversable
from wizard.checks.preconditions.venv_content import VenvContent
from wizard.checks.preconditions.venv_place import VenvPlace

__all__ = ["Precondition", "all_preconditions"]


def all_preconditions(
    *,
    venv: str,
    environ: Mapping[str, str],
    dest: str = "/opt/stack",
    like: str = "",
    devstack_name: str = "",
    supported: tuple[str, ...] | None = None,
    checkout: str = "",
    local_conf: str = "",
    settings: tuple[str, ...] = (),
    starts_by_systemd: bool = True,
    requirements: int | None = None,
) -> tuple[Precondition, ...]:
    """Return every precondition, those that can stop the build first.

    ``environ`` is the caller's environment, ``supported`` the checkout's list of distributions,
    ``settings`` are the names that the run writes into local.conf, ``requirements`` is how many
    there are for a venv that is nobody's but ours. What only stack.sh needs is asked where there
    is a checkout.
    """
    of_stack: tuple[Precondition, ...] = (
        Checkout(checkout),
        AcceptedSettings(checkout, local_conf),
        HostIp(local_conf, settings),
        Ports(checkout),
    )
    return (
        KnownDistribution(like, devstack_name, supported),
        KernelFolders(),
        Root(),
        SudoInstalled(),
        Home(),
        PackageManager(like, devstack_name),
        DistributionPython(like, devstack_name),
        VenvPlace(venv),
        VenvContent(venv),
        Disk(venv, requirements),
        Memory(),
        Environment(environ),
        NoDevstackMark(),
        Traversable((dest, venv)),
        Systemd(needed=starts_by_systemd),
        Locale(),
        Hostname(),
        Architecture(),
        *(of_stack if checkout else ()),
    )
