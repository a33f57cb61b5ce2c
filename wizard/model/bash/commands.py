"""The simple commands of a bash text, each with its place: enough to judge what it may set.

The text must be a complete program by bash's own judgement; nothing is expanded or run.
"""

import re
from bisect import bisect_right
from functools import lru_cache

from wizard.model.bash.command import Command, Current, Document
from wizard.model.bash.frames import Context, Frames
from wizard.model.bash.grammar import CLOSED, CLOSES, DESCRIPTOR, HEADS, OPENS, SKIPPED, unquoted
from wizard.model.bash.words import UnreadableError, Words

_EMPTY_LINES = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)+")
_PLAIN_LINE = re.compile(r"[A-Za-z_]\w*=[\w./:,@%+=-]*\n", re.ASCII)
_PLAIN_WORDS = re.compile(r"(?:[\w./:,@%+=-]+[ \t]+)+", re.ASCII)
_OPERATOR = re.compile(r";;&|;;|;&|;|&&|&(?!>)|\|\||\|&|\|")
_REDIRECTION = re.compile(r"<<<|<<-|<<|<>|<&|<(?!\()|>>|>&|>\||>(?!\()|&>>|&>")
_COMMENT = re.compile(r"#[^\n]*")


@lru_cache(maxsize=4)
def commands(text: bytes) -> tuple[Command, ...] | None:
    """Return the commands in order, or None for a text that this reader does not understand."""
    decoded = text.decode("latin-1")
    reader = _Reader(decoded, [found.start() for found in re.finditer("\n", decoded)])
    try:
        reader.read_list(closed_by="")
    except (UnreadableError, RecursionError):
        return None
    return tuple(reader.found)


