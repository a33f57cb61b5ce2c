"""A simple command of a bash text, and what is known of one while it is being read."""

from dataclasses import dataclass, field

from wizard.model.bash.frames import Context


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command, or the head of a compound one (``for``, ``case``, ``[[``, ``((``)."""

    line: int
    words: tuple[str, ...]  # as they stand, quotes and all
    context: Context
    redirected: bool = False
    expanded: tuple[str, ...] = ()  # further text in which bash expands: here-documents, targets


@dataclass(slots=True)
class Current:
    """The command that is being read."""

    start: int = 0
    words: list[str] = field(default_factory=list)
    redirected: bool = False
    expanded: list[str] = field(default_factory=list)

    @property
    def begun(self) -> bool:
        """Whether anything of it was seen."""
        return bool(self.words) or self.redirected

    def command(self, line: int, context: Context) -> Command:
        """Return it as it was read, once it is whole."""
        words, expanded = tuple(self.words), tuple(self.expanded)
        return Command(line, words, context, self.redirected, expanded)


@dataclass(frozen=True, slots=True)
class Document:
    """A here-document whose body comes after the line."""

    delimiter: str
    quoted: bool
    tabs: bool
    owner: Current
