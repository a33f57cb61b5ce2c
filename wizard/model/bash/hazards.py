"""Commands in a localrc that keep lines below them from running, or from counting."""

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import partial

from wizard.model.bash.command import Command
from wizard.model.bash.first_word import FirstWord
from wizard.model.bash.frames import Context
from wizard.model.bash.grammar import ASSIGNMENT, declared_name, unquoted
from wizard.model.bash.likely_commands import likely_commands
from wizard.model.bash.subscript import Subscripts
from wizard.model.bash.values import Literal, read_assignment

Found = tuple[int, str]
"""A line of the shell text, and what is wrong with it."""

_STOPS = re.compile(
    rb"exit|return|exec|set|trap|\?|die|kill|POSIXLY_CORRECT|\]\+?="
)  # else no closer look
_FALSE_END = re.compile(rb"^[^#\n]*(?:\(\(|\[\[)[^#\n]*\xff", re.MULTILINE)
_DECLARING = re.compile(rb"readonly|declare|typeset|local")
_QUOTES = re.compile(rb"['\"\\\n]")
_EXPANDED = re.compile(r"[$`{]")
_STOPPING_FLAGS = re.compile(r"-[a-zA-Z]*[entu][a-zA-Z]*")
_STOPPING_OPTIONS = {"errexit", "nounset", "noexec", "onecmd", "posix"}
_ITSELF = {"$$", "${$}", "$BASHPID", "${BASHPID}"}
_STOPPING_SIGNALS = {"RETURN", "DEBUG"}
_MOST_EVALUATED = 50  # words: there may be another `eval` among them
_PREFIXES = {"command", "builtin", "time", "-p"}
_ERROR_IF_UNSET = re.compile(r"\$\{(?P<name>[A-Za-z_]\w*):?\?", re.ASCII)
_FIXING = re.compile(r"-[a-zA-Z]*[rinluaAc][a-zA-Z]*")
_DECLARES = {"declare", "typeset", "local", "readonly"}


def stops(text: bytes) -> tuple[Found, ...]:
    """Return the commands that may end the text before its last line."""
    misread = tuple(_misread(text))
    if not _STOPS.search(_QUOTES.sub(b"", text)):
        return misread
    return misread + tuple(_stops(text))


def _misread(text: bytes) -> Iterator[Found]:
    """Bash 5.2 takes this byte for the end of the file, after one that it looked ahead at."""
    for found in _FALSE_END.finditer(text):
        line = text.count(b"\n", 0, found.start()) + 1
        yield line, "the byte 0xFF in a condition or calculation makes bash give up here"


def _stops(text: bytes) -> Iterator[Found]:
    deadly: set[str] = set()  # functions that end the shell
    function, first, subscripts = "", FirstWord(), Subscripts()
    for command in likely_commands(text):
        words = _without_prefix(first.become(command))
        reason = _stop(words) or _strict(command) or _unset_error(command, text)
        reason = reason or _evaluated(words, stops) or subscripts.stop(command)
        first.note(command)
        match command.context, command.words:
            case _, ("function", name):
                function = name
                deadly.discard(name)
            case Context.FUNCTION, _ if reason and words[:1] != ("return",):
                deadly.add(function)
            case Context.TOP | Context.CONDITIONAL, _ if reason or deadly & {*words[:1]}:
                yield command.line, reason or f"`{words[0]}` may end the shell that reads it"


def _strict(command: Command) -> str:
    """Whatever its value, this variable puts bash into POSIX mode as soon as it is set."""
    names = {found["name"] for word in _assignments(command) if (found := ASSIGNMENT.match(word))}
    if "POSIXLY_CORRECT" in names or command.words == ("export", "POSIXLY_CORRECT"):
        return "`POSIXLY_CORRECT` makes the shell give up on the first trifle"
    return ""


