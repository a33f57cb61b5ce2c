"""Lines of a log that look like what went wrong, where no rule knows it.

Nothing here is knowledge: forms in which programs say that they give up are told from those in
which they only pass on that another one did, and the end of a run from what came before.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, auto

from wizard.model.diagnosis import log_line
from wizard.model.diagnosis.diagnosis import Found
from wizard.model.diagnosis.log_line import Line
from wizard.model.diagnosis.rule import Ending

MOST = 5  # lines that a person gets to see
_KEPT = 200  # lines that are remembered of one command, or of all before it


class Weight(IntEnum):
    """How much a line looks like the reason of a failure."""

    NONE = auto()
    FOLLOWS = auto()  # passes on that another one failed
    MENTIONS = auto()  # speaks of errors
    SAYS = auto()  # a program's own last words


_HARMLESS = re.compile(
    r"^\s*(?:checking |looking for |-- |running `|compiler for |get:\d|hit:\d|ign:\d|err:\d"
    r"|selecting |unpacking |setting up |copying |adding |creating |collecting |using cached"
    r"|downloading |installing collected|requirement already|dpkg-deb: building|w: )"
    r"|[\w./-]*(?:errors?|exceptions?|fail\w*)\w*(?:\.(?:py|c|h|o|so|rst|html|pm)\b|-\d)"
    r"|\b(?:no|0|without|ignored?|ignoring) (?:errors?|fail\w+)|errors?[ =:]+0\b"
    r"|could not reliably determine|^\s*raise \w|not upgraded|error log may have|lib\w*error"
    r"|can not write log|^\s*note: |\bah0055[78]:"
    r"|^\s*(?:debug|info|notice|\[.{24,32}\] \[\w*:(?:info|notice|debug)\])\s|^warning:? "
)
_FOLLOWS = re.compile(
    r"^\s*(?:error|\W) ?:? [a-z]+(?:-[a-z]+)+$|finished with status 'error'|error originates from"
    r"|returned an error code|errors were encountered"
    r"|did not run successfully|failed (?:to build|building wheel)\b|could not build wheels"
    r"|command errored out|returned non-zero|build backend returned|encountered error while"
    r"|build_meta.*failed|exit (?:status|code):? \d|error code:? \d|error on exit"
    r"|\[error\] /\S+:\d+"  # DevStack's die, after which its caller gave up
    r"|command '[^']*(?:gcc|cc|g\+\+|clang)' failed|compilation terminated|ld returned \d"
    r"|make(?:\[\d+\])?: \*\*\*|ninja: build stopped|cmake error at|configuring incomplete"
    r"|traceback \(most|during handling of|above exception was|^\s*(?:error: )?exception:?$"
    r"|dpkg: error processing|sub-process|held broken packages|some packages could not be"
    r"|unable to correct problems|list of sources could not|some index files failed"
    r"|no solution found|request failed after|^error: failed to (?:fetch|download|install)"
    r"|failed to fetch:|failed to start|failed with result|control process exited|aborting$"
    r"|configuration error|syntax error on line \d+ of /etc/apache2|unable to open logs"
    r"|could not read from remote|clone of .* failed|no matching distribution"
    r"|^\s*(?:hint|note)\b|for (?:more )?(?:details|information)|see (?:above|the|also)\b"
)
_SAYS = re.compile(
    r"^\s*(?:e|fatal|error|err|fatal error|critical|dpkg(?:-\w+)?|sudo|su|rpm|tar|curl|wget|ssh"
    r"|mount|useradd|systemctl|visudo|package \S+ requires|modprobe|problem|cause|caused by): "
    r"|^(?:\S+: )?error \d+ |^\(\d+\)|\bah\d{5}: |[╰×]─?▶? "  # noqa: RUF001 -- uv's mark
    r"|^\s*(?:\w+\.)*_?\w*(?:error|exception|notfound|interrupt|refused|timeout|failed|denied"
    r"|invalid|conflict|unavailable|missing|exists)(?:: |:?$)"
    r"|^\s*\S+\.\w+:\d+(?::\d+)?: (?:fatal )?error: |^\S+: line \d+: |^/bin/\w+: \d+: "
    r"|: (?:fatal error|undefined reference|syntax error|command not found|not found$|cannot "
    r"|can't |no such |permission denied|read-only file|no space|connection refused|out of)"
    r"|\[errno \d+\]|\(http \d{3}\)|os error \d+|\((?:code=)?exited|unmet dependencies"
    r"|\b(?:critical|error|emerg|crit|alert)\b \[?[a-z_]+(?:\.\w+)+"
    r"|\[(?:\w*:)?(?<!wsgi:)(?:error|emerg|crit)\]|^[\w./-]+: (?:fatal|error): "
    r"|\berror: (?:dependency|unknown|problem|program)|killed|segmentation fault|core dumped"
    r"|can ?not locate|was interrupted|not created successfully|^!!! .*!!!|please tell me"
    r"|no module named|invalid command|must be (?:installed|set|run)|is required to|already in use"
)
_MENTIONS = re.compile(
    r"error|fatal|fail|cannot|can't|could ?n[o']t|unable to|denied|not found|no such|exception"
    r"|critical|abort|panic|refused|invalid|unknown|missing|not supported|unsupported|mismatch"
    r"|not exist|timed? ?out|not available|is required|no package|does not|did ?n[o']t|unexpected"
)


def weight(text: str) -> Weight:
    """Return how much a line, as it was said, looks like the reason of a failure."""
    small = text.lower()
    if _HARMLESS.search(small):
        return Weight.NONE
    forms = ((Weight.FOLLOWS, _FOLLOWS), (Weight.SAYS, _SAYS), (Weight.MENTIONS, _MENTIONS))
    weighs = next((weighs for weighs, form in forms if form.search(small)), Weight.NONE)
    return min(weighs, Weight.MENTIONS) if "warning: " in small else weighs


@dataclass(slots=True)
class Suspects:
    """One pass over one log, fed with whole lines."""

    endings: Iterable[Ending]
    line: int = 1  # the number of the next one
    _now: list[tuple[Weight, Line]] = field(default_factory=list)  # since the last command
    _before: list[tuple[Weight, Line]] = field(default_factory=list)
    _is_over: bool = False

    def feed(self, text: bytes) -> None:
        """Take in lines."""
        for raw in text.split(b"\n")[:-1]:
            if not self._is_over and (said := log_line.cleaned(raw)):
                self._hear(Line(self.line, said))
            self.line += 1

    def found(self) -> Sequence[Line]:
        """Return the likeliest first, of what was said last before it was over."""
        ranked = (*sorted(self._now, key=_rank), *sorted(self._before, key=_rank))
        return [line for _, line in ranked[:MOST]]

    def _hear(self, line: Line) -> None:
        said = line.text
        if command := log_line.command(said):
            if log_line.is_work(command):
                self._before = [*self._before, *self._now][-_KEPT:]
                self._now = []
        elif ending := next((e for e in self.endings if re.search(e.match, said)), None):
            self._now, self._before = ([], []) if ending.well else (self._now, self._before)
            self._is_over = not ending.well
        elif (weighs := weight(said)) > Weight.NONE and len(self._now) < _KEPT:
            self._now.append((weighs, line))


def _rank(one: tuple[Weight, Line]) -> tuple[int, int]:
    """Order by weight, then as they were said."""
    return -one[0], one[1].number


def beyond(lines: Sequence[Line], found: Found) -> Line | None:
    """Return a program's own last words besides what was found, the likeliest reason of it."""
    last_words = (line for line in lines if weight(line.text) is Weight.SAYS)
    known = {line.text.strip() for line in found.lines}
    return next((line for line in last_words if line.text.strip() not in known), None)


def quoted(line: Line) -> str:
    """Return a line and where it stands, for a sentence."""
    return f"line {line.number}: «{line.text.strip()}»"
