"""What rpm knows."""

from collections.abc import Mapping

from wizard.facts.package_records import unreadable
from wizard.model.machine import Command, Reader
from wizard.model.problem import Problem

LOCKS = ("/usr/lib/sysimage/rpm/.rpm.lock", "/var/lib/rpm/.rpm.lock")


def installed(host: Reader) -> Mapping[str, str] | Problem:
    """Return every installed package and its version; of several, such as kernels, one."""
    answer = host.run(Command(("rpm", "-qa", "--qf", "%{NAME}\\t%{EVR}\\n")))
    if not answer.ok:
        return unreadable(host, "rpm", answer, "rpm -qa")
    return pairs(answer.text)


def pairs(text: str) -> dict[str, str]:
    """Read lines of a name, a tab and a version."""
    rows = (line.partition("\t") for line in text.splitlines())
    return {name: version for name, tab, version in rows if tab}


def newest(host: Reader, folder: str, ending: str) -> float | None:
    """Return when the newest file of a kind was written, None when there is none."""
    times = []
    for name in host.listdir(folder):
        if name.endswith(ending):
            try:
                times.append(host.stat(f"{folder}/{name}").st_mtime)
            except OSError:
                continue
    return max(times, default=None)
