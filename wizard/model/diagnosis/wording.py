"""Fills in the words of a rule."""

import re
from collections.abc import Mapping


def filled(text: str, words: Mapping[str, str]) -> str:
    """Fill in; where a name was not said, no gap is left."""

    def said(name: re.Match[str]) -> str:
        word = words[name[2]]
        return name[1] + word if word else ""

    return re.sub(r"( *)\{(\w+)\}", said, text).strip()
