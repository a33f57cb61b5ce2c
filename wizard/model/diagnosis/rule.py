"""What a known failure looks like in a log, why it happens, and what to do about it."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum


class Role(StrEnum):
    """What a line is in the story of a failure."""

    CAUSE = "cause"
    SYMPTOM = "symptom"  # follows from something else: counts when nothing else is known
    REMARK = "remark"  # does no harm by itself: never a failure alone


class Confidence(StrEnum):
    """How sure the line makes us; declared from sure to unsure."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Automatic(StrEnum):
    """Steps that a cure may consist of, by id; what a person confirms first is shown first."""

    ADD_PACKAGE = "add-distro-package"  # to the answers, then the distro packages again
    REFRESH_INDEX = "refresh-package-index"
    CONFIGURE_DPKG = "configure-dpkg"
    MEND_DEPENDENCIES = "mend-dependencies"
    WAIT_FOR_LOCK = "wait-for-lock"
    RETRY = "retry"
    REBUILD_VENV = "rebuild-venv"
    OWN_VENV = "own-venv"
    LOCAL_CONF = "local-conf"
    LINE_ENDS = "unix-line-ends"
    SUDO_PATH = "sudoers-drop-in"
    ACTIVATION = "activation"
    PIN_SETUPTOOLS = "pin-setuptools"
    CLEAN_ENVIRONMENT = "clean-environment"


UNASKED = frozenset(
    {Automatic.REFRESH_INDEX, Automatic.WAIT_FOR_LOCK, Automatic.RETRY, Automatic.CLEAN_ENVIRONMENT}
)
"""What may be done without asking: it changes nothing that anybody else relies on."""


@dataclass(frozen=True, slots=True)
class Cure:
    """What a person does instead: words, commands to type, and the steps that do it for them.

    Without steps ``manual`` says why a person has to do it.
    """

    text: str
    commands: tuple[str, ...] = ()
    steps: tuple[Automatic, ...] = ()
    manual: str = ""

    @property
    def is_unasked(self) -> bool:
        """Whether there are steps, and nobody has to agree to them first."""
        return bool(self.steps) and UNASKED.issuperset(self.steps)


class Kind(StrEnum):
    """What a build can look for in vain."""

    HEADER = "header"
    LIBRARY = "library"
    COMMAND = "command"
    MODULE = "pkg-config module"


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a distro package would bring."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Case:
    """What a log tells beyond a rule: where it holds, its words replace the rule's."""

    example: str  # the rule's line, and the line beside it
    when: str = ""  # searched for in the rule's line
    beside: str = ""  # a pattern for any line that somebody said; its groups fill in words, too
    traced: str = ""  # a text in any line of a trace, to the letter
    what: str = ""
    cause: str = ""
    cure: str = ""
    commands: tuple[str, ...] = ()
    manual: str = ""

    def holds(self, line: str, known: AbstractSet[str]) -> bool:
        """Whether it is one that a line tells, together with what others say."""
        elsewhere = self.beside or self.traced
        is_known = not elsewhere or elsewhere in known
        return is_known and (not self.when or bool(re.search(self.when, line)))


@dataclass(frozen=True, slots=True)
class Rule:
    """One failure; in its texts ``{name}`` is what a pattern's group of that name holds."""

    id: str
    areas: tuple[str, ...]
    match: tuple[str, ...]
    what: str
    cause: str
    cure: Cure
    role: Role = Role.CAUSE
    confidence: Confidence = Confidence.CERTAIN
    missing: tuple[Kind, str] | None = None  # what is missing, and the group that names it
    confirm: str = ""  # counts only when a later line matches this
    lasting: bool = False  # does its harm late: a run that goes on has not survived it
    since: str = ""  # DevStack series from which on it can happen, as 2023.2
    until: str = ""  # and the last one
    examples: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()  # the first that holds counts

    def case(self, line: str, known: AbstractSet[str] = frozenset()) -> Case | None:
        """Return the case that a line is, where other lines say what is ``known``."""
        return next((case for case in self.cases if case.holds(line, known)), None)

    def told_by(self, case: Case | None) -> "Rule":
        """Return it in the words of a case."""
        if case is None:
            return self
        told = self.cure
        manual = case.manual or told.manual
        cure = replace(told, text=case.cure or told.text, manual=manual)
        if case.cure or case.commands:  # other words, other commands
            cure = replace(cure, commands=case.commands)
        return replace(self, what=case.what or self.what, cause=case.cause or self.cause, cure=cure)

    def lacks(self, captures: Mapping[str, str]) -> Missing | None:
        """Return what is missing, by the words of the log."""
        return Missing(self.missing[0], captures[self.missing[1]]) if self.missing else None

    def tells(self, group: str) -> bool:
        """Whether its words differ with what a group captured."""
        cure = self.cure
        words = (self.what, self.cause, cure.text, cure.manual, *cure.commands)
        is_missing = self.missing is not None and self.missing[1] == group
        return is_missing or any(f"{{{group}}}" in text for text in words)

    def holds_for(self, series: str) -> bool:
        """Whether it can happen on this DevStack; "" is one that nobody knows."""
        if not series:
            return True
        return (not self.since or _year(series) >= _year(self.since)) and (
            not self.until or _year(series) <= _year(self.until)
        )


@dataclass(frozen=True, slots=True)
class Ending:
    """A line after which things look different: all went well, or what follows is aftermath."""

    match: str
    well: bool
    id: str = "ending"


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules."""

    rules: tuple[Rule, ...] = ()
    endings: tuple[Ending, ...] = ()

    def of(self, series: str) -> "RuleBook":
        """Return what can happen on a DevStack of this series; "" is one that nobody knows."""
        return RuleBook(tuple(r for r in self.rules if r.holds_for(series)), self.endings)


def _year(series: str) -> tuple[int, ...]:
    """Order series: 2023.2 by its numbers, master last, older names (zed, kilo) first."""
    if series == "master":
        return (9999,)
    numbers = re.findall(r"\d+", series)
    return tuple(map(int, numbers)) if numbers else (0, ord(series[0]))
