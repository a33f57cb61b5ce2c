"""What went wrong in a log: every rule on every line, the cause before its consequences."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wizard.model.diagnosis import log_line
from wizard.model.diagnosis.clue import Clue, Clues, Says
from wizard.model.diagnosis.log_line import Line
from wizard.model.diagnosis.piece import Before, Piece
from wizard.model.diagnosis.rule import Confidence, Ending, Role, Rule

MOST = 200  # different findings that are kept of one log
SURVIVED = 300  # commands of a trace after which what was said before has not stopped the run
LAST_WORDS = 10  # the same, where stack.sh itself says why it stops
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
    progress: int = 0  # commands of the trace before it was said last
    is_survived: bool = False  # the run went on after it, command by command

    @property
    def line(self) -> int:
        """Where it is said first."""
        return self.lines[0].number

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for the same failure of the same thing: for what is told in the same words."""
        told = (item for item in self.captures.items() if self.rule.tells(item[0]))
        return self.rule.id, *told

    @property
    def rank(self) -> tuple[int, bool, int, int]:
        """Smallest for what a person should read first: the first sure cause."""
        confidence = _CONFIDENCES.index(self.rule.confidence)
        return _ROLES.index(self.role), self.is_survived, confidence, self.line


Heard = dict[tuple[Says, str], tuple[Rule | Ending, re.Match[str]]]
"""What one line says, by kind and by rule."""


