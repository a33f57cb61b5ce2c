"""Takes a package out of a constraints file: edit-constraints FILE -- NAME [NEW LINE]."""

import sys
from pathlib import Path


def main() -> int:
    file, _, name, *new = sys.argv[1:]
    path = Path(file)
    kept = [line for line in path.read_text().splitlines() if line.partition("===")[0] != name]
    path.write_text("".join(f"{line}\n" for line in kept + new))
    return 0
