"""A real build that changes nothing but a local.conf of its own, and takes as long as one likes.

DevStack would run local.conf, so the check that reads it back does: a ``sleep`` in it takes time.
"""

import os
from pathlib import Path
from zlib import crc32

ROOT = Path(__file__).parents[2]
# the place of the venv is only locked, never made: tests may run beside each other
ANSWERS = '[devstack]\ndirectory = ""\n[venv]\nuse = false\npath = "/opt/stack/test-{}"\n'


def prepare(folder: Path, *, seconds: float = 0) -> dict[str, str]:
    """Furnish a folder to build in; return the environment to do it with."""
    (folder / "answers.toml").write_text(ANSWERS.format(crc32(bytes(folder))))
    (folder / "local.conf").write_text(f"[[local|localrc]]\nADMIN_PASSWORD=x\nsleep {seconds}\n")
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    place = {"HOME": str(folder), "DEVSTACK_VENV_STATE": str(folder / "state")}
    return kept | place | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}


OPTIONS = ("--answers", "answers.toml")
