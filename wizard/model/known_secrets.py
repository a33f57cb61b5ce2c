"""Which secrets there are to keep: what texts assign to telling names, and put into addresses."""

import base64
import json
import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote, unquote

from wizard.model.secret import ASSIGNMENT, SHOWN, Secret

SHORTEST = 3  # characters; shorter ones are in every text by chance

_ASSIGNED = re.compile(
    r"\b\w*(?:PASSWORD|PASSWD|SECRET|TOKEN)\w*\s*=\s*"
    r"(?:'(?P<single>[^'\n]*)'|\"(?P<double>(?:\\.|[^\"\\\n])*)\"|(?P<bare>[^\s'\";#]+))",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"://[^\s/@:'\"]*:(?P<password>[^\s/@'\"]+)@")


def known_secrets(text: str) -> frozenset[Secret]:
    """Return every secret that a text gives away, in local.conf, pip.conf or a log."""
    return frozenset(
        Secret(value)
        for value in _values(text)
        if len(value) >= SHORTEST and value != SHOWN and not value.startswith("$")
    )


def spellings(secret: Secret) -> frozenset[str]:
    """Return how a secret may stand in a file: as it is, in JSON, in an address, in base64."""
    value = secret.reveal()
    encoded = base64.b64encode(value.encode()).decode().rstrip("=")
    return frozenset({value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1],
                      quote(value, safe=""), encoded})  # fmt: skip


def _values(text: str) -> Iterator[str]:
    for found in ASSIGNMENT.finditer(text):
        if re.search(r"['\"\\]", raw := found["line"] or found["word"]):
            with suppress(ValueError):  # a quote stays open
                yield from shlex.split(raw)
    for found in _ASSIGNED.finditer(text):
        value = next(group for group in found.groups() if group is not None)
        yield value
        if found["double"]:
            yield re.sub(r"\\(.)", r"\1", value)
    for found in _IN_ADDRESS.finditer(text):
        yield found["password"]
        yield unquote(found["password"])
