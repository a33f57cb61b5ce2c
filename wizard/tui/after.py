"""What may come after a run: the ways that its result screen offers."""

from dataclasses import dataclass, replace
from pathlib import Path

from wizard.model.exit_status import ExitStatus
from wizard.model.settings.answers import Answers


@dataclass(frozen=True, slots=True)
class Retry:
    """Build again with the same answers: what is done is found done."""


@dataclass(frozen=True, slots=True)
class Cure:
    """Do what mends a finding, by its id, then go on with the build."""

    finding: str


@dataclass(frozen=True, slots=True)
class RunStack:
    """Build again, which finds all done, and then run stack.sh."""


@dataclass(frozen=True, slots=True)
class Mend:
    """Ask every check, do the steps that mend what fails, and ask again."""


@dataclass(frozen=True, slots=True)
class ChangeAnswers:
    """Back to the review, with the answers of this run."""

    folder: Path


@dataclass(frozen=True, slots=True)
class ShowLog:
    """Back to the log."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What the run changed is put back."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave the program."""

    status: ExitStatus


@dataclass(frozen=True, slots=True)
class Gone:
    """The user went while this run goes on."""

    folder: Path


Again = Retry | Cure | RunStack | Mend
"""Another run, made from this one."""

After = ChangeAnswers | ShowLog | Undone | Leave


def changed(answers: Answers, after: Again) -> Answers:
    """Return the answers of the next run."""
    if isinstance(after, RunStack):
        return replace(answers, build=replace(answers.build, stack=True))
    return answers
