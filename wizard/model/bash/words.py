"""Where words of bash end: quotes, expansions and parentheses, skipped and not interpreted.

Text is decoded as latin-1, so that one character is one byte and every byte comes back.
"""

import re

CONTINUED = "\\\n"  # outside quotes bash joins the two lines as if it were not there
_PLAIN = re.compile(r"(?:[^ \t\n;&|()<>'\"`$\\]|\\[^\n])+")
_BLANKS = re.compile(r"(?:[ \t]|\\\n)+")
_ANSI_C = re.compile(r"'(?:[^'\\]|\\.)*'", re.DOTALL)
_BACKTICKS = re.compile(r"`(?:[^`\\]|\\.)*`", re.DOTALL)
_IN_DOUBLE = re.compile(r"(?:[^\"\\$`]|\\.)+", re.DOTALL)
_IN_BRACES = re.compile(r"[^}'\"\\$`]+")
_WHITE = re.compile(r"[ \t\n]+")
_CONDITION_END = re.compile(r"[;&|)]|\Z")
_ARRAY = re.compile(r"[A-Za-z_]\w*(?:\[[^]]*\])?\+?=\Z", re.ASCII)
_SUBSCRIPT = re.compile(r"[A-Za-z_]\w*\[[^]]*\Z", re.ASCII)


class UnreadableError(Exception):
    """The text is not what a reader of this size understands; never leaves the model."""


class Words:
    """A place in the text that moves on word by word."""

    def __init__(self, text: str, at: int = 0) -> None:
        self.text = text
        self.at = at

    def here(self, prefix: str) -> bool:
        """Whether the text goes on with this."""
        return self.text.startswith(prefix, self.at)

    def take(self, pattern: re.Pattern[str]) -> str:
        """Move over what the pattern matches here and return it; "" when it does not match."""
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def need(self, pattern: re.Pattern[str]) -> None:
        """Move over what the pattern must match here."""
        if not self.take(pattern):
            raise UnreadableError

    def skip_blanks(self) -> None:
        """Move over spaces, tabs and continued lines."""
        self.take(_BLANKS)

    def word(self) -> str:
        """Move over one word, quotes and all, and return it with its lines joined; "" for none."""
        start = before = self.at
        pieces: list[str] = []
        while self.take(_PLAIN) or self._piece() or self._parenthesis(start):
            pieces.append(self.text[before : self.at])
            before = self.at
        raw = "".join(piece for piece in pieces if piece != CONTINUED)
        if _SUBSCRIPT.match(raw) and self.here(" "):
            raise UnreadableError
        return raw

    def _piece(self) -> bool:
        """Move over one quoted or expanded piece of a word."""
        match self.text[self.at : self.at + 1]:
            case "'":
                self._past("'", self.at + 1)
            case '"':
                self._double()
            case "`":
                self.need(_BACKTICKS)
            case "$":
                self._dollar()
            case "\\":
                self.at += 2
            case "<" | ">" if self.text.startswith("(", self.at + 1):
                self.at += 2
                self.substitution()
            case _:
                return False
        return True

    def _parenthesis(self, start: int) -> bool:
        """Move over the elements of an array, or an extended pattern."""
        word = self.text[start : self.at]
        if not self.here("(") or not (_ARRAY.match(word) or word[-1:] in {*"?*+@!"}):
            return False
        self.balanced("(", ")")
        return True

    def _past(self, end: str, start: int) -> None:
        found = self.text.find(end, start)
        if found == -1:
            raise UnreadableError
        self.at = found + len(end)

    def _double(self) -> None:
        self.at += 1
        while not self.here('"'):
            if not self.take(_IN_DOUBLE):
                self._expansion(quoted=True)
        self.at += 1

    def _dollar(self) -> None:
        if self.here("$'"):
            self.at += 1
            self.need(_ANSI_C)
        elif self.here('$"'):
            self.at += 1
            self._double()
        else:
            self._expansion(quoted=False)

    def _expansion(self, *, quoted: bool) -> None:
        """Move over ``$...`` or backticks, as they are inside and outside double quotes."""
        if self.here("`"):
            self.need(_BACKTICKS)
        elif self.here("$(("):
            self._arithmetic()
        elif self.here("$("):
            self.at += 2
            self.substitution()
        elif self.here("${"):
            self.at += 2
            self._braces(quoted=quoted)
        elif self.here("$["):
            self.at += 1
            self.balanced("[", "]")
        elif self.here("$"):
            self.at += 1
        else:
            raise UnreadableError

    def _arithmetic(self) -> None:
        self.at += 1
        self.balanced("(", ")")
        if self.text[self.at - 2 : self.at] != "))":
            raise UnreadableError

    def _braces(self, *, quoted: bool) -> None:
        """Move to the end of ``${``; a single quote quotes there only outside double quotes."""
        while not self.here("}"):
            if self.take(_IN_BRACES):
                continue
            if quoted and self.here("'"):
                raise UnreadableError
            if not self._piece():
                raise UnreadableError
        self.at += 1

    def balanced(self, opening: str, closing: str) -> None:
        """Move from an opening parenthesis past the one that closes it."""
        depth = 0
        while self.at < len(self.text):
            if self.here("#") and self.text[self.at - 1] in " \t\n(":
                self._past("\n", self.at)
            elif self._piece():
                continue
            else:
                depth += self.here(opening) - self.here(closing)
                self.at += 1
                if not depth:
                    return
        raise UnreadableError

    def condition(self) -> None:
        """Move past the ``]]`` that ends a condition: a word of its own."""
        while True:
            self.take(_WHITE)
            start = self.at
            while self.at < len(self.text) and self.text[self.at] not in " \t\n":
                if self.text.startswith("]]", start) and _CONDITION_END.match(self.text, start + 2):
                    self.at = start + 2
                    return
                if not self._piece():
                    self.at += 1
            if self.text[start : self.at] == "]]":
                return
            if start == self.at:
                raise UnreadableError

    def document(self, delimiter: str, *, quoted: bool, tabs: bool) -> str:
        """Move past a here-document and return its body."""
        start = first = self.at
        said = ""  # a line, with those that a backslash at its end joins to it
        while self.at < len(self.text):
            end = self.text.find("\n", self.at)
            end = len(self.text) if end == -1 else end
            said += self.text[self.at : end]
            self.at = min(end + 1, len(self.text))
            if not quoted and (len(said) - len(said.rstrip("\\"))) % 2 == 1:
                said = said[:-1]
                continue
            if (said.lstrip("\t") if tabs else said) == delimiter:
                return self.text[start:first]
            first, said = self.at, ""
        raise UnreadableError

    def substitution(self) -> None:
        """Move past the commands of ``$(...)``; the reader of commands knows how."""
        raise NotImplementedError
