"""Patterns and tables of bash's grammar: names, expansions, telling commands, parts of words."""

import re

IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)
ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)(?P<subscript>\[[^]]*\])?(?P<more>\+)?=", re.ASCII)
READ = re.compile(r"\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})", re.ASCII)
SAFE_EXPANSION = re.compile(
    r"\$\{(?:#?(?:[A-Za-z_]\w*|[0-9@*#])(?:\[[\w@*]+\])?|[A-Za-z_]\w*(?::?[-+]|[%#^,]|/)[^}]*)\}",
    re.ASCII,
)
ERROR_IF_UNSET = re.compile(r"\$\{(?P<name>[A-Za-z_]\w*):?\?[^}]*\}", re.ASCII)
ARITHMETIC = ("$((", "$[", "((")
WORD_PART = re.compile(
    r"\\\n"
    r"|\\(?P<escaped>.)"
    r"|'(?P<single>[^']*)'"
    r'|"(?P<double>(?:[^"\\]|\\.)*)"'
    r"|\$(?:(?P<name>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)\})"
    r"|(?P<special>[$`\"'\\<>()])"
    r"|(?P<plain>[^\\'\"$`<>()]+)",
    re.ASCII | re.DOTALL,
)
DOUBLE_PART = re.compile(
    r"\\\n"
    r"|\\(?P<escaped>[$`\"\\])"
    r"|\$(?:(?P<name>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)\})"
    r"|(?P<special>`|\$(?![ ./,:;=%^~+]|\Z))"
    r"|(?P<plain>\$|\\|[^\\$`]+)",
    re.ASCII | re.DOTALL,
)
TILDE = re.compile(r"(?:\A|:)~")
SPECIAL_NAMES = re.compile(
    r"BASH.*|E?UID|PPID|GROUPS|RANDOM|SRANDOM|SECONDS|LINENO|EPOCH.*|FUNC.*|DIRSTACK|HISTCMD|OPT.*"
    r"|SHELLOPTS|PIPESTATUS|POSIXLY_CORRECT|COMP_.*|_|IFS|SHLVL|PWD|OLDPWD|LC_.*|LANG.*"
)
DECLARES = {"export", "declare", "typeset"}
MENTIONS = {
    "read",
    "mapfile",
    "readarray",
    "getopts",
    "let",
    "unset",
    "wait",
    "local",
    "((",
    "for",
}
MENTIONS |= {"select", "printf"}
ANYTHING = {
    *("eval", "source", ".", "trap", "exec", "exit", "return", "logout", "suspend", "kill", "set"),
    *("builtin", "command", "time", "enable", "alias", "unalias", "shopt", "readonly", "break"),
    *("continue", "coproc"),
}
HARMLESS = re.compile(r"set [-+](?:x|v|f|o xtrace)|shopt -[su] extglob|command -[vV] \S+|set \+\w+")

SKIPPED = {"then", "else", "elif", "do", "!"}  # the command itself comes after them
HEADS = {"for", "select", "case", "function"}  # their words are not a command's
OPENS = {"if": "if", "while": "loop", "until": "loop", "for": "loop", "select": "loop"}
OPENS |= {"case": "case", "{": "{"}
CLOSES = {"fi": "if", "done": "loop", "esac": "case", "}": "{"}
CLOSED = re.compile(r"\)[ \t]*")
DESCRIPTOR = re.compile(r"[0-9]+|\{[A-Za-z_]\w*\}", re.ASCII)

_QUOTES = re.compile(r"['\"\\]")


def unquoted(word: str) -> str:
    """Return a word without quotes and backslashes."""
    return _QUOTES.sub("", word)


def declared_name(word: str) -> str:
    """Return the name in an argument of ``declare``: NAME, NAME=VALUE, NAME[INDEX]=VALUE."""
    return re.split(r"[+=\[]", word, maxsplit=1)[0]
