"""What the kernel says when a disk takes nothing more, wherever in a program's words it stands."""

import re
from collections.abc import Iterable

_WORDS = re.compile(
    "No space left on device|Disk quota exceeded|Read-only file system|Input/output error"
)


def disk_words(lines: Iterable[str]) -> str:
    """Return the kernel's words if one of the lines holds them, else ""."""
    found = next(filter(None, map(_WORDS.search, lines)), None)
    return found[0] if found else ""
