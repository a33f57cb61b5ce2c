"""Folders on the way to a path."""

import os
from pathlib import PurePosixPath

from wizard.model.machine import Command, Reader


def on_the_way(host: Reader, path: str) -> tuple[tuple[str, os.stat_result], ...]:
    """Return the folders from / to path that are there, with what the kernel says of them.

    Links are followed first: what counts is the folders that the path really leads through.
    """
    said = host.run(Command(("realpath", "--canonicalize-missing", "--", path), timeout=20))
    real = PurePosixPath(said.text.rstrip("\n") if said.ok else path)
    found = []
    for folder in (*reversed(real.parents), real):
        try:
            found.append((str(folder), host.stat(str(folder))))
        except OSError:
            break
    return tuple(found)


def nearest(host: Reader, path: str) -> str:
    """Return the deepest part of path that is there already."""
    return on_the_way(host, path)[-1][0]
