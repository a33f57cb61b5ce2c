"""Signals become the wish to stop; what runs is then ended in order."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from wizard.engine.cancel import Cancel
from wizard.model.exit_status import ExitStatus

_STATUS = {
    signal.SIGINT: ExitStatus.INTERRUPTED,
    signal.SIGTERM: ExitStatus.TERMINATED,
    signal.SIGHUP: ExitStatus.TERMINATED,
    signal.SIGQUIT: ExitStatus.TERMINATED,  # Ctrl-\\
}


@contextmanager
def heeded(cancel: Cancel) -> Iterator[None]:
    """Turn INT, TERM, HUP and QUIT into ``cancel`` while the body runs.

    What the caller has us ignore (nohup, a job in the background) stays ignored.
    """

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        cancel.stop(_STATUS[signal.Signals(number)])

    heard = [number for number in _STATUS if signal.getsignal(number) is not signal.SIG_IGN]
    former = {number: signal.signal(number, note) for number in heard}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
