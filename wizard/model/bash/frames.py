"""The compound commands around a simple one, and what they say of whether and where it runs."""

from dataclasses import dataclass, field
from enum import StrEnum

from wizard.model.bash.words import UnreadableError

_LISTS = {"&&", "||"}
_PIPES = {"|", "|&"}


class Context(StrEnum):
    """Whether a command surely runs, and in the shell that reads the text."""

    TOP = "top"
    CONDITIONAL = "conditional"
    FUNCTION = "function"
    SUBSHELL = "subshell"


@dataclass(slots=True)
class _Frame:
    kind: str  # if, loop, case, {, (
    function: bool
    subshell: bool
    pattern: bool = False  # inside case, before the parenthesis


@dataclass(slots=True)
class Frames:
    """The compound commands that are open here, the outermost first."""

    open: list[_Frame] = field(default_factory=list)
    joined: str = ""  # the operator before the command that is being read
    function: bool = False  # the next compound command is the body of a function

    def push(self, kind: str) -> None:
        """Open a compound command."""
        subshell = kind == "(" or self.joined in _PIPES
        self.open.append(_Frame(kind, self.function, subshell))
        self.function = False
        self.joined = ""

    def pop(self, kind: str) -> None:
        """Close the innermost one, which must be of this kind."""
        self._innermost(kind)
        self.open.pop()

    def expect_pattern(self, *, expected: bool) -> None:
        """Say that a pattern of ``case`` comes now, or that it is over."""
        self._innermost("case").pattern = expected

    def in_pattern(self) -> bool:
        """Whether a pattern of ``case`` is being read."""
        return bool(self.open) and self.open[-1].pattern

    def over(self) -> bool:
        """Whether nothing is open."""
        return not self.open and not self.function

    def context(self, operator: str) -> Context:
        """Say how the command runs that ends with this operator."""
        piped = operator in {*_PIPES, "&"} or self.joined in _PIPES
        if piped or any(frame.subshell for frame in self.open):
            return Context.SUBSHELL
        if any(frame.function for frame in self.open):
            return Context.FUNCTION
        if self.open or operator in _LISTS or self.joined in _LISTS:
            return Context.CONDITIONAL
        return Context.TOP

    def join(self, operator: str) -> None:
        """Remember the operator between the last command and the next."""
        self.joined = operator if operator in _LISTS | _PIPES else ""

    def _innermost(self, kind: str) -> _Frame:
        if not self.open or self.open[-1].kind != kind:
            raise UnreadableError
        return self.open[-1]
