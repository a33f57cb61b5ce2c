"""What a stack.sh is going to do: its phases, and what it announces in each.

Every release says so in its own text. At the end of each phase stack.sh calls whoever has something
to add: ``run_phase stack install`` does since 2015, ``source extras.d/... stack install`` did
before. What leads up to such a call, and the call itself, is the phase that it names here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from wizard.model.stack_sh.trace import words

END_CALL = re.compile(r"\b(?:run_phase|source\s+\S+)\s+stack\s+([a-z][\w-]*)")
"""The call that ends a phase, in the text of stack.sh and in what bash traces of it."""

_ANNOUNCES = re.compile(r"^\s*echo_summary\s+(\S.*)$")
_WARNS = ("WARNING", "SKIPPING")
_VARIABLE = re.compile(r"[$`].*")
WHOLE = "run"  # the one phase of a script that names none


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase by DevStack's name; ``last_line`` is where it ends in the text (0: at its end)."""

    name: str
    announced: tuple[str, ...]  # what comes before a variable, where there is one
    last_line: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """The phases in their order; what follows the last call belongs to the last phase."""

    phases: tuple[Phase, ...]

    def at_line(self, number: int) -> int:
        """Return the place of the phase that this line of the text belongs to."""
        ended = sum(0 < phase.last_line < number for phase in self.phases)
        return min(ended, len(self.phases) - 1)

    def named(self, name: str) -> int | None:
        """Return the place of a phase by its name."""
        return next((n for n, phase in enumerate(self.phases) if phase.name == name), None)

    def announcing(self, text: str, phase: int, passed: int) -> tuple[int, int] | None:
        """Find what was announced, from here on: its phase, and its number within."""
        for number in range(phase, len(self.phases)):
            announced = self.phases[number].announced
            for place in range(passed if number == phase else 0, len(announced)):
                if text.startswith(announced[place]):
                    return number, place
        return None


def outline(text: str) -> Outline:
    """Read the text of a stack.sh."""
    phases = list(_phases(text))
    *ended, rest = phases
    if not ended:
        return Outline((replace(rest, name=WHOLE),))
    last = replace(ended[-1], announced=(*ended[-1].announced, *rest.announced), last_line=0)
    return Outline((*ended[:-1], last))


def _phases(text: str) -> Iterator[Phase]:
    """Yield each phase that a call ends, then what is left."""
    announced: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if found := _ANNOUNCES.match(line):
            said = _VARIABLE.sub("", words(found[1]))
            announced += [said] * bool(said.strip() and not said.startswith(_WARNS))
        elif not line.lstrip().startswith("#") and (call := END_CALL.search(line)):
            yield Phase(call[1], tuple(announced), number)
            announced = []
    yield Phase("", tuple(announced))
