"""Whether bash can read the files of a checkout that it is going to source.

Only their grammar is looked at: nothing of them is run. Where one cannot be read, whatever is
asked of the others is answered wrongly: settings look missing, functions too.
"""

import re
from collections.abc import Iterable

from wizard.facts.bash_question import answers, ask, script
from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.machine import Reader
from wizard.model.problem import Problem

_FOR_SETTINGS = ("functions", "functions-common", "lib/config", "stackrc")
_OF_THE_USER = ("localrc", ".localrc.password")  # in no git; read before, or in place of, ours
_FOR_A_RUN = ("stack.sh", "unstack.sh", "openrc")
_SOURCED = re.compile(r"^\s*(?:source|\.)\s+\$TOP_DIR/([\w./-]+)", re.MULTILINE)
_PLACE = re.compile(r"^.*?: line (\d+): (.*)", re.MULTILINE)
_UNREADABLE = "unreadable"  # what the script says of a file that may not be read
_MARKERS = ("<<<<<<< ", "=======", ">>>>>>> ", "||||||| ")
_PATIENCE = 10.0  # seconds; 0.1 is usual


def broken_settings(host: Reader, checkout: str, *further: str) -> Problem | None:
    """Return why bash cannot read what it reads for local.conf's sake, or what is named."""
    parts = (f"inc/{name}" for name in host.listdir(f"{checkout}/inc"))
    return _first_broken(host, checkout, (*_FOR_SETTINGS, *parts, *_OF_THE_USER, *further))


def broken_run(host: Reader, checkout: str, stack_sh: str) -> Problem | None:
    """Return why bash cannot read what is sourced besides, once stack.sh is under way."""
    return _first_broken(host, checkout, (*_FOR_A_RUN, *_SOURCED.findall(stack_sh)))


def _first_broken(host: Reader, checkout: str, names: Iterable[str]) -> Problem | None:
    completed = ask(host, script("grammar"), checkout, *dict.fromkeys(names), timeout=_PATIENCE)
    for name, said in answers(completed).items():
        if said == _UNREADABLE:
            return _forbidden(host, f"{checkout}/{name}")
        if at := _PLACE.search(said):
            return _told(host, checkout, name, at)
    return None


def _forbidden(host: Reader, path: str) -> Problem:
    what, cure = f"{host.user.name} may not read this file", f"As root: chmod a+r {path}"
    return Problem(what, path, cure, ExitStatus.NEEDS_PERSON)


def _told(host: Reader, checkout: str, name: str, at: re.Match[str]) -> Problem:
    path, line = f"{checkout}/{name}", int(at[1])
    lines = host.read(path).decode(errors="replace").splitlines()
    text = lines[line - 1].strip() if line <= len(lines) else ""
    what = f"bash cannot read this file: {harmless(text or at[2])}"
    if text.startswith(_MARKERS):
        what += " is from a merge that was not finished"
    elif text:
        what += f" ({harmless(at[2])})"
    return Problem(what, f"{path}:{line}", _cure(checkout, name, text), ExitStatus.NEEDS_PERSON)


def _cure(checkout: str, name: str, text: str) -> str:
    if name in _OF_THE_USER:
        return "Correct it there"
    again = f"take back what was committed: git -C {checkout} checkout HEAD -- {name}"
    if text.startswith(_MARKERS):
        return f"Finish that merge (git -C {checkout} status tells how), or {again}"
    return f"Correct it, or {again}"
