"""What local.conf would become: the lines of its diff, each with its reason."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from wizard.checks.local_conf import LocalConfCheck
from wizard.engine.planning import planning
from wizard.engine.planning.survey import Survey
from wizard.model.bash.values import Absent, Dynamic, values
from wizard.model.local_conf.editor import (
    BEGIN,
    END,
    HEADER,
    NOTED_HEADER,
    NOTED_LINE_END,
    shell_text,
    unified_diff,
    with_block,
)
from wizard.model.local_conf.managed_block import PASSWORDS
from wizard.model.machine import Reader
from wizard.model.problem import Problem
from wizard.model.secret import Mask, Secret
from wizard.model.settings.answers import FromEnvironment, FromFile
from wizard.model.settings.settings import Setting
from wizard.model.step import Pending, Satisfied
from wizard.steps.local_conf import LocalConf
from wizard.tui.effective import Effective, effective

TO_COME = "made-when-it-is-written"
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)")
_OURS = {
    BEGIN: "Everything between these two marks is replaced as a whole on every run.",
    END: "Everything between these two marks is replaced as a whole on every run.",
    HEADER: "DevStack reads its variables from this section.",
    NOTED_HEADER: "Taking the block out gives back the file as it was.",
    NOTED_LINE_END: "Taking the block out gives back the file as it was.",
}


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of the diff: ``sign`` is +, -, a space, or @ for a heading."""

    sign: str
    text: str
    number: int = 0  # in the new file; 0 for what is not in it
    why: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen to the file."""

    path: str
    state: str  # in a few words
    lines: tuple[DiffLine, ...]
    passwords: Mapping[str, str]  # where each of the four comes from
    problem: Problem | None = None
    warnings: tuple[str, ...] = ()
    effective: tuple[Effective, ...] = ()


def preview(survey: Survey, *, reveal: bool) -> Preview:
    """Ask the host for the file and say what would change; changes nothing."""
    step = _with_stand_ins(planning.local_conf_step(survey))
    text = _content(survey.host, step.path)
    state = step.state(survey.host)
    if isinstance(state, Problem):
        return Preview(step.path, "cannot be written", (), {}, state)
    assert isinstance(state, Pending | Satisfied)  # noqa: S101 -- all that is left
    reasons = dict(step.block(text).reasons())
    written = with_block(text, step.block(text).body)
    mask = _revealing if reveal else _masking(step, survey)
    said, shown = (unified_diff(step.path, text, written, m) for m in (_revealing, mask))
    lines = tuple(_lines(said, shown, reasons))
    warnings = tuple(
        f"line {remark.line}: {remark.what}. {remark.cure}".rstrip() if remark.line else remark.what
        for remark in step.warnings(text)
    )
    wanted = LocalConfCheck(step.path, survey.devstack, step.use, step.venv_path).wanted()
    read = effective(written, wanted)
    return Preview(step.path, state.why, lines, _passwords(survey, text), None, warnings, read)


def _with_stand_ins(step: LocalConf) -> LocalConf:
    """The build makes up its own passwords: the ones made up here would be a lie."""
    stand_ins = tuple(
        replace(one, secret=Secret(TO_COME)) if one.generated else one for one in step.passwords
    )
    return replace(step, passwords=stand_ins)


def _content(host: Reader, path: str) -> bytes:
    try:
        return host.read(path)
    except OSError:
        return b""


def _revealing(text: str) -> str:
    return text


def _masking(step: LocalConf, survey: Survey) -> Mask:
    known = [one.secret for one in step.passwords]
    return Mask([*known, *survey.secrets.values()])


def _lines(said: str, shown: str, reasons: Mapping[str, str]) -> Iterator[DiffLine]:
    """Tell of each line, as it may be shown, why it is there, as it is."""
    number = 0
    for line, masked in list(zip(_split(said), _split(shown), strict=True))[2:]:
        if found := _HUNK.match(line):
            number = int(found[1])
            why = "What follows are the lines that change, and three that stay on either side."
            yield DiffLine("@", f"from line {number} on", 0, why)
            continue
        sign, text = line[:1], line[1:]
        why = reasons.get(text) or _OURS.get(f"{text}\n".encode(), "")
        yield DiffLine(sign, masked[1:], 0 if sign in "-\\" else number, _why(sign, why))
        number += sign in "+ "


def _split(diff: str) -> list[str]:
    return diff.removesuffix("\n").split("\n")


def _why(sign: str, why: str) -> str:
    if sign == "-":
        return "This line goes: the block that it belongs to is written anew."
    if sign == " ":
        return "Yours: it stays as it is."
    return why


def _passwords(survey: Survey, text: bytes) -> Mapping[str, str]:
    own = values(shell_text(text))
    said = survey.settings.local_conf
    return {name: _origin(said.get(name), own.of(name)) for name in PASSWORDS}


def _origin(said: "Setting[object] | None", own: object) -> str:
    value = said.value if said else None
    if isinstance(value, FromFile):
        return f"kept in {value.path}"
    if isinstance(value, FromEnvironment):
        return f"from the environment variable {value.name}"
    if isinstance(own, Absent | Dynamic):
        return "generated"
    return "kept: local.conf sets it"
