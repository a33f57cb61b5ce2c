"""What a shell has after it sourced a checkout's openrc; asked in a folder that looks like it."""

from wizard.facts.bash_question import answers, ask, script, stranger
from wizard.facts.shell_files import broken_settings
from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.machine import Command, Reader
from wizard.model.problem import Problem

_PATIENCE = 10.0  # seconds; half a second is usual
_TO_TIDY_UP = 5.0
_NO = 1  # what test(1) answers


def sourced(host: Reader, checkout: str) -> dict[str, str] | Problem:
    """Return python, prefix, openstack and VIRTUAL_ENV as such a shell finds them."""
    if problem := stranger(host, f"{checkout}/openrc"):
        return problem
    if host.run(Command(("test", "-r", f"{checkout}/openrc"))).returncode == _NO:
        what, cure = f"{host.user.name} may not read it", f"sudo chmod a+r {checkout}/openrc"
        return Problem(what, f"{checkout}/openrc", cure, ExitStatus.NEEDS_PERSON)
    if problem := broken_settings(host, checkout, "openrc"):
        return problem
    completed = ask(
        host,
        script("settings_sandbox"),
        script("stand_ins", "openrc"),
        str(_PATIENCE),
        f"{checkout}/local.conf",
        checkout,
        timeout=_PATIENCE + _TO_TIDY_UP,
    )
    said = answers(completed)
    if said.get("_ours_end") == "yes":
        return said
    complaints = completed.stderr.decode(errors="replace").splitlines()
    why = f": {harmless(complaints[-1])}" if complaints else ""
    return Problem(
        f"bash does not come to its end{why}",
        f"{checkout}/openrc",
        "Source it in a shell of your own to see what it says",
        ExitStatus.NEEDS_PERSON,
    )
