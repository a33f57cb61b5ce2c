"""The course of a run, kept up with its run folder."""

import time
from pathlib import Path

from wizard.engine.runs import durations
from wizard.engine.runs.follow import Follower
from wizard.model.course import Course

BUDGET = 0.01  # seconds that one look may take: the keys wait for it


class LiveCourse:
    """Looks at the run folder when told to, never for long."""

    def __init__(self, folder: Path) -> None:
        self.course = Course(durations.expected(folder))
        self.was_seen_running = False  # rather than read when it was over
        self._follower = Follower(folder)

    def look(self) -> bool:
        """Take in what has happened; whether there was anything."""
        deadline = time.monotonic() + BUDGET
        has_news = False
        while not has_news or time.monotonic() < deadline:
            found = self._follower.news()
            for stamped in found:
                self.course.add(stamped)
            if not found:
                break
            has_news = True
        if self._follower.broken_off and not self.course.over:
            self.course.break_off()
            return True
        self.was_seen_running |= not has_news and not self.course.over
        return has_news

    def close(self) -> None:
        """Look no more."""
        self._follower.close()
