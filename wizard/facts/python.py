"""The distribution's own Python: the one that its uWSGI and mod_wsgi embed."""

import re
from dataclasses import dataclass

from wizard.model.distribution import Distribution, Family
from wizard.model.machine import Command, Reader

_VERSION = "import sys; print('.'.join(map(str, sys.version_info[:3])))"


@dataclass(frozen=True, slots=True)
class Python:
    """An interpreter of the distribution, there already or to come with a package."""

    path: str
    package: str  # the distro package that brings it
    version: str = ""  # "3.11.2"; "" while it is not there

    @property
    def present(self) -> bool:
        """Whether it is there and runs."""
        return bool(self.version)


def distribution_python(host: Reader, distribution: Distribution) -> Python:
    """Find the interpreter that a virtual environment under DevStack must use.

    It is never the one that runs this program. Where the default is too old for OpenStack
    (RHEL 9 has 3.9, SUSE 15 has 3.6) the distribution's newer ones come in the order to choose.
    """
    candidates = [_asked(host, python) for python in _candidates(distribution)]
    return next((python for python in candidates if python.present), candidates[0])


def _candidates(distribution: Distribution) -> tuple[Python, ...]:
    name = distribution.devstack_name
    if name in ("rhel8", "rhel9"):
        return _versions("3.12", "3.11", package="python{}")
    if distribution.family is Family.SUSE and re.search(r"-15|sle15", name):
        return _versions("3.11", "3.12", "3.13", package="python{}", dots=False)
    if distribution.family is Family.SUSE:
        return (*_versions("3.13", package="python{}", dots=False), _default())
    return (_default(),)


def _default() -> Python:
    return Python("/usr/bin/python3", "python3")


def _versions(*versions: str, package: str, dots: bool = True) -> tuple[Python, ...]:
    return tuple(
        Python(f"/usr/bin/python{v}", package.format(v if dots else v.replace(".", "")))
        for v in versions
    )


def _asked(host: Reader, python: Python) -> Python:
    answer = host.run(Command((python.path, "-I", "-S", "-c", _VERSION), timeout=20))
    return Python(python.path, python.package, answer.text.strip() if answer.ok else "")
