"""Shows events on standard output, those of a run and those that belong to none."""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from wizard.arguments import Output
from wizard.engine.runs.run_folder import Listener
from wizard.headless.json_lines import JsonLines
from wizard.headless.terminal import Terminal
from wizard.headless.text import Text
from wizard.model.events import Event, Finding, RunFinished, Stamped
from wizard.model.exit_status import MEANING, ExitStatus
from wizard.model.problem import Problem
from wizard.model.settings.environment import called_again

# when several things are wrong at once, the status of the first kind that is among them
_GRAVEST = (ExitStatus.USAGE, ExitStatus.ANSWERS, ExitStatus.NEEDS_PERSON, ExitStatus.HOST)


class Renderer:
    """Shows events; numbers those that no run folder has numbered."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self._seq = 0

    def emit(self, event: Event) -> None:
        """Show an event that is not part of a kept run."""
        self._seq += 1
        self.listener(Stamped(self._seq, time.time(), event))

    def relay(self, stamped: Stamped) -> None:
        """Show an event of a kept run, under the number that it has there."""
        self._seq = stamped.seq
        self.listener(stamped)

    def refuse(self, problems: Iterable[Problem]) -> ExitStatus:
        """Show everything that is wrong, and end."""
        found = list(problems)
        for problem in found:
            what = f"{problem.where}: {problem.what}" if problem.where else problem.what
            self.emit(Finding(problem.status.name.lower(), what, problem.cure))
        statuses = {problem.status for problem in found}
        status = next((s for s in _GRAVEST if s in statuses), found[0].status)
        number = "One thing is" if len(found) == 1 else f"{len(found)} things are"
        words = f"{number} in the way ({MEANING[status]}). Nothing was changed."
        self.emit(RunFinished(status, 0.0, words))
        return status


@contextmanager
def rendering(output: Output, root: str | None = None) -> Iterator[Renderer]:
    """Yield what shows events in the form that was asked for; ``root`` is said in suggestions."""
    if output is Output.JSON:
        yield Renderer(JsonLines(sys.stdout))
        return
    text = Text(Terminal(sys.stdout, os.environ), called_again(os.environ, root))
    try:
        yield Renderer(text)
    finally:
        text.close()
