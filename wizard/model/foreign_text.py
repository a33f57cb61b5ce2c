"""Foreign text (log lines, names, paths) made harmless for a terminal."""

import re

MAX_LINE = 2000  # characters shown of one line

# each begins with what none of them may hold, so that no text takes long
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|(?:\x1b[PX^_\]]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x1b\\|\x07|\x9c)?"
    # DCS, SOS, PM, APC, OSC up to their end, that of the line, or what breaks them off
    r"|\x9b[0-?]*[ -/]*[@-~]"  # CSI as a C1 byte
    r"|\x1b[ -/]*[0-~]?"  # any other escape
)
# C0 but tab, DEL, C1, zero width and bidirectional controls, line separators, lone surrogates,
# annotations, beams of musical notes, tags: all that shows nothing, or moves what is shown
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)


def harmless(line: str) -> str:
    """Return one line as a terminal may show it.

    A carriage return leaves what was written last, as a terminal would show it; escape sequences
    and control characters go; a long line is cut, with a count of what is missing.
    """
    line = line.rstrip("\r\n")
    if "\r" in line:
        line = next((part for part in reversed(line.split("\r")) if part), "")
    if not (line.isascii() and line.isprintable()):
        line = _CONTROLS.sub("", _ESCAPES.sub("", line)).replace("\n", " ")
    if len(line) > MAX_LINE:
        line = f"{line[:MAX_LINE]} … {len(line) - MAX_LINE} more characters"
    return line
