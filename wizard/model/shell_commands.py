"""The simple commands of a bash text, each with its place: enough to judge what it may set.

The text must be a complete program by bash's own judgement; nothing is expanded or run.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum

from wizard.model.shell_words import UnreadableError, Words

_OPERATOR = re.compile(r";;&|;;|;&|;|&&|&(?!>)|\|\||\|&|\|")
_REDIRECTION = re.compile(r"<<<|<<-|<<|<>|<&|<(?!\()|>>|>&|>\||>(?!\()|&>>|&>")
_COMMENT = re.compile(r"#[^\n]*")
_CLOSED = re.compile(r"\)[ \t]*")
_WHITE = re.compile(r"[ \t\n]+")
_CONDITION_END = re.compile(r"[;&|)]|\Z")
_DESCRIPTOR = re.compile(r"[0-9]+|\{[A-Za-z_]\w*\}", re.ASCII)
_SKIPPED = {"then", "else", "elif", "do", "!"}  # the command itself comes after them
_OPENS = {"if": "if", "while": "loop", "until": "loop", "for": "loop", "select": "loop"}
_OPENS |= {"case": "case", "{": "{"}
_CLOSES = {"fi": "if", "done": "loop", "esac": "case", "}": "{"}


class Context(StrEnum):
    """Whether a command surely runs, and in the shell that reads the text."""

    TOP = "top"
    CONDITIONAL = "conditional"
    FUNCTION = "function"
    SUBSHELL = "subshell"


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command, or the head of a compound one (``for``, ``case``, ``[[``, ``((``)."""

    line: int
    words: tuple[str, ...]  # as they stand, quotes and all
    context: Context
    redirected: bool = False
    expanded: tuple[str, ...] = ()  # further text in which bash expands: here-documents, targets


@dataclass(slots=True)
class _Frame:
    kind: str
    function: bool
    subshell: bool
    pattern: bool = False  # inside case, before the parenthesis


@dataclass(slots=True)
class _Current:
    """The command that is being read."""

    start: int = 0
    words: list[str] = field(default_factory=list)
    redirected: bool = False
    expanded: list[str] = field(default_factory=list)


def commands(text: bytes) -> tuple[Command, ...] | None:
    """Return the commands in order, or None for a text that this reader does not understand."""
    decoded = text.decode("latin-1")
    reader = _Reader(decoded, [found.start() for found in re.finditer("\n", decoded)])
    try:
        reader.read_list(closed_by="")
    except UnreadableError:
        return None
    return tuple(reader.found)


