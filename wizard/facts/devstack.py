"""DevStack checkouts: where one is, and what it does with virtual environments.

What a checkout does is asked of its own shell functions; its text is read only for what no
function tells. That runs its code, so it has to belong to root or to the user the work is for.
"""

import re
from dataclasses import replace
from pathlib import PurePosixPath

from wizard.facts.bash_question import answers, ask, script, stranger
from wizard.model.devstack import Devstack, Kind
from wizard.model.devstack_links import HARD_CODED
from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.machine import Command, Identity, Reader
from wizard.model.problem import Problem

FILES = ("stack.sh", "functions", "stackrc")  # what makes a folder a checkout
USUAL = "/opt/stack/devstack"
_PATIENCE = 4.0  # seconds; 0.1 is usual
_TIMED_OUT = 124

_SERIES = re.compile(r"^\s*DEVSTACK_SERIES=[\"']?([\w.-]+)", re.MULTILINE)
_SUPPORTED = (
    re.compile(r"^\s*SUPPORTED_DISTROS=[\"']([^\"'\n]+)[\"']", re.MULTILINE),
    re.compile(r"\$\{DISTRO\} =~ \(([^()\n]+)\)"),
)


def find(host: Reader, cwd: str, homes: tuple[str, ...]) -> str | None:
    """Return the checkout around the current folder, in a home, or in its usual place."""
    here = PurePosixPath(cwd)
    folders = (here, *here.parents, *(PurePosixPath(home, "devstack") for home in homes), USUAL)
    return next((str(folder) for folder in folders if not _missing(host, str(folder))), None)


def inspect(host: Reader, directory: str) -> Devstack | Problem:
    """Ask the checkout in ``directory`` what it does with virtual environments."""
    if missing := _missing(host, directory):
        return Problem(
            f"not a DevStack checkout: {', '.join(missing)} missing",
            where=directory,
            cure=f"git clone https://opendev.org/openstack/devstack {directory}",
            status=ExitStatus.HOST,
        )
    if problem := stranger(host, directory, *_paths(directory)):
        return problem
    said = _answers(host, directory, "virtual_environments")
    if isinstance(said, Problem):
        return said
    kind, evidence = classify(said)
    if kind is Kind.UNKNOWN:
        evidence = (*evidence, *_complaint(host, directory))
    links = f"{HARD_CODED}/bin/" in _text(host, f"{directory}/stack.sh")
    found = Devstack(directory, kind, _series(host, directory), evidence, links=links)
    return _with_its_own_venv(found, said) if kind is Kind.GLOBAL else found


def _with_its_own_venv(found: Devstack, said: dict[str, str]) -> Devstack:
    """Add how its setup_devstack_virtualenv makes one that is not there."""
    options = tuple(word for word in said.get("setup", "").split("\n") if word.startswith("--"))
    packages = tuple(
        word for word in said.get("packages", "").split("\n") if word and not word.startswith("-")
    )
    return replace(found, venv_options=options, venv_packages=packages)


def classify(said: dict[str, str]) -> tuple[Kind, tuple[str, ...]]:
    """Return the kind of a checkout that answered so, and why, for a person."""
    if said.get("blog") == "/sentinel/blog/bin":
        return Kind.BLOG, ("get_python_exec_prefix follows USE_VENV and VENV_PATH",)
    if said.get("active") == "/sentinel/active/bin":
        return Kind.BLOG, ("get_python_exec_prefix follows the active virtual environment",)
    if said.get("global") == "/sentinel/global/bin":
        return Kind.GLOBAL, ("get_python_exec_prefix follows GLOBAL_VENV and DEVSTACK_VENV",)
    if "end" not in said:
        how = f"within {_PATIENCE:.0f} seconds" if "late" in said else "to the end"
        return Kind.UNKNOWN, (f"its functions file does not let bash read it {how}",)
    return _without_one_for_all(said)


def _without_one_for_all(said: dict[str, str]) -> tuple[Kind, tuple[str, ...]]:
    """Tell apart what has no virtual environment for everything: pip_install shows it."""
    prefix = said.get("plain", "")
    if not prefix.startswith("/"):
        return Kind.UNKNOWN, ("it has no get_python_exec_prefix that prints a folder",)
    fixed = f"get_python_exec_prefix prints {harmless(prefix)} whatever the settings"
    pip = said.get("pip", "")
    if "<sudo>" in pip:
        return Kind.NONE, (fixed, "pip_install uses sudo whatever PIP_VIRTUAL_ENV says")
    if "<pip of the environment>" in pip:
        return Kind.PER_PROJECT, (fixed, "pip_install follows PIP_VIRTUAL_ENV, project by project")
    return Kind.UNKNOWN, (fixed, "pip_install runs neither sudo nor the pip of PIP_VIRTUAL_ENV")


def supported_distributions(host: Reader, directory: str) -> tuple[str, ...] | None:
    """Return the distributions, by DevStack's names, that its stack.sh runs on; None: unknown."""
    text = stack_sh(host, directory)
    found = next((match for pattern in _SUPPORTED if (match := pattern.search(text))), None)
    return None if found is None else tuple(found[1].split("|"))


def stack_sh(host: Reader, directory: str) -> str:
    """Return the text of its stack.sh; "" where it cannot be read."""
    return _text(host, f"{directory}/stack.sh")


def starts_by_systemd(host: Reader, directory: str) -> bool:
    """Whether its services are units; until 2017 they ran in screen."""
    return "write_user_unit_file" in _text(host, f"{directory}/functions-common")


def distribution_name(host: Reader, directory: str) -> str | None:
    """Return what the checkout calls this host's distribution; None when it does not say."""
    if _missing(host, directory) or stranger(host, directory, *_paths(directory)):
        return None
    said = _answers(host, directory, "distribution_name")
    return None if isinstance(said, Problem) else said.get("DISTRO") or None


def _paths(directory: str) -> tuple[str, ...]:
    return tuple(f"{directory}/{name}" for name in FILES)


def _missing(host: Reader, directory: str) -> tuple[str, ...]:
    return tuple(name for name in FILES if not host.exists(f"{directory}/{name}"))


def _answers(host: Reader, directory: str, question: str) -> dict[str, str] | Problem:
    """Ask as the user of the work; as root only what is root's and for nobody else to read."""
    text = script("stand_ins", "no_programs", question)
    for identity in (Identity.STACK, Identity.ROOT):
        completed = ask(host, text, directory, identity=identity, timeout=_PATIENCE)
        said = answers(completed)
        if "unreadable" not in said:
            return said | ({"late": "yes"} if completed.returncode == _TIMED_OUT else {})
        if host.stat(directory).st_uid != 0:
            break
    return Problem(
        f"{host.user.name} may not read this checkout",
        where=directory,
        cure=f"sudo chown -R {host.user.name} {directory}",
        status=ExitStatus.HOST,
    )


def _complaint(host: Reader, directory: str) -> tuple[str, ...]:
    """Return what bash says about the grammar of the files that hold the functions."""
    for name in ("functions", "functions-common", "inc/python"):
        argv = ("bash", "--noprofile", "--norc", "-n", f"{directory}/{name}")
        said = host.run(Command(argv, timeout=_PATIENCE)).stderr.decode(errors="replace")
        if "syntax error" in said:
            return (harmless(said.splitlines()[0]),)
    return ()


def _series(host: Reader, directory: str) -> str:
    found = _SERIES.search(_text(host, f"{directory}/stackrc"))
    return found[1] if found else ""


def _text(host: Reader, path: str) -> str:
    try:
        return host.read(path).decode(errors="replace")
    except OSError:
        return ""
