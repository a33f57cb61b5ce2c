"""What F1 says on the screens that show a run."""

from wizard.tui.help import Help

EVERYWHERE = (("Ctrl+T", "light or dark"), ("F1", "this help"), ("Ctrl+Q", "leave"))

BUILD = Help(
    decides="Nothing. It shows a build that runs on its own: closing the terminal or killing this "
    "screen does not stop it, and devstack-venv --attach shows it again from its beginning.",
    changes="What the review listed. Every change is in the run's journal before it is made.",
    undo="Stop ends the build in order, and what is done stays done. When it is over, the next "
    "screen offers to undo everything that it changed.",
    keys=(
        ("Space", "hold the log still, or follow its end again; scrolling up holds it too"),
        ("↑ ↓ PgUp PgDn", "read; Home and End go to the first line and to the last"),
        ("← →", "sideways, for long lines"),
        ("Ctrl+F or /", "search; n and N go on down and up, Esc ends it"),
        ("n, N", "the next finding, the one before"),
        ("f", "all lines, warnings and errors, errors"),
        ("z", "the log alone, or everything"),
        ("Ctrl+D", "detach: leave the screen, the build goes on"),
        ("Ctrl+C", "stop the build; asks first"),
        ("Enter", "the result, once it is over"),
    ),
    everywhere=EVERYWHERE,
)
RESULT = Help(
    decides="What comes next: go on, let a cure be done, change an answer, or undo.",
    changes="Nothing, until you agree: a cure and a mending show their commands and diffs first. "
    "A new build finds the steps that are done and goes on from the one that failed.",
    undo="Undo shows what it would put back before it does anything, and never touches what "
    "somebody changed since.",
    keys=(
        ("← → Tab", "from button to button"),
        ("↑ ↓ PgUp PgDn", "read"),
        ("n", "the next finding, where there are several"),
        ("d", "do what mends it; shown first"),
        ("b", "build again with the same answers"),
        ("a", "change the answers"),
        ("c", "check again: what is in the way now, or what the checks say now"),
        ("s", "run stack.sh; asks first"),
        ("l", "the log"),
        ("u", "undo"),
        ("p", "a support bundle: log, plan and checks in one archive, without secrets"),
        ("Esc", "leave"),
    ),
    everywhere=EVERYWHERE,
)