class _Reader(Words):
    """Reads lists of commands."""

    def __init__(self, text: str, line_ends: list[int], at: int = 0) -> None:
        super().__init__(text)
        self.at = at
        self.line_ends = line_ends
        self.found: list[Command] = []
        self.frames: list[_Frame] = []
        self.documents: list[tuple[str, bool, _Current]] = []
        self.current = _Current()
        self.done: list[tuple[_Current, Context]] = []
        self.joined = ""  # the operator before the current command
        self.function = False  # the next compound command is the body of a function

    def substitution(self) -> None:
        """Read the commands of ``$(...)``, which set nothing out here, and forget them."""
        inner = _Reader(self.text, self.line_ends, self.at)
        inner.read_list(closed_by=")")
        self.at = inner.at

    def read_list(self, closed_by: str) -> None:
        """Read commands up to the end, or past the parenthesis that closes them."""
        while self.at < len(self.text):
            self.skip_blanks()
            if closed_by and not self.frames and self.here(closed_by):
                self.at += 1
                return self._finish()
            if not (self._line_end() or self._punctuation()):
                self._word()
        if closed_by:
            raise UnreadableError
        return self._finish()

    def _finish(self) -> None:
        self._flush("\n")
        if self.frames or self.documents or self.function:
            raise UnreadableError
        self._emit()

    def _line_end(self) -> bool:
        """Take the end of a line, a comment, or the end of the text."""
        if self.at >= len(self.text) or self.take(_COMMENT):
            return True
        if not self.here("\n"):
            return False
        self.at += 1
        if not self._in_pattern():
            self._flush("\n")
        for delimiter, quoted, owner in self.documents:
            body = self._document(delimiter.lstrip("-"), quoted, delimiter.startswith("-"))
            if not quoted:
                owner.expanded.append(body)
        self.documents = []
        self._emit()
        return True

    def _document(self, delimiter: str, quoted: bool, tabs: bool) -> str:  # noqa: FBT001 -- three facts of one operator
        start, continued = self.at, False
        while self.at < len(self.text):
            first, end = self.at, self.text.find("\n", self.at)
            end = len(self.text) if end == -1 else end
            line = self.text[first:end]
            self.at = min(end + 1, len(self.text))
            if not continued and (line.lstrip("\t") if tabs else line) == delimiter:
                return self.text[start:first]
            continued = not quoted and (len(line) - len(line.rstrip("\\"))) % 2 == 1
        raise UnreadableError

    def _punctuation(self) -> bool:
        """Take an operator, a redirection or a parenthesis."""
        if self._in_pattern():
            return self._pattern_mark()
        redirection = self.take(_REDIRECTION)
        if redirection:
            self._redirect(redirection)
            return True
        operator = self.take(_OPERATOR)
        if operator:
            self._flush(operator)
            if operator in {";;", ";&", ";;&"}:
                self._top("case").pattern = True
            return True
        if self.here("("):
            self._open_parenthesis()
            return True
        if self.here(")"):
            self.at += 1
            self._flush("\n")
            self._pop("(")
            return True
        return False

    def _pattern_mark(self) -> bool:
        mark = self.text[self.at]
        if mark not in "(|)":
            return False
        self.at += 1
        if mark == ")":
            self._top("case").pattern = False
            self.current = _Current()
        return True

    def _redirect(self, operator: str) -> None:
        self.current.redirected = True
        self.skip_blanks()
        target = self.word()
        if not target:
            raise UnreadableError
        if operator in {"<<", "<<-"}:
            quoted = bool(re.search(r"['\"\\]", target))
            tabs = "-" if operator == "<<-" else ""
            plain = re.sub(r"['\"\\]", "", target)
            if plain.startswith("-") or "$" in plain:
                raise UnreadableError
            self.documents.append((tabs + plain, quoted, self.current))
        else:
            self.current.expanded.append(target)

    def _open_parenthesis(self) -> None:
        words = self.current.words
        if not words and self.here("((") or words in (["for"],):
            return self._arithmetic_command()
        self.at += 1
        if not words:
            return self._push("(")
        self.skip_blanks()
        if (len(words) == 1 or words[0] == "function") and self.take(_CLOSED):
            self.current.words = ["function", words[-1]]
            return self._flush("\n")
        raise UnreadableError

    def _arithmetic_command(self) -> None:
        start = self.at
        self._open()
        self.balanced("(", ")")
        raw = self.text[start : self.at]
        if self.function or not raw.endswith("))"):
            raise UnreadableError
        self.current.words += ["((", raw]

    def _word(self) -> None:
        self._open()
        start = self.at
        raw = self.word()
        if not raw:
            raise UnreadableError
        if (self.here("<") or self.here(">")) and _DESCRIPTOR.fullmatch(raw):
            if raw.startswith("{"):
                raise UnreadableError
            return
        self._place_word(raw, start)

    def _open(self) -> None:
        if not self.current.words and not self.current.redirected:
            self.current.start = self.at

    def _place_word(self, raw: str, start: int) -> None:
        words = self.current.words
        if self._in_pattern():
            if raw == "esac" and not words:
                self._pop("case")
            else:
                words.append(raw)
        elif not words and not self.current.redirected:
            self._first_word(raw, start)
        else:
            words.append(raw)
            self._after_word(words)

    def _after_word(self, words: list[str]) -> None:
        """See whether the word completes the head of a compound command."""
        if words[0] == "case" and len(words) == 3 and words[2] == "in":  # noqa: PLR2004 -- case WORD in
            self._flush("\n")
            self._top("case").pattern = True
        elif words[0] == "function" and words[-1] == "{":
            words.pop()
            self._flush("\n")
            self._push("{")
        elif words[0] == "function" and len(words) > 2:  # noqa: PLR2004 -- function NAME
            raise UnreadableError
        elif words[-1] == "do" and (
            words[:2] == ["for", "(("] or (words[0] in {"for", "select"} and len(words) == 3)
        ):  # noqa: PLR2004 -- for NAME do
            words.pop()
            self._flush("\n")

    def _first_word(self, raw: str, start: int) -> None:
        if raw in _CLOSES:
            self._pop(_CLOSES[raw])
        elif raw in _OPENS:
            self._push(_OPENS[raw])
            if raw in {"for", "select", "case"}:
                self.current.words.append(raw)
        elif raw == "[[":
            self._condition(start)
        elif raw == "coproc" or (self.function and raw not in _SKIPPED):
            raise UnreadableError
        elif raw not in _SKIPPED:
            self.current.words.append(raw)

    def _condition(self, start: int) -> None:
        while True:
            self.take(_WHITE)
            word = self._condition_word()
            if word == "]]":
                break
        self.current.words += ["[[", self.text[start : self.at]]

    def _condition_word(self) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in " \t\n":
            if not self._piece():
                self.at += 1
            if self.text[start : self.at] == "]]" and _CONDITION_END.match(self.text, self.at):
                break
        if start == self.at:
            raise UnreadableError
        return self.text[start : self.at]

    def _push(self, kind: str) -> None:
        subshell = kind == "(" or self.joined in {"|", "|&"}
        self.frames.append(_Frame(kind, self.function, subshell))
        self.function = False
        self.joined = ""

    def _pop(self, kind: str) -> None:
        self._top(kind)
        self.frames.pop()

    def _top(self, kind: str) -> _Frame:
        if not self.frames or self.frames[-1].kind != kind:
            raise UnreadableError
        return self.frames[-1]

    def _in_pattern(self) -> bool:
        return bool(self.frames) and self.frames[-1].pattern

    def _flush(self, operator: str) -> None:
        """End the current command; the operator behind it and the one before say how it runs."""
        current = self.current
        if current.words or current.expanded or current.redirected:
            self.done.append((current, self._context(operator)))
            self.current = _Current()
            self.function = self.function or current.words[:1] == ["function"]
        elif operator == "\n":
            return  # a line may end after an operator
        self.joined = operator if operator in {"&&", "||", "|", "|&"} else ""

    def _context(self, operator: str) -> Context:
        pipes = {"|", "|&", "&"}
        if operator in pipes or self.joined in pipes or any(f.subshell for f in self.frames):
            return Context.SUBSHELL
        if any(frame.function for frame in self.frames):
            return Context.FUNCTION
        if self.frames or {operator, self.joined} & {"&&", "||"}:
            return Context.CONDITIONAL
        return Context.TOP

    def _emit(self) -> None:
        """Hand over what has been read: by now here-documents are known."""
        for current, context in self.done:
            self.found.append(
                Command(
                    bisect_right(self.line_ends, current.start - 1) + 1,
                    tuple(current.words),
                    context,
                    current.redirected,
                    tuple(current.expanded),
                )
            )
        self.done = []
