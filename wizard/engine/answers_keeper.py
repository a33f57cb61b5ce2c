"""--save-answers: the answers that took effect, in a file of the user's."""

import os
from pathlib import Path

from wizard.engine import files
from wizard.engine.survey import Survey
from wizard.model.answers_text import save
from wizard.model.problem import Problem
from wizard.model.settings import effective


def keep(survey: Survey) -> Problem | None:
    """Write the file where one is asked for; comments of an earlier one survive."""
    if survey.arguments.save_answers is None:
        return None
    path = os.path.join(survey.caller.folder, survey.arguments.save_answers)  # noqa: PTH118
    try:
        old: bytes | None = Path(path).read_bytes()
    except OSError:
        old = None
    text = save(effective(survey.settings), (old or b"").decode(errors="replace"), path)
    if isinstance(text, tuple):
        return text[0]
    if old is not None and text.encode() == old:
        return None
    written = files.replace(path, text.encode(), expected=old, mode=0o600)
    return written if isinstance(written, Problem) else None
