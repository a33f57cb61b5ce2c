"""What is under way, in one line."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wizard.headless import marks


@dataclass(slots=True)
class Running:
    """A step or check that is not over."""

    since: float
    progress: str = ""


def activity(running: Mapping[str, Running], title: Callable[[str], str]) -> str:
    """Return what is said of all of them; "" where there is none."""
    now = time.monotonic()
    parts = [
        f"{title(name)} {marks.duration(now - one.since)} {one.progress}".rstrip()
        for name, one in tuple(running.items())
    ]
    return "    " + " · ".join(parts) if parts else ""
