"""Which mount it is that a log calls read-only: asked of this host, where the log is its own."""

import re

from wizard.facts.mounts import mount_of
from wizard.model.diagnosis.diagnosis import Found
from wizard.model.machine import Reader

_RULE = "read-only"
_QUOTED = re.compile(r"['\"`]\.?(?P<path>/[^'\"`]+)")  # dpkg writes ./usr, from / on


def read_only_mount(host: Reader, found: Found) -> tuple[str, tuple[str, ...]]:
    """Return a sentence on the mount and the command that shows it; nothing for other findings."""
    said = _QUOTED.search(found.lines[0].text) if found.rule.id == _RULE else None
    path = found.captures.get("file") or (said["path"] if said else "")
    if found.rule.id != _RULE or not path:
        return "", ()
    command, mount = f"findmnt -T {path}", mount_of(host, path)
    if mount is None or "ro" not in mount.options:
        return "", (command,)
    return f" It is what is mounted at {mount.point}, with {','.join(mount.options)}.", (command,)
