"""A guess at what was meant by a word nobody knows."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that looks most like this one, or None when none does."""
    from difflib import get_close_matches  # noqa: PLC0415 -- only mistakes pay for it

    by_lower_case = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), by_lower_case, n=1)
    return by_lower_case[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``Did you mean X?``, or nothing when no known word is near."""
    name = nearest(word, known)
    return f"Did you mean {name}?" if name else ""
