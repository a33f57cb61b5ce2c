"""Fills in the words of a rule."""

import re
from collections.abc import Mapping


def filled(text: str, words: Mapping[str, str]) -> str:
    """Fill in; where a name was not said, no gap is left."""
    return re.sub(r" +(?=[ ,;:)]|\.(?!\S)|$)", "", text.format_map(words))
