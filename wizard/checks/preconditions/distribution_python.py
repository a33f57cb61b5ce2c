"""Does the distribution's own Python run? The venv is made from it, whatever runs this program."""

import re
from dataclasses import dataclass
from typing import ClassVar

from wizard.facts.distribution import detect
from wizard.facts.python import Python, distribution_python
from wizard.model.check import Code, Result
from wizard.model.distribution import Distribution, Family
from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.machine import Command, Reader
from wizard.model.problem import Problem

_AGAIN = {
    Family.DEB: "apt-get install --reinstall python3-minimal",
    Family.RPM: "dnf reinstall {package}",
    Family.SUSE: "zypper install --force {package}",
}
_DEBIANS_CHOICE = "/usr/share/python3/debian_defaults"


@dataclass(frozen=True, slots=True)
class DistributionPython:
    """One that is not there comes with the distro packages; one that is broken stops the build."""

    like: str = ""
    devstack_name: str = ""

    id: ClassVar[str] = "distribution-python"
    title: ClassVar[str] = "the distribution's Python"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Run it as the venv's maker will: with what the host lets it do at its start."""
        distribution = detect(host, self.like, self.devstack_name)
        if isinstance(distribution, Problem):
            return Result(Code.SUCCESS, "not asked, as the distribution is not known")
        python = distribution_python(host, distribution)
        if not host.exists(python.path):
            return Result(Code.SUCCESS, f"not yet; it comes with {python.package}")
        if not python.present:
            return _broken(host, python, distribution)
        started = host.run(Command((python.path, "-I", "-c", ""), timeout=20))
        if started.ok:
            return Result(Code.SUCCESS, f"{python.path} is {python.version}")
        said = started.stderr.decode(errors="replace")
        places = re.findall(r'File "(/.*)", line (\d+)', said) or [("", "")]
        at = f" at {places[-1][0]}, line {places[-1][1]}" if places[-1][0] else ""
        return Result(
            Code.FAILURE,
            f"{python.path} ends as soon as it starts{harmless(at)}",
            f"Mend or remove what it runs at its start; see: {python.path} -I -c ''",
        )


def _broken(host: Reader, python: Python, distribution: Distribution) -> Result:
    again = _AGAIN[distribution.family].format(package=python.package)
    leads_to = host.run(Command(("readlink", "--", python.path))).text.strip()
    if not leads_to or _is_there(host, python.path):
        what = f"{python.path} is there, but does not run"
        return Result(Code.FAILURE, what, f"As root: {again}")
    what = f"{python.path} leads to {harmless(leads_to)}, which is not there"
    choice = _choice(host)
    link = f"ln -sfn {choice} {python.path}" if choice else ""
    return Result(Code.FAILURE, what, f"As root: {link or again}")


def _is_there(host: Reader, path: str) -> bool:
    try:
        host.stat(path)
    except OSError:
        return False
    return True


def _choice(host: Reader) -> str:
    """Return the Python that Debian's link is to lead to, where that one is there."""
    try:
        defaults = host.read(_DEBIANS_CHOICE).decode(errors="replace")
    except OSError:
        return ""
    found = re.search(r"^default-version\s*=\s*(python3\.\d+)\s*$", defaults, re.MULTILINE)
    return found[1] if found and host.exists(f"/usr/bin/{found[1]}") else ""
