"""How far a stack.sh is, by its output.

What its ``echo_summary`` says reaches us in one of two ways, whatever the release. With a trace
(VERBOSE, the default) the trace itself has the call; with a log file as well there is nothing else
of it, because the text then goes to DevStack's own summary only. Without a trace the text comes
alone, and is the only thing that DevStack stamps.
"""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from wizard.model.foreign_text import harmless
from wizard.model.stack_sh.outline import END_CALL, Outline
from wizard.model.stack_sh.trace import Line, read, words

_SAYS = re.compile(r"\becho_summary\s+(\S.*)$")
_AT = re.compile(r"\bstack\.sh:main:(\d+)\b")  # since 2016 the trace names file, function and line
_ASKS = "Enter a password now:"
_QUESTION = re.compile(r"^ENTER A .+")
_NAMES_ERROR = re.compile(r"\b(?:\w*(?:Error|Exception)|[Ee]rror|fatal|E): \S")
_LATELY = 40  # lines before it gives up in which the cause may be
_ERROR = re.compile(r"\[ERROR\] (?:\S+:\d+ )?(.+)")
_GIVES_UP = re.compile(r"^(?:Error on exit\b|\S+ failed(?:: full log in |$))")


@dataclass(slots=True)
class Reading:
    """Takes in line by line; never goes back, whatever a line says."""

    outline: Outline
    phase: int = 0
    passed: int = 0  # announcements of this phase that were made, or left out
    announced: str = ""  # the last one of this phase
    complaint: str = ""  # the error that it gave up for
    question: str = ""  # what it asked for and nobody answered
    _is_logged: bool = False  # everything is stamped, not only what is announced
    _lately: deque[str] = field(default_factory=lambda: deque(maxlen=_LATELY))
    _asked: str = ""
    _has_given_up: bool = False

    @property
    def total(self) -> int:
        """How many announcements this phase can make."""
        return len(self.outline.phases[self.phase].announced)

    def feed(self, raw: str) -> bool:
        """Take in a line; whether it says that stack.sh is further."""
        before = (self.phase, self.passed, self.announced)
        line = read(harmless(raw))
        if line.is_trace:
            self._is_logged |= line.is_stamped
            self._trace(line.text)
        elif line.is_stamped and not self._is_logged:
            self._announce(line.text)
        self._listen(line)
        return before != (self.phase, self.passed, self.announced)

    def _trace(self, text: str) -> None:
        if at := _AT.search(text):
            self._go_to(self.outline.at_line(int(at[1])))
        if (call := END_CALL.search(text)) and (ends := self.outline.named(call[1])) is not None:
            self._go_to(ends)
        if says := _SAYS.search(text):
            self._announce(words(says[1]))

    def _go_to(self, phase: int) -> None:
        if phase > self.phase:
            self.phase, self.passed, self.announced = phase, 0, ""

    def _announce(self, text: str) -> None:
        if found := self.outline.announcing(text, self.phase, self.passed):
            self._go_to(found[0])
            self.passed = found[1] + 1
        self.announced = text.strip() or self.announced

    def _listen(self, line: Line) -> None:
        """Remember why it gives up, and what it asks for."""
        if line.is_trace or self._has_given_up:
            return
        text = line.text.strip()
        if error := _ERROR.search(text):
            self.complaint = error[1]
        elif _GIVES_UP.match(text):
            self._has_given_up = True
            self.complaint = self.complaint or _cause(self._lately)
        elif text == _ASKS:
            self.question = self._asked
        elif _QUESTION.match(text):
            self._asked = text
        self._lately += [text] * bool(text)


def _cause(said: Iterable[str]) -> str:
    """Return the last line that names an error, or else the last."""
    lines = list(said)
    return next(filter(_NAMES_ERROR.search, reversed(lines)), lines[-1] if lines else "")
