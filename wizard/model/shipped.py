"""The files that travel with the program: package lists and what runs inside the venv."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """Return ``files/``: inside the installed package, or beside it in a clone."""
    installed = _PACKAGE / "files"
    return installed if installed.is_dir() else _PACKAGE.parent / "files"


def read(name: str) -> bytes:
    """Return the bytes of a shipped file, such as ``debs/venv``."""
    return (folder() / name).read_bytes()
