"""Secrets: values that never show, and the one place that masks them in text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = "********"


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A value that neither repr nor str gives away; ``reveal`` does."""

    value: str

    def reveal(self) -> str:
        """Return the value itself."""
        return self.value

    def __repr__(self) -> str:
        return SHOWN


# user:password@ in a URL, and NAME_PASSWORD=value as shells and logs have it
_URL_CREDENTIALS = re.compile(r"(?<=://)[^\s/@'\"]+:[^\s/@'\"]+(?=@)")
_TELLING = re.compile("PASSWORD|PASSWD|SECRET|TOKEN")
_ASSIGNMENT = re.compile(
    r"(?P<name>\b\w*(?:PASSWORD|PASSWD|SECRET|TOKEN)\w*\s*=\s*)(?P<value>'[^']*'|\"[^\"]*\"|[^\s'\";]+)"
)


class Mask:
    """Replaces known secrets, URL credentials and password assignments in text."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        values = sorted({s.value for s in secrets if len(s.value) > 2}, key=len, reverse=True)  # noqa: PLR2004 -- shorter ones would mask half the text
        self._known = re.compile("|".join(map(re.escape, values))) if values else None

    def __call__(self, text: str) -> str:
        """Return the text with every secret replaced by ``********``."""
        if self._known is not None:
            text = self._known.sub(SHOWN, text)
        if "://" in text:
            text = _URL_CREDENTIALS.sub(SHOWN, text)
        if _TELLING.search(text):
            text = _ASSIGNMENT.sub(lambda m: m["name"] + SHOWN, text)
        return text
