"""The wish to stop: set by a signal, by time running out or by a failed step."""

import threading
import time

from wizard.model.exit_status import ExitStatus

_LOOK = 1.0  # seconds between two looks at the clock


class Cancel:
    """Set once, read by every thread; a second signal says not to wait for anything."""

    def __init__(self, timeout: float | None = None) -> None:
        self._deadline = None if timeout is None else time.monotonic() + timeout
        self._wanted = threading.Event()
        self._lock = threading.RLock()  # a signal may arrive while we hold it
        self.status: ExitStatus | None = None
        self.hurry = False

    def stop(self, status: ExitStatus) -> None:
        """Ask everything to stop; the first reason stays, a second request means hurry."""
        with self._lock:
            if self._wanted.is_set() and self.status not in (None, ExitStatus.STEP_FAILED):
                self.hurry = True
            if self.status in (None, ExitStatus.STEP_FAILED):
                self.status = status
            self._wanted.set()

    @property
    def wanted(self) -> bool:
        """Whether work should stop now."""
        if not self._wanted.is_set() and self.overdue:
            self.stop(ExitStatus.TIMED_OUT)
        return self._wanted.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait that long; False as soon as work should stop."""
        end = time.monotonic() + seconds
        while not self.wanted and (left := end - time.monotonic()) > 0:
            self._wanted.wait(min(left, _LOOK))
        return not self.wanted

    @property
    def overdue(self) -> bool:
        """Whether the run has used up its time."""
        return self._deadline is not None and time.monotonic() >= self._deadline