@dataclass(slots=True)
class Scan:
    """One pass over one log, fed with whole lines; holds a few lines, however long the log is."""

    clues: Clues
    line: int = 1  # the number of the next one
    ended_well: bool = False
    command: str = ""  # what was under way at the end, or when it all went wrong
    _found: dict[tuple[object, ...], Found] = field(default_factory=dict)
    _waiting: dict[str, Found] = field(default_factory=dict)  # by rule: may be confirmed
    # what lines say that tell more of others, by pattern
    _beside: dict[str, tuple[Line, Mapping[str, str]]] = field(default_factory=dict)
    _aftermath: bool = False
    _asked: bool = False  # whether somebody typed a command after the end
    _progress: int = 0  # commands of the trace so far

    def feed(self, text: bytes) -> tuple[Found, ...]:
        """Take in lines; return what they newly say."""
        lines = text.split(b"\n")
        piece = Piece(lines, self._progress)
        news: list[Found] = []
        seen = 0
        for index, clues in self.clues.candidates(text).items():
            self._look_for_prompt(lines[seen:index])
            seen = index
            said = log_line.cleaned(lines[index])
            is_trace = bool(log_line.command(said))
            heard = [clue for clue in clues if clue.is_traced == is_trace]
            if said and heard:
                line = Line(self.line + index, said)
                news += self._heard(line, heard, Before(piece, index))
        self._look_for_prompt(lines[seen:])
        self.line += len(lines) - 1
        if not self._aftermath:
            self.command = Before(piece, len(lines)).command() or self.command
            self._progress = piece.commands[-1]
        return tuple(map(self._told, news))

    def _look_for_prompt(self, lines: Sequence[bytes]) -> None:
        """What stack.sh clears up goes on to the next prompt; what is below was asked for."""
        if self._aftermath and not self._asked:
            self._asked = any(map(log_line.is_prompt, lines))

    @property
    def broke_off(self) -> bool:
        """Whether stack.sh itself says that it stopped, and did not come to a good end after."""
        return self._aftermath

    def findings(self) -> tuple[Found, ...]:
        """Return what is known so far, what to read first coming first."""
        found = tuple(self._found.values())
        limit = LAST_WORDS if any(map(self._is_last_word, found)) else SURVIVED
        judged = (self._judged(self._told(one), limit) for one in found)
        return tuple(sorted(judged, key=lambda one: one.rank))

    def unconfirmed(self) -> tuple[Found, ...]:
        """Return what would be a failure if a later line said so, and none has."""
        return tuple(self._waiting.values())

    def _told(self, found: Found) -> Found:
        """Say it in other words where another line of the log tells more."""
        case = found.rule.case(found.lines[0].text, self._beside.keys())
        if case is None or not (case.beside or case.traced):
            return found
        line, captures = self._beside[case.beside or case.traced]
        told = found.rule.told_by(case)
        return replace(
            found, rule=told, captures={**found.captures, **captures}, lines=(*found.lines, line)
        )

    def _is_last_word(self, found: Found) -> bool:
        """Whether a rule knows why from what DevStack's ``die`` says at the end."""
        is_sure = found.role is Role.CAUSE and found.rule.confidence is Confidence.CERTAIN
        is_said = found.lines[-1].text.startswith("[ERROR] ")
        return is_sure and is_said and self._progress - found.progress <= LAST_WORDS

    def _judged(self, found: Found, limit: int) -> Found:
        """Take for a symptom what the run survived."""
        is_past = self._progress - found.progress > limit
        if found.role is Role.REMARK or found.rule.lasting or not is_past:
            return found
        return replace(found, role=Role.SYMPTOM, is_survived=True)

    def _heard(self, line: Line, clues: Iterable[Clue], before: Before) -> Iterator[Found]:
        """Test one line, and take in what it says."""
        heard = self._matching(line, clues)
        rules = [owner for (says, _), (owner, _) in heard.items() if says is Says.FAILED]
        is_end = any(says is Says.ENDED for says, _ in heard)
        is_warned = log_line.is_warning(line.text)
        for (says, _), (owner, match) in heard.items():
            if isinstance(owner, Ending):
                self._end(owner, before)
            elif says is Says.CONFIRMED:
                yield from self._confirm(owner, line, None if is_end else before)
            elif not (is_outdone(owner, rules) or (is_warned and owner.role is not Role.REMARK)):
                yield from self._take(self._failure(owner, match, line, before))

    def _matching(self, line: Line, clues: Iterable[Clue]) -> Heard:
        """Return what a line says; what only tells more of other lines is remembered."""
        heard: Heard = {}
        for clue in clues:
            match = clue.pattern.search(line.text)
            if match and clue.says is Says.BESIDE:
                self._beside.setdefault(clue.match, (line, match.groupdict()))
            elif match:
                heard.setdefault((clue.says, clue.owner.id), (clue.owner, match))
        return heard

    def _failure(self, rule: Rule, match: re.Match[str], line: Line, before: Before) -> Found:
        captures = {name: value or "" for name, value in match.groupdict().items()}
        command = before.command() or self.command
        is_echo = self._aftermath and not (self._asked or before.is_record())
        role = Role.SYMPTOM if is_echo else rule.role
        told = rule.told_by(rule.case(line.text))
        return Found(told, captures, (line,), role, command, 1, before.commands())

    def _take(self, found: Found) -> Iterator[Found]:
        """Keep what was found, or let it wait for its confirmation."""
        if found.rule.confirm:
            self._waiting.setdefault(found.rule.id, found)
        elif known := self._found.get(found.identity):
            known = replace(known, times=known.times + 1, progress=found.progress)
            self._found[found.identity] = known
        elif len(self._found) < MOST:
            self._found[found.identity] = found
            self.ended_well = False
            yield found

    def _confirm(self, rule: Rule, line: Line, before: Before | None) -> Iterator[Found]:
        if found := self._waiting.pop(rule.id, None):
            progress = before.commands() if before else found.progress
            found = replace(found, lines=(*found.lines, line), progress=progress)
            if found.identity not in self._found:
                self._found[found.identity] = found
                self.ended_well = False
                yield found

    def _end(self, ending: Ending, before: Before) -> None:
        """All is well now, whatever was said before; or the rest only clears up."""
        self.ended_well, self._aftermath, self._asked = ending.well, not ending.well, False
        if ending.well:
            self._found.clear()
            self._waiting.clear()
            self._beside.clear()
        else:
            self.command = before.command() or self.command
            self._progress = before.commands()


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
