"""Where DevStack puts things, and whom it works as, by what local.conf plainly says."""

from dataclasses import dataclass

from wizard.model.bash.values import Literal, values
from wizard.model.local_conf.meta_sections import localrc
from wizard.model.machine import Reader

DEST = "/opt/stack"
DATA_DIR = f"{DEST}/data"
_BEFORE = f"DEST={DEST}\nDATA_DIR={DATA_DIR}\n".encode()  # stackrc, before it reads local.conf


@dataclass(frozen=True, slots=True)
class Places:
    """What is known without running local.conf."""

    dest: str = DEST
    data_dir: str = DATA_DIR
    user: str = ""  # "" where it does not say


def places(host: Reader, directory: str) -> Places:
    """Read the settings of a checkout; what only running them would tell is as by default."""
    known = values(_BEFORE + _settings(host, directory))

    def said(name: str, default: str) -> str:
        found = known.of(name)
        return found.value if isinstance(found, Literal) else default

    folders = (said("DEST", ""), said("DATA_DIR", ""))
    dest, data_dir = (
        folder if folder.startswith("/") else default
        for folder, default in zip(folders, (DEST, DATA_DIR), strict=True)
    )
    return Places(dest, data_dir, said("STACK_USER", ""))


def _settings(host: Reader, directory: str) -> bytes:
    """Return what stackrc would read; a file named localrc wins."""
    for name in ("localrc", "local.conf"):
        try:
            text = host.read(f"{directory}/{name}")
        except OSError:
            continue
        return text if name == "localrc" else localrc(text)
    return b""
