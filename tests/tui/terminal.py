"""The wizard in a real terminal, read as a person would: from the screen."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Self

import pexpect
import pyte


class Terminal:
    """A pseudo-terminal of 80x24 with a program in it."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""
        program, *arguments = command
        self.child = pexpect.spawn(
            program, arguments, env=dict(environ), dimensions=(24, 80), timeout=30
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.child.ptyproc.fileobj.closed:
            self.child.close(force=True)

    def read(self) -> str:
        """Take in what was written, and return the screen."""
        try:
            written = self.child.read_nonblocking(1 << 16, timeout=0.05)
        except (pexpect.TIMEOUT, pexpect.EOF):
            written = b""
        self.written += written
        self._stream.feed(written)
        return "\n".join(self.screen.display)

    def shows(self, text: str, within: float = 30) -> None:
        self.until(lambda: text in self.read(), text, within)

    def until(self, condition: Callable[[], object], what: str, within: float = 30) -> None:
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, f"{what} never came:\n{self.read()}"

    def ends(self) -> int | None:
        """Read on to the end; return the exit status, None for one that a signal killed."""
        self.until(lambda: self.read() and not self.child.isalive(), "the end")
        self.read()
        status: int | None = self.child.exitstatus
        return status
