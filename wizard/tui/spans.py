"""Spans of time and places in a log as a person says them."""

MINUTE, HOUR = 60, 3600


def clock(seconds: float) -> str:
    """Return a span in few columns: ``3.2 s``, ``48 s``, ``2:05``, ``1:02:05``."""
    if seconds < 10:  # noqa: PLR2004 -- below, tenths tell something
        return f"{seconds:.1f} s"
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(int(seconds), MINUTE)
    if seconds < HOUR:
        return f"{minutes}:{rest:02}"
    return f"{minutes // MINUTE}:{minutes % MINUTE:02}:{rest:02}"


def roughly(seconds: float) -> str:
    """Return a span that is only guessed: ``10 s``, ``2 min``, ``1 h 20 min``."""
    if seconds < MINUTE:
        return f"{max(5, round(seconds / 5) * 5)} s"
    minutes = round(seconds / MINUTE)
    return f"{minutes} min" if minutes < MINUTE else f"{minutes // MINUTE} h {minutes % MINUTE} min"


def counted(number: int, word: str) -> str:
    """Return ``1 line``, ``12,418 lines``."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
