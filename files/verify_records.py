"""Runs inside a venv: is every file that pip or uv recorded there, with the recorded hash?

Prints JSON: {"packages": {name: version}, "files": N, "broken": [sentences, at most 20],
"damaged": [names of the packages that these are of]}.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import sys
import sysconfig
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LIBRARIES = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})


def digest(path: Path, algorithm: str) -> str:
    """Return a file's hash as RECORD has it: urlsafe base64 without padding."""
    raw = hashlib.new(algorithm, path.read_bytes()).digest()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


Entry = tuple[str, Path, "importlib.metadata.FileHash | None"]


def judge(entry: Entry) -> str | None:
    """Return a sentence about what is wrong with one recorded file, or None."""
    _, path, recorded = entry
    try:
        if recorded is None:
            path.stat()
        elif digest(path, recorded.mode) != recorded.value:
            return f"{path} is not what was installed"
    except OSError as error:
        return f"{path}: {error.strerror}"
    return None


def entries(found: importlib.metadata.Distribution) -> Iterator[Entry]:
    """Yield the files of one installed distribution with their recorded hashes."""
    name = found.metadata["Name"]
    for file in found.files or ():
        path = Path(str(found.locate_file(file)))
        if path.suffix != ".pyc" and path.name != "__pycache__":
            yield name, path, file.hash


def main() -> None:
    """Verify every distribution of this venv."""
    packages: dict[str, str] = {}
    broken: dict[str, str] = {}  # whose file, by sentence
    recorded: list[Entry] = []
    for found in importlib.metadata.distributions(path=LIBRARIES):
        packages[found.metadata["Name"]] = found.version
        if found.read_text("RECORD") is None:
            broken[f"{found.metadata['Name']} has no RECORD"] = found.metadata["Name"]
        else:
            recorded += entries(found)
    with ThreadPoolExecutor() as pool:
        judged = zip(recorded, pool.map(judge, recorded, chunksize=200), strict=True)
        broken |= {wrong: entry[0] for entry, wrong in judged if wrong}
    report = {"packages": packages, "files": len(recorded), "broken": list(broken)[:20]}
    json.dump(report | {"damaged": sorted(set(broken.values()))}, sys.stdout)


main()
