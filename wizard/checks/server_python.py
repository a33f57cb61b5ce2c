"""Is the Python that a server embeds the venv's?"""

import re

from wizard.facts.apache import Heard, Silent
from wizard.model.foreign_text import harmless
from wizard.model.machine import Command, Reader

_ORIGIN = "import sys; from importlib.util import find_spec; print(find_spec(sys.argv[1]).origin)"

_LACKS = "is not installed in"
_INSTALL = "Have stack.sh install it there; the venv is in use already, and only lacks that."


def minor_of(host: Reader, venv: str) -> str:
    """Return the Python that a venv was made for ("3.11"), "" when there is none."""
    names = (re.fullmatch(r"python(3\.\d+)", name) for name in host.listdir(f"{venv}/lib"))
    found = [name[1] for name in names if name]
    return found[0] if found and host.exists(f"{venv}/pyvenv.cfg") else ""


def judged(host: Reader, venv: str, said: Heard | Silent) -> str:
    """Say why what a server's interpreter said is not good, "" when it is."""
    if isinstance(said, Silent):
        return "its Python does not start: " + (harmless(said.log[-1]) if said.log else "no word")
    if (minor := minor_of(host, venv)) != said.version:
        return (
            f"the server embeds Python {said.version} and {venv} is for Python {minor}: modules"
            " in C cannot be loaded"
        )
    if said.error:
        return f"{said.script}: {harmless(said.error)}"
    if said.module:
        return "" if _is_linked(host, venv, said) else _where_from(venv, said)
    folders = {said.prefix, *said.path}
    inside = any(folder.startswith(f"{venv}/lib/") for folder in folders)
    return "" if inside else f"it runs in {harmless(said.prefix)} and not in {venv}"


def cure_of(complaint: str, naming: str) -> str:
    """Return what helps: to name the venv does not where it is in use and lacks the module."""
    return _INSTALL if _LACKS in complaint else naming


def _is_linked(host: Reader, venv: str, said: Heard) -> bool:
    """Whether the module is a source tree that the venv leads to, as after "pip install -e"."""
    if not said.origin or not any(folder.startswith(f"{venv}/lib/") for folder in said.path):
        return False
    argv = (f"{venv}/bin/python", "-I", "-B", "-c", _ORIGIN, said.module)
    return host.run(Command(argv, timeout=20)).text.strip() == said.origin


def _where_from(venv: str, said: Heard) -> str:
    if said.origin.startswith(f"{venv}/"):
        return ""
    what = f"{harmless(said.script)}: " if said.script else ""
    if not said.origin:
        if any(folder.startswith(f"{venv}/lib/") for folder in said.path):
            return f"{what}{said.module} {_LACKS} {venv}"
        return f"{what}{said.module} is not found, for it runs in {harmless(said.prefix)}"
    return f"{what}{said.module} comes from {harmless(said.origin)} and not from {venv}"
