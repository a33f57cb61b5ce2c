"""Where DevStack puts things, and whom it works as, by what local.conf plainly says."""

from dataclasses import dataclass

from wizard.model.bash.values import Literal, values
from wizard.model.local_conf.editor import HEADER, without_block
from wizard.model.local_conf.managed_block import functions_file
from wizard.model.local_conf.meta_sections import localrc
from wizard.model.machine import Reader

DEST = "/opt/stack"
DATA_DIR = f"{DEST}/data"
_BEFORE = f"DEST={DEST}\nDATA_DIR={DATA_DIR}\n".encode()  # stackrc, before it reads local.conf
# A sourced file may set anything; this one of ours does not.
_SOURCED = f'source "{functions_file("$VENV_PATH")}"\n'.encode()


@dataclass(frozen=True, slots=True)
class Places:
    """What is known without running local.conf."""

    dest: str = DEST
    data_dir: str = DATA_DIR
    user: str = ""  # "" where it does not say
    venv: str = ""  # where the user, not our block, says that the environment is


def places(host: Reader, directory: str) -> Places:
    """Read the settings of a checkout; what only running them would tell is as by default."""
    text = _text(host, directory)
    known = values(_BEFORE + localrc(text).replace(_SOURCED, b""))

    def said(name: str, default: str) -> str:
        found = known.of(name)
        return found.value if isinstance(found, Literal) else default

    folders = (said("DEST", ""), said("DATA_DIR", ""))
    dest, data_dir = (
        folder if folder.startswith("/") else default
        for folder, default in zip(folders, (DEST, DATA_DIR), strict=True)
    )
    return Places(dest, data_dir, said("STACK_USER", ""), _venv(text))


def _venv(text: bytes) -> str:
    found = values(_BEFORE + localrc(without_block(text))).of("VENV_PATH")
    return found.value if isinstance(found, Literal) else ""


def _text(host: Reader, directory: str) -> bytes:
    """Return what stackrc would read, as a local.conf; a file named localrc wins."""
    for name, header in (("localrc", HEADER), ("local.conf", b"")):
        try:
            return header + host.read(f"{directory}/{name}")
        except OSError:
            continue
    return b""
