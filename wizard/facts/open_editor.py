"""Whether somebody has a file open in an editor, whose next save would take our change away."""

import posixpath

from wizard.model.machine import Reader


def editing(host: Reader, path: str) -> str:
    """Say so, for the end of a sentence; "" when no swap file of vim's is beside it."""
    folder, name = posixpath.split(path)
    swap = f".{name}.swp"
    if not host.exists(f"{folder}/{swap}"):
        return ""
    return f"; vim has it open ({swap}): load it there again before you save"
