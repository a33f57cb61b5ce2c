"""What is asked when a screen is left while its build runs."""

from wizard.tui.help import as_called
from wizard.tui.screens.dialogs import Question

DETACH, STOP, STOP_NOW, STAY = "Detach", "Stop it", "Stop now", "Stay"
TITLE = "The build is still running"
WORDS = """\
Detach leaves it running: devstack-venv --attach comes back to it. The same holds when the \
terminal closes.

Stop it ends it in order: a package manager comes to its end first, all else ends within seconds. \
What is done stays done, and the next build goes on from there."""
AGAIN = """\
It was told to stop, and waits for a package manager to come to its end.

Stop now waits no longer: the package manager goes on alone, and the next build finds it."""


def leaving(*, stopping: bool) -> Question:
    """Return the question; who has asked to stop before may insist."""
    if stopping:
        return Question(TITLE, AGAIN, (DETACH, STOP_NOW, STAY))
    return Question(TITLE, as_called(WORDS), (DETACH, STOP, STAY))
