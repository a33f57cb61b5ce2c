"""--save-answers: the answers that took effect, in a file of the user's."""

import os
from dataclasses import replace

from wizard.engine.files import files
from wizard.engine.files.target import locate, read_content
from wizard.engine.planning.survey import Survey
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.settings.answers_text import save
from wizard.model.settings.settings import effective


def keep(survey: Survey) -> Problem | None:
    """Write the file where one is asked for; comments of an earlier one survive."""
    if survey.arguments.save_answers is None:
        return None
    path = os.path.join(survey.caller.folder, survey.arguments.save_answers)  # noqa: PTH118
    problem = _keep(survey, path)
    if problem is None or problem.status is ExitStatus.NEEDS_PERSON:
        return problem
    return replace(problem, status=ExitStatus.ANSWERS)  # nothing has been done so far


def _keep(survey: Survey, path: str) -> Problem | None:
    target = locate(path)
    old = target if isinstance(target, Problem) else read_content(target)
    if isinstance(old, Problem):
        return old
    text = save(effective(survey.settings), (old or b"").decode(errors="replace"), path)
    if isinstance(text, tuple):
        return text[0]
    if text.encode() == old:
        return None
    written = files.replace(path, text.encode(), expected=old, mode=0o600)
    return written if isinstance(written, Problem) else None
