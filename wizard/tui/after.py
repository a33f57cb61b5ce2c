"""What may come after a run: the ways that its result screen offers."""

from dataclasses import dataclass

from wizard.model.exit_status import ExitStatus


@dataclass(frozen=True, slots=True)
class Retry:
    """Build again with the same answers: what is done is found done."""


@dataclass(frozen=True, slots=True)
class ChangeAnswers:
    """Back to the review."""


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
    """The user went while the run goes on."""


After = Retry | ChangeAnswers | ShowLog | Undone | Leave
