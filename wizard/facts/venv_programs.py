"""Do the programs that a build installed into the venv still start?

Asked of their records, not of every file: who changes a module in a venv to look for a defect
means to, and a package may bring a script for an interpreter that no host has.
"""

import base64
import hashlib
import re
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from wizard.facts.rootwrap import interpreter
from wizard.facts.venv_folder import Complete
from wizard.model.machine import Reader

_RECORDED = re.compile(r"^(?:\.\./)+bin/([^/,\n]+),sha256=([\w-]+),", re.MULTILINE)


def damage(host: Reader, venv: str, built: Complete) -> str:
    """Say which program of a complete venv was lost since it was built, "" for none."""
    complaints = (
        _complaint(host, f"{venv}/bin/{name}", digest)
        for text in _records(host, venv, built)
        for name, digest in _RECORDED.findall(text)
    )
    return next(filter(None, complaints), "")


def _complaint(host: Reader, program: str, digest: str) -> str:
    if not host.exists(program):
        return f"{program} is gone"
    needs = interpreter(host, program)
    if not needs or host.exists(needs) or _digest(host.read(program)) == digest:
        return ""
    return f"{program} was changed since: its first line names {needs}, which is not there"


def _digest(content: bytes) -> str:
    """Return a hash as RECORD has it."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _records(host: Reader, venv: str, built: Complete) -> Iterator[str]:
    """Yield the records of what the build installed; what came later is not for it to mend."""
    minor = ".".join(built.python.split(".")[:2])
    folder = f"{venv}/lib/python{minor}/site-packages"
    known = {canonicalize_name(name) for name in built.packages}
    for name in host.listdir(folder):
        package, _, ending = name.partition("-")
        if ending.endswith(".dist-info") and canonicalize_name(package) in known:
            yield _text(host, f"{folder}/{name}/RECORD")


def _text(host: Reader, path: str) -> str:
    try:
        return host.read(path).decode(errors="replace")
    except OSError:
        return ""
