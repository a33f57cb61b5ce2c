"""The named defects, read from the file beside this one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("defects.txt")


@dataclass(frozen=True)
class Defect:
    """In ``module`` (below wizard/) the text ``old`` becomes ``new``."""

    name: str
    module: str
    old: str
    new: str


def _read(text: str) -> Iterator[Defect]:
    module = ""
    for part in re.split(r"\n\n+", text.strip())[1:]:
        name, *lines = part.split("\n")
        if name.startswith("== "):
            module = name.removeprefix("== ")
            continue
        old, new = ("\n".join(line[2:] for line in lines if line[0] == sign) for sign in "-+")
        yield Defect(name, module, old, new)


ALL = tuple(_read(_FILE.read_text()))
