"""Unified diffs, as ``--plan`` shows them."""

import difflib


def unified(path: str, old: str, new: str) -> str:
    """Return what changes in a file, with its path in both headings."""
    lines = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), path, path
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
