"""What travels with the program: package lists, and what runs inside the venv or DevStack."""

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """Return ``files/``: inside the installed package, or beside it in a clone."""
    installed = _PACKAGE / "files"
    return installed if installed.is_dir() else _PACKAGE.parent / "files"


def read(name: str) -> bytes:
    """Return the bytes of a shipped file, such as ``debs/venv``."""
    return (folder() / name).read_bytes()


def program() -> str:
    """Return the command that starts this program, for others to call."""
    clone = _PACKAGE.parent / "wizard.sh"
    return str(clone if clone.is_file() else Path(sys.prefix, "bin", "devstack-venv"))
