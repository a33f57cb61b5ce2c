"""An expected failure, as a value: what, where, and what to do instead."""

from dataclasses import dataclass

from wizard.model.exit_status import ExitStatus


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something cannot be or did not work.

    ``what`` is one plain sentence without a full stop at the end; ``where`` a path, ``file:line``
    or ``file:line:column``; ``cure`` what a person does instead (a command where there is one).
    """

    what: str
    where: str = ""
    cure: str = ""
    status: ExitStatus = ExitStatus.STEP_FAILED

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}. {self.cure}" if self.cure else text