class _Reader(Words):
    """Reads lists of commands."""

    def __init__(self, text: str, line_ends: list[int], at: int = 0) -> None:
        super().__init__(text, at)
        self.line_ends = line_ends
        self.found: list[Command] = []
        self.frames = Frames()
        self.documents: list[Document] = []
        self.current = Current()
        self.ended: list[tuple[Current, Context]] = []  # commands of this line

    def substitution(self) -> None:
        """Read the commands of ``$(...)``, which set nothing out here, and forget them."""
        inner = _Reader(self.text, self.line_ends, self.at)
        inner.read_list(closed_by=")")
        self.at = inner.at

    def read_list(self, closed_by: str) -> None:
        """Read commands up to the end, or past the parenthesis that closes them."""
        while self.at < len(self.text):
            self.skip_blanks()
            if closed_by and not self.frames.open and self.here(closed_by):
                self.at += 1
                return self._finish()
            if not (self._line_end() or self._punctuation()):
                self._word()
        if closed_by:
            raise UnreadableError
        return self._finish()

    def _finish(self) -> None:
        self._flush("\n")
        if self.documents or not self.frames.over():
            raise UnreadableError
        self._hand_over()

    def _line_end(self) -> bool:
        """Take the end of a line, a comment, or the end of the text."""
        if self.at >= len(self.text) or self.take(_COMMENT):
            return True
        if not self.here("\n"):
            return False
        self.at += 1
        if not self.frames.in_pattern():
            self._flush("\n")
        for document in self.documents:
            body = self.document(document.delimiter, quoted=document.quoted, tabs=document.tabs)
            document.owner.expanded += [] if document.quoted else [body]
        self.documents = []
        self._hand_over()
        self._plain_lines()
        return True

    def _plain_lines(self) -> None:
        """Move fast over lines that most files consist of: assignments without any quoting."""
        if self.current.begun or not self.frames.over() or self.frames.joined:
            return
        while True:
            self.take(_EMPTY_LINES)
            at = self.at
            line = self.take(_PLAIN_LINE)
            if not line:
                return
            number = bisect_right(self.line_ends, at - 1) + 1
            self.found.append(Command(number, (line[:-1],), Context.TOP))

    def _punctuation(self) -> bool:
        """Take an operator, a redirection or a parenthesis."""
        if self.frames.in_pattern():
            return self._pattern_mark()
        if redirection := self.take(_REDIRECTION):
            self._redirect(redirection)
        elif operator := self.take(_OPERATOR):
            self._flush(operator)
            if operator in {";;", ";&", ";;&"}:
                self.frames.expect_pattern(expected=True)
        elif self.here("("):
            self._open_parenthesis()
        elif self.here(")"):
            self.at += 1
            self._flush("\n")
            self.frames.pop("(")
        else:
            return False
        return True

    def _pattern_mark(self) -> bool:
        mark = self.text[self.at]
        if mark not in "(|)":
            return False
        self.at += 1
        if mark == ")":
            self.frames.expect_pattern(expected=False)
            self.current = Current()
        return True

    def _redirect(self, operator: str) -> None:
        self._begin()
        self.current.redirected = True
        self.skip_blanks()
        target = self.word()
        if not target:
            raise UnreadableError
        if operator not in {"<<", "<<-"}:
            self.current.expanded.append(target)
            return
        plain = unquoted(target)
        if "$" in plain:
            raise UnreadableError
        document = Document(plain, plain != target, operator == "<<-", self.current)
        self.documents.append(document)

    def _open_parenthesis(self) -> None:
        words = self.current.words
        if (not words and self.here("((")) or words == ["for"]:
            return self._arithmetic_command()
        self.at += 1
        if not words:
            return self.frames.push("(")
        self.skip_blanks()
        if (len(words) == 1 or words[0] == "function") and self.take(CLOSED):
            self.current.words = ["function", words[-1]]
            return self._flush("\n")
        raise UnreadableError

    def _arithmetic_command(self) -> None:
        self._begin()
        start = self.at
        self.balanced("(", ")")
        raw = self.text[start : self.at]
        if self.frames.function or not raw.endswith("))"):
            raise UnreadableError
        self.current.words += ["((", raw]

    def _begin(self) -> None:
        if not self.current.begun:
            self.current.start = self.at

    def _word(self) -> None:
        self._begin()
        words = self.current.words
        if words and words[0] not in HEADS and (many := self.take(_PLAIN_WORDS)):
            words += many.split()
            return
        start = self.at
        raw = self.word()
        if not raw:
            raise UnreadableError
        if (self.here("<") or self.here(">")) and DESCRIPTOR.fullmatch(raw):
            if raw.startswith("{"):
                raise UnreadableError
        elif self.frames.in_pattern():
            self._pattern_word(raw)
        elif not self.current.begun:
            self._first_word(raw, start)
        else:
            words.append(raw)
            self._after_word(words)

    def _pattern_word(self, raw: str) -> None:
        if raw == "esac" and not self.current.words:
            self.frames.pop("case")
        else:
            self.current.words.append(raw)

    def _first_word(self, raw: str, start: int) -> None:
        if raw in CLOSES:
            self.frames.pop(CLOSES[raw])
        elif raw in OPENS:
            self.frames.push(OPENS[raw])
            self.current.words += [raw] if raw in HEADS else []
        elif raw == "[[":
            self.condition()
            self.current.words += ["[[", self.text[start : self.at]]
        elif raw == "coproc" or (self.frames.function and raw not in SKIPPED):
            raise UnreadableError
        elif raw not in SKIPPED:
            self.current.words.append(raw)

    def _after_word(self, words: list[str]) -> None:
        """See whether the word completes the head of a compound command."""
        match words:
            case ["case", _, "in"]:
                self._flush("\n")
                self.frames.expect_pattern(expected=True)
            case ["function", _, "{"]:
                words.pop()
                self._flush("\n")
                self.frames.push("{")
            case ["function", _, _]:
                raise UnreadableError
            case ["for", "((", _, "do"] | ["for" | "select", _, "do"]:
                words.pop()
                self._flush("\n")
            case _:
                pass

    def _flush(self, operator: str) -> None:
        """End the current command; the operator behind it and the one before say how it runs."""
        current = self.current
        if current.begun:
            self.ended.append((current, self.frames.context(operator)))
            self.current = Current()
            self.frames.function |= current.words[:1] == ["function"]
        elif operator == "\n":
            return  # a line may end after an operator
        self.frames.join(operator)

    def _hand_over(self) -> None:
        """The line is over, and with it the here-documents: its commands are complete."""
        for current, context in self.ended:
            line = bisect_right(self.line_ends, current.start - 1) + 1
            self.found.append(current.command(line, context))
        self.ended = []
