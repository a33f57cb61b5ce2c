"""What F1 says: one record for each screen."""

import os
from dataclasses import dataclass

from wizard.model.settings.environment import called_again

EVERYWHERE = (
    ("Ctrl+N", "next screen"),
    ("Esc", "the screen before; nothing is lost"),
    ("Ctrl+R", "straight to the review"),
    ("Tab", "next field, table or button; Shift+Tab the one before"),
    ("Ctrl+T", "light or dark"),
    ("F1", "this help"),
    ("Ctrl+Q", "quit; the answers are kept for the next start"),
)


@dataclass(frozen=True, slots=True)
class Help:
    """What a screen decides, what it changes, how to undo that, and its keys."""

    decides: str
    changes: str
    undo: str
    keys: tuple[tuple[str, str], ...] = ()
    everywhere: tuple[tuple[str, str], ...] = EVERYWHERE  # keys that it shares with others


def as_called(text: str) -> str:
    """Name this program as a person can call it here: a clone has no devstack-venv to call."""
    return text.replace("devstack-venv --", f"{called_again(os.environ, None)} --")


NOTHING_YET = "Nothing. Only the last screen's button changes anything."

HOST = Help(
    decides="Which DevStack checkout the virtual environment goes under, if any. The rest of the "
    "screen shows what was found, and what has to be so before a build.",
    changes="Nothing, unless you let it clone DevStack: that makes the folder you name, installs "
    "git and, as root, makes the user stack where they are missing. What a cure would do is shown "
    "before it is done.",
    undo="Remove the cloned folder. The checks change nothing.",
    keys=(
        ("↑ ↓", "go through the checks; the pane explains each"),
        ("Enter", "next screen; on a check that stops the build, what its cure would do"),
        ("d", "show what the cure of a check would do, then do it"),
        ("F5", "look at the host again"),
        ("F2", "choose another DevStack, clone one, or go on without"),
    ),
)
VENV = Help(
    decides="Whether there is one virtual environment for all of DevStack's Python packages, where "
    "it is, which Python is in it and what installs into it.",
    changes=NOTHING_YET
    + " The build then makes the folder, two lines in local.conf and one file in /etc/sudoers.d.",
    undo="devstack-venv --undo puts back what a build changed; an earlier venv in this place "
    "comes back too while it waits aside.",
    keys=(
        ("Space, ← →", "choose another value"),
        ("Enter", "next field"),
    ),
)
DISTRO = Help(
    decides="Which packages of the distribution are installed before the PyPI packages: headers, "
    "compilers and programs that these need.",
    changes=NOTHING_YET + " The build then installs what is missing, in one transaction.",
    undo="Packages that were installed stay after --undo, which names the command that removes "
    "them. On this screen: u takes back the last change, r all of them.",
    keys=(
        ("Space", "use the package, or not"),
        ("/", "filter as you type; Esc clears the filter"),
        ("a", "add a package; the package manager is asked whether it knows it"),
        ("e", "edit"),
        ("d", "remove"),
        ("u", "take back the last change"),
        ("r", "back to the list as shipped"),
        ("c", "show only changes, or all"),
    ),
)
PYPI = Help(
    decides="Which PyPI packages go into the virtual environment, in which versions.",
    changes=NOTHING_YET + " The build then installs them into the virtual environment only.",
    undo="devstack-venv --undo removes the virtual environment with all in it. On this screen: u "
    "takes back the last change, r all of them.",
    keys=(
        ("Space", "use the package, or not"),
        ("/", "filter as you type; Esc clears the filter"),
        ("a", "add a requirement, such as pymysql>=1.1 or oslo.db[mysql]"),
        ("e", "edit the requirement: version, extras, marker"),
        ("d", "remove"),
        ("u", "take back the last change"),
        ("r", "back to the list as shipped"),
        ("c", "show only changes, or all"),
    ),
)
LOCAL_CONF = Help(
    decides="What devstack-venv's block in local.conf says, DevStack's four passwords among it.",
    changes=NOTHING_YET
    + " The build then writes the lines marked +; every other byte of the file stays. A password "
    "that you set here is kept in a file that only you may read, and the answers name that file.",
    undo="devstack-venv --undo puts the old local.conf back.",
    keys=(
        ("↑ ↓", "go through the lines; the pane gives the reason of each"),
        ("v", "show passwords, or hide them"),
        ("p", "set passwords, or have them generated"),
        ("a", "add another variable of local.conf"),
        ("d", "remove a variable that you added"),
    ),
)
REVIEW = Help(
    decides="Whether stack.sh runs right after the build. Else nothing new: it shows every "
    "decision and what the build would do now.",
    changes='The button that starts the build changes the machine, as the rows below "The build" '
    "say. Saving the answers writes the file that you name.",
    undo="devstack-venv --undo puts back what the build changed.",
    keys=(
        ("Enter", "go to the screen that decides this row, and come back"),
        ("s", "save the answers to a file"),
        ("t", "run stack.sh right after the build, or not"),
        ("F5", "look at the host again"),
        ("Ctrl+B", "start the build"),
    ),
)
