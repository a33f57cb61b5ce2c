"""What the program's exit status says; the README holds the same table."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """One number per way to end; 124, 130 and 143 as timeout(1) and the shell have them."""

    DONE = 0
    BUG = 1
    USAGE = 2
    ANSWERS = 3
    HOST = 4
    STEP_FAILED = 5
    CHECK_FAILED = 6
    LOCKED = 7
    NEEDS_PERSON = 8
    TIMED_OUT = 124
    INTERRUPTED = 130
    TERMINATED = 143


MEANING: dict[ExitStatus, str] = {
    ExitStatus.DONE: "done, or nothing to do",
    ExitStatus.BUG: "a bug in this program",
    ExitStatus.USAGE: "wrong usage",
    ExitStatus.ANSWERS: "answers wrong or missing",
    ExitStatus.HOST: "this host cannot",
    ExitStatus.STEP_FAILED: "a step failed",
    ExitStatus.CHECK_FAILED: "built, but a check fails",
    ExitStatus.LOCKED: "another run holds the lock",
    ExitStatus.NEEDS_PERSON: "a file changed under us or needs a person",
    ExitStatus.TIMED_OUT: "timed out",
    ExitStatus.INTERRUPTED: "interrupted (Ctrl-C)",
    ExitStatus.TERMINATED: "interrupted (terminated, or the terminal went away)",
}
