"""How a screen is entered and how it is left: with answers, always."""

from dataclasses import dataclass
from pathlib import Path

from wizard.engine.planning.survey import Survey
from wizard.model.settings.answers import Answers
from wizard.tui.session import Problems, Session

Found = Survey | Problems | None
"""What looking at the host gave; None: nobody has looked yet."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a screen starts from."""

    session: Session
    answers: Answers
    found: Found = None
    errand: bool = False  # called from the review, and leads back there


@dataclass(frozen=True, slots=True)
class Left:
    """To the screen of this number."""

    answers: Answers
    found: Found
    to: int
    errand: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """To a run that goes on."""

    answers: Answers
    folder: Path


Outcome = Left | Watch
