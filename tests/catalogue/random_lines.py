"""Hostile lines made up at random: pieces of everything that moves a terminal, cut and mixed."""

import random
from collections.abc import Callable, Iterator

ESC, BEL, ST, C1_ST = "\x1b", "\x07", "\x1b\\", "\x9c"
STRINGS = ("\x1bP", "\x1bX", "\x1b^", "\x1b_", "\x1b]", "\x90", "\x98", "\x9d", "\x9e", "\x9f")
OSC: tuple[str, ...] = (
    "0;title",
    "2;x",
    "4;1;rgb:0/0/0",
    "7;file:///etc",
    "8;;http://evil",
    "8;id=1;x:",
    "9;hi",
)
OSC += (
    "10;?",
    "11;?",
    "50;x",
    "52;c;ZXZpbA==",
    "52;p;?",
    "133;A",
    "777;notify;a;b",
    "1337;File=:x",
)
ENDS = (BEL, ST, C1_ST, "", "\r", "\x18", "\x1a", ESC)
CSI_PARAMETERS = (
    "",
    "1",
    "31",
    "2",
    "99999",
    "?1049",
    "?1000",
    "?2004",
    ">",
    "!",
    "0;1;38;5;9",
    "=",
)
CSI_ENDS = "@ABCDEFGHIJKLMPSTXZ`abcdefghlmnpqrstuvwxyz{|}~"
SHORT = (
    "c",
    "7",
    "8",
    "D",
    "E",
    "H",
    "M",
    "N",
    "O",
    "Z",
    "=",
    ">",
    "#8",
    "#3",
    "(0",
    ")B",
    "%G",
    " F",
)
CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) != "\n"]
UNSEEN = [*"\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u3164\ufeff"]
UNSEEN += [*"\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\u206a\u206f\ufff9\ufffb"]
UNSEEN += ["\U000e0001", "\U000e0041", "\U000e007f", "\U0001d173", "\ufffe", "\uffff", "\U0010ffff"]
SURROGATES = [chr(code) for code in (0xD800, 0xDBFF, 0xDC00, 0xDC80, 0xDC9B, 0xDCFF, 0xDFFF)]
SIGNS = [
    *"aZ09 /=.-_\t",
    "\u4e16",
    "e\u0301",
    "\U0001f468\u200d\U0001f469",
    "\u0627\u0644",
    "\ufdfd",
]
MARKUP: tuple[str, ...] = (
    "[bold]",
    "[/bold]",
    "[/]",
    "[red on blue]",
    "[@click=app.quit]",
    "[link=http://x]",
    "[[",
)
MARKUP += (
    "]]",
    "\\[",
    "\\",
    "[",
    "]",
    "{0}",
    "{x!r}",
    "%s",
    "%(a)s",
    "$x",
    "${x}",
    "`x`",
    "<b>",
    "&lt;",
)
MARKUP += (
    "[on click='x']",
    "[$primary]",
    "[#fff]",
    "[bold",
    "[=]",
    "['a'='b']",
    "[100%]",
    ":smile:",
)


def hostile_lines(count: int, seed: int = 7) -> Iterator[str]:
    """Yield as many lines; the same ones for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        line = "".join(_piece(chance) for _ in range(chance.choice((1, 1, 2, 3, 5, 9, 30))))
        yield line[chance.randrange(3) :] if chance.random() < 0.2 else line


def _piece(chance: random.Random) -> str:
    piece: Callable[[random.Random], str] = chance.choice(PIECES)
    return piece(chance)


def _string(chance: random.Random) -> str:
    return chance.choice(STRINGS) + chance.choice(OSC) + chance.choice(ENDS)


def _csi(chance: random.Random) -> str:
    parameters = chance.choice((f"{ESC}[", "\x9b"))
    parameters += ";".join(chance.choices(CSI_PARAMETERS, k=chance.randrange(3)))
    return str(
        parameters + chance.choice(("", " ", "$", "'")) + chance.choice((*CSI_ENDS, "", "\x00"))
    )


def _signs(chance: random.Random) -> str:
    return "".join(chance.choices(SIGNS, k=chance.randrange(12)))


PIECES: tuple[Callable[[random.Random], str], ...] = (
    _string,
    _csi,
    _signs,
    lambda chance: ESC + chance.choice(SHORT),
    lambda chance: chance.choice((ESC, ESC * 2, f"{ESC}[", f"{ESC}]", "\x1bPtmux;\x1b", "\x9b")),
    lambda chance: chance.choice(CONTROLS),
    lambda chance: chance.choice(UNSEEN),
    lambda chance: chance.choice(SURROGATES),
    lambda chance: chance.choice(MARKUP),
)
