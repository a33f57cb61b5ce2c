"""Long sentences on several lines, paths and commands whole: somebody may want to copy them."""

import textwrap


def folded(text: str, room: int) -> list[str]:
    """Cut between words only."""
    return textwrap.wrap(text, room, break_on_hyphens=False, break_long_words=False)
