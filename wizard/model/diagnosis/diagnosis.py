"""What went wrong in a log: every rule on every line, the cause before its consequences."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wizard.model.diagnosis import log_line
from wizard.model.diagnosis.clue import Clue, Clues, Says
from wizard.model.diagnosis.log_line import Line
from wizard.model.diagnosis.rule import Confidence, Ending, Role, Rule

MOST = 200  # different findings that are kept of one log
_BEFORE = 400  # lines looked through for the command that a line belongs to
_ROLES, _CONFIDENCES = tuple(Role), tuple(Confidence)


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that holds, and the lines that say so."""

    rule: Rule
    captures: Mapping[str, str]
    lines: tuple[Line, ...]
    role: Role
    command: str = ""  # what was under way, as far as the log tells
    times: int = 1

    @property
    def line(self) -> int:
        """Where it is said first."""
        return self.lines[0].number

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for the same failure of the same thing."""
        return self.rule.id, *self.captures.items()

    @property
    def rank(self) -> tuple[int, int, int]:
        """Smallest for what a person should read first: the first sure cause."""
        confidence = _CONFIDENCES.index(self.rule.confidence)
        return _ROLES.index(self.role), confidence, self.line


@dataclass(frozen=True, slots=True)
class Before:
    """The lines above one: not copied, for hardly anybody asks."""

    lines: Sequence[bytes]
    end: int

    def command(self) -> str:
        """Return the last command that a trace, or our own log, shows there; "" where none is."""
        for index in range(self.end - 1, max(-1, self.end - _BEFORE), -1):
            line = self.lines[index]
            if line[:1] in {b"+", b"$"} or b"| +" in line[:60]:
                said = log_line.command(log_line.cleaned(line))
                if said and log_line.is_work(said):
                    return said
        return ""


@dataclass(slots=True)
class Scan:
    """One pass over one log, fed with whole lines; holds a few lines, however long the log is."""

    clues: Clues
    line: int = 1  # the number of the next one
    ended_well: bool = False
    command: str = ""  # what was under way at the end, or when it all went wrong
    _found: dict[tuple[object, ...], Found] = field(default_factory=dict)
    _waiting: dict[str, Found] = field(default_factory=dict)  # by rule: may be confirmed
    _aftermath: bool = False

    def feed(self, text: bytes) -> tuple[Found, ...]:
        """Take in lines; return what they newly say."""
        lines = text.split(b"\n")
        news: list[Found] = []
        for index, clues in self.clues.candidates(text).items():
            said = log_line.cleaned(lines[index])
            if said and not log_line.command(said):
                news += self._heard(Line(self.line + index, said), clues, Before(lines, index))
        self.line += len(lines) - 1
        if not self._aftermath:
            self.command = Before(lines, len(lines)).command() or self.command
        return tuple(news)

    @property
    def broke_off(self) -> bool:
        """Whether stack.sh itself says that it stopped, and did not come to a good end after."""
        return self._aftermath

    def findings(self) -> tuple[Found, ...]:
        """Return what is known so far, what to read first coming first."""
        return tuple(sorted(self._found.values(), key=lambda found: found.rank))

    def unconfirmed(self) -> tuple[Found, ...]:
        """Return what would be a failure if a later line said so, and none has."""
        return tuple(self._waiting.values())

    def _heard(self, line: Line, clues: Iterable[Clue], before: Before) -> Iterator[Found]:
        """Test one line, and take in what it says."""
        heard: dict[tuple[Says, str], tuple[Rule | Ending, re.Match[str]]] = {}
        for clue in clues:
            if match := clue.pattern.search(line.text):
                heard.setdefault((clue.says, clue.owner.id), (clue.owner, match))
        rules = [owner for (says, _), (owner, _) in heard.items() if says is Says.FAILED]
        for (says, _), (owner, match) in heard.items():
            if isinstance(owner, Ending):
                self._end(owner, before.command())
            elif says is Says.CONFIRMED:
                yield from self._confirm(owner, line)
            elif not is_outdone(owner, rules):
                captures = {name: value or "" for name, value in match.groupdict().items()}
                command = before.command() or self.command
                role = Role.SYMPTOM if self._aftermath else owner.role
                yield from self._take(Found(owner, captures, (line,), role, command))

    def _take(self, found: Found) -> Iterator[Found]:
        """Keep what was found, or let it wait for its confirmation."""
        if found.rule.confirm:
            self._waiting.setdefault(found.rule.id, found)
        elif known := self._found.get(found.identity):
            self._found[found.identity] = replace(known, times=known.times + 1)
        elif len(self._found) < MOST:
            self._found[found.identity] = found
            self.ended_well = False
            yield found

    def _confirm(self, rule: Rule, line: Line) -> Iterator[Found]:
        if found := self._waiting.pop(rule.id, None):
            found = replace(found, lines=(*found.lines, line))
            if found.identity not in self._found:
                self._found[found.identity] = found
                self.ended_well = False
                yield found

    def _end(self, ending: Ending, command: str) -> None:
        """All is well now, whatever was said before; or the rest only clears up."""
        self.ended_well, self._aftermath = ending.well, not ending.well
        if ending.well:
            for kept in (self._found, self._waiting):
                kept.clear()
        else:
            self.command = command or self.command


def is_outdone(rule: Rule, rules: Iterable[Rule | Ending]) -> bool:
    """Whether a rule adds nothing to what others know of the same line."""
    weight = _weight(rule)
    known = (_weight(other) for other in rules if isinstance(other, Rule))
    return weight > 0 and min(known) < weight


def _weight(rule: Rule) -> int:
    """Smallest for a cause, largest for what only repeats the words of a program."""
    if rule.role is not Role.SYMPTOM:
        return 0
    return 1 + (rule.confidence is Confidence.POSSIBLE)


def is_failure(findings: Iterable[Found]) -> bool:
    """Whether any of these is more than a remark."""
    return any(found.role is not Role.REMARK for found in findings)
