"""Standard input, output and error: there, and able to end without a complaint.

A script may start us with any of them closed (``>&-``), and a reader may go away (``| head``).
"""

import os
import sys
from contextlib import suppress
from typing import TextIO

_MODES = (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)


def open_missing() -> None:
    """Open /dev/null for what is closed, before any other file gets its number."""
    for number, mode in enumerate(_MODES):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # the lowest number that is free is this one
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115 -- for good
    sys.stdout = sys.stdout or _writer(1)
    sys.stderr = sys.stderr or _writer(2)


def flush() -> None:
    """Write out what is left; what nobody takes is dropped, where Python would complain of it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            give_up(stream)


def give_up(stream: TextIO) -> None:
    """Let everything that is still written to a stream go nowhere."""
    null = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):
        os.dup2(null, stream.fileno())
    os.close(null)


def _writer(number: int) -> TextIO:
    return open(number, "w", closefd=False)
