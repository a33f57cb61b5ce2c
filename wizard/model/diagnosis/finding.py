"""What a person should know that no step or check says by itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know that no step or check says by itself."""

    id: str
    what: str
    cure: str = ""
    line: int = 0  # in build.log, 0 when it is not from there
    cause: str = ""  # why it happens, in plain words
    evidence: tuple[str, ...] = ()  # the very lines, each after its number
    commands: tuple[str, ...] = ()  # what a person would type
    automatic: tuple[str, ...] = ()  # the steps that do it, by id
    manual: str = ""  # why there are none
    confidence: str = ""  # certain, likely, possible
    role: str = ""  # cause, symptom, remark
    step: str = ""  # whose output says so
    package: str = ""  # the distro package that would mend it