def _without_prefix(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words from the command itself on, without quotes."""
    plain = list(map(unquoted, words))
    while plain and (ASSIGNMENT.match(plain[0]) or plain[0] in _PREFIXES):
        del plain[0]
    return tuple(plain)


def _evaluated(words: tuple[str, ...], judge: Callable[[bytes], tuple[Found, ...]]) -> str:
    """Judge what `eval` is given, as far as it is plain to see."""
    if words[:1] != ("eval",) or len(words) > _MOST_EVALUATED:
        return ""
    return next((reason for _, reason in judge(" ".join(words[1:]).encode("latin-1"))), "")


def _stop(words: tuple[str, ...]) -> str:
    match words:
        case ("exit" | "return" | "die" as name, *_):
            return f"`{name}` ends it here"
        case ("exec", first, *_):
            return f"`exec {first}` replaces the shell that reads it"
        case ("set", *options) if _stopping(options):
            return f"`{' '.join(words)}` makes the shell give up on the first trifle"
        case ("kill", *targets) if _ITSELF & {*targets}:
            return f"`{' '.join(words)}` ends the shell that reads it"
        case ("trap", act, *signals) if _STOPPING_SIGNALS & set(signals) or _ends(act, signals):
            return f"`trap` on {signals[-1]} runs commands between our lines"
        case _:
            return ""


def _ends(act: str, signals: Iterable[str]) -> bool:
    return "ERR" in signals and bool(re.search(r"\b(?:exit|return)\b", act))


def _stopping(options: Iterable[str]) -> bool:
    before = ""
    for option in options:
        if option == "--":
            return False
        if _STOPPING_FLAGS.fullmatch(option) or (before == "-o" and option in _STOPPING_OPTIONS):
            return True
        before = option[-2:] if option.endswith("o") else ""
    return False


def _unset_error(command: Command, text: bytes) -> str:
    for part in (*command.words, *command.expanded):
        for found in _ERROR_IF_UNSET.finditer(part):
            value = read_assignment(text, found["name"])
            if not isinstance(value, Literal) or not value.value:
                return f"`{found[0]}...}}` ends the shell when {found['name']} is not set"
    return ""


def fixes(text: bytes, names: AbstractSet[str]) -> tuple[Found, ...]:
    """Return the commands that make one of these variables read-only, typed, or an array."""
    bare = _QUOTES.sub(b"", text)
    if not (any(name.encode() in bare for name in names) or _DECLARING.search(bare)):
        return ()
    return tuple(
        (command.line, reason)
        for command in likely_commands(text)
        if command.context is not Context.SUBSHELL and (reason := _fix(command, names))
    )


def _fix(command: Command, names: AbstractSet[str]) -> str:
    plain = _without_prefix(command.words)
    if reason := _evaluated(plain, partial(fixes, names=names)):
        return reason
    for word in plain[1:]:
        name = declared_name(word)
        if name in names and _EXPANDED.search(plain[0]):
            return f"`{plain[0]}` may give {name} a nature that a later line cannot change"
        if not _declares_kind(command, plain):
            continue
        if name in names:
            return f"`{plain[0]}` gives {name} a nature that a later line cannot change"
        if _EXPANDED.search(name):
            return f"`{plain[0]} {name}` may mean a variable that we have to set"
    return _array(command, names)


def _array(command: Command, names: AbstractSet[str]) -> str:
    for word in command.words:
        target = ASSIGNMENT.match(word)
        if not target:
            continue
        array = target["subscript"] or word[target.end() :].startswith("(")
        if target["name"] in names and array:
            return f"{target['name']} is made an array, of which DevStack reads the first element"
    return ""


def _declares_kind(command: Command, words: tuple[str, ...]) -> bool:
    if words[0] == "readonly":
        return True
    if words[0] not in _DECLARES:
        return False
    in_function = command.context is Context.FUNCTION and not any("g" in w for w in words[1:2])
    return not in_function and any(_FIXING.fullmatch(word) for word in words[1:])


def assigned(text: bytes, names: AbstractSet[str]) -> tuple[tuple[int, str], ...]:
    """Return where the text sets one of these variables: line and name."""
    return tuple(
        (command.line, found["name"])
        for command in likely_commands(text)
        if command.context is not Context.SUBSHELL
        for found in map(ASSIGNMENT.match, _assignments(command))
        if found and found["name"] in names
    )


def _assignments(command: Command) -> tuple[str, ...]:
    words = command.words
    if all(ASSIGNMENT.match(word) for word in words) or words[0] in {"export", *_DECLARES}:
        return words
    return ()


def spaced_assignments(text: bytes) -> tuple[tuple[int, str], ...]:
    """Return where somebody wrote ``NAME = value``, which runs a command of that name."""
    return tuple(
        (command.line, command.words[0])
        for command in likely_commands(text)
        if len(command.words) > 1
        and (command.words[1] == "=" or command.words[1].startswith("="))
        and re.fullmatch(r"[A-Z_][A-Z0-9_]*", command.words[0])
    )
