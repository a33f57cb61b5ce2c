"""Which file system a path is on, by the kernel's own table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.model.machine import Reader

_TABLE = "/proc/self/mountinfo"
_ESCAPED = re.compile(r"\\([0-7]{3})")  # a blank, a tab, a line feed or a backslash in a name


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of the table."""

    point: str
    options: tuple[str, ...]  # of the mount and of the file system

    def holds(self, path: str) -> bool:
        """Whether the path is below the mount point, or is that."""
        return f"{path}/".startswith(f"{self.point.rstrip('/')}/")


def mount_of(host: Reader, path: str) -> Mount | None:
    """Return what is mounted where an absolute path is; of mounts at one point the last counts."""
    try:
        table = host.read(_TABLE).decode(errors="replace")
    except OSError:
        return None
    found = [mount for mount in _mounts(table) if mount.holds(path)]
    return max(enumerate(found), key=lambda one: (len(one[1].point), one[0]))[1] if found else None


def _mounts(table: str) -> Iterator[Mount]:
    for line in table.splitlines():
        mounted, _, system = line.partition(" - ")
        fields, options = mounted.split(" "), system.split(" ")[2:3]
        if len(fields) > 5:  # noqa: PLR2004 -- as proc(5) numbers them
            point = _ESCAPED.sub(lambda code: chr(int(code[1], 8)), fields[4])
            yield Mount(point, tuple(",".join((fields[5], *options)).split(",")))
