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


# user:password@ in a URL, and NAME_PASSWORD=value as shells, oslo.config and logs have it
_URL_CREDENTIALS = re.compile(r"(?<=://)[^\s/:@'\"]*:[^\s/'\"]+(?=@)")
_TELLING = ("passw", "passphrase", "_pass", "secret", "token", "_key", "apikey")
_NAME = (
    r"\b(?=\w*?(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|_PASS\b|(?:API|ACCESS|PRIVATE|TEMPURL)_?KEY))"
    r"\w++(?:\[[^]\n]{0,40}+\])?"
)
# what bash takes for one word: pieces in any quotes, substitutions, signs up to a blank; of a
# quote that stays open, the line. Possessive throughout, so that no text takes long.
_WORD = (
    r"(?:'[^']*+'|\$'(?:\\.|[^'\\])*+'|\$?\"(?:\\.|[^\"\\])*+\"|`[^`\n]*+`|\$\([^)\n]*+\)"
    r"|\\.|\$(?!['\"(])|[^\s'\"`;\\$])++(?:['\"`$\\][^\n]*+)?|['\"`$\\][^\n]*+"
)
# `=`, `+=`, `:=` and `:-` of bash, `":` of JSON before one word; ` = ` of ini files before a line
ASSIGNMENT = re.compile(
    rf"(?P<name>{_NAME})(?:(?P<ini>[ \t]+=[ \t]*)(?P<line>[^\n]++)"
    rf"|(?P<gives>[+:?]?=[ \t]*|:-|[\"'][ \t]*:[ \t]*(?=[\"']))(?P<word>{_WORD}))",
    re.IGNORECASE | re.DOTALL,
)


def _hidden(found: re.Match[str]) -> str:
    """Return as many lines as there were."""
    lines = (found["line"] or found["word"]).split("\n")
    head = found["name"] + (found["ini"] or found["gives"])
    return head + "\n".join(SHOWN for _ in lines)


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
        lower = text.lower()
        if any(word in lower for word in _TELLING):
            text = ASSIGNMENT.sub(_hidden, text)
        return text
