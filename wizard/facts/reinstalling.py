"""Which command brings a file back that an installed package has brought, and that is gone."""

from wizard.model.distribution import Family
from wizard.model.machine import Command, Reader
from wizard.model.packages.distro_name import why_refused

REINSTALL = {
    Family.DEB: "apt-get install --reinstall",
    Family.RPM: "dnf reinstall",
    Family.SUSE: "zypper install --force",
}
_SECONDS = 30.0


def reinstall(host: Reader, path: str) -> str:
    """Return the command, for root; "" where no installed package has such a file."""
    if host.which("dpkg"):
        said = host.run(Command(("dpkg", "-S", "--", path), timeout=_SECONDS))
        owner = said.text.partition(":")[0]
        return _command(Family.DEB, owner) if said.ok else ""
    argv = ("rpm", "-q", "--qf", "%{NAME}\\n", "--whatprovides", path)
    said = host.run(Command(argv, timeout=_SECONDS))
    owner = said.text.partition("\n")[0] if said.ok else ""
    if host.which("zypper"):
        return _command(Family.SUSE, owner)
    return _command(Family.RPM, owner)


def _command(family: Family, owner: str) -> str:
    return f"{REINSTALL[family]} {owner}" if owner and why_refused(owner, family) is None else ""
