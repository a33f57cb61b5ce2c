"""What was found, in the words of a person."""

import re

from wizard.engine.planning.survey import Survey
from wizard.model.devstack import Devstack, Kind
from wizard.model.problem import Problem

Fact = tuple[str, str, str]  # its name, what it is, how we know or what follows

KINDS = {
    Kind.GLOBAL: "one venv for everything is built in",
    Kind.BLOG: "reads USE_VENV and VENV_PATH itself",
    Kind.PER_PROJECT: "knows only one venv for each project",
    Kind.NONE: "knows no virtual environments",
    Kind.UNKNOWN: "does not say what it does with venvs",
}


def facts(found: Survey) -> tuple[Fact, ...]:
    """Return the lines above the table of the first screen."""
    distribution = found.distribution
    tool = distribution.family.package_manager
    word = "your word" if found.settings.like.value else "from /etc/os-release"
    return (
        ("Host", f"{distribution.title}, {tool}", f"({word})"),
        ("DevStack", *_devstack(found.devstack)),
        ("You", _who(found), ""),
    )


def no_facts(problems: tuple[Problem, ...] | None) -> tuple[Fact, ...]:
    """Return them while nothing is known, or when nothing could be found out."""
    said = "..." if problems is None else "not understood: see below"
    return (("Host", said, ""), ("DevStack", "...", ""), ("You", "...", ""))


def series(devstack: Devstack) -> str:
    """Return a checkout and what it calls its release."""
    return f"{devstack.directory}{f', {devstack.series}' if devstack.series else ''}"


def sentence(text: str) -> str:
    """Return words with a capital letter at the beginning and a full stop at the end."""
    if not text:
        return ""
    end = "" if text.endswith((".", ":", "?", "...")) else "."
    return text[0].upper() + text[1:] + end


_COMMAND = re.compile(
    r"^(?P<words>[^:]*): (?P<command>(?:apt-get|chmod|chown|dnf|du|echo|git|install|ls|rm|rmdir"
    r"|sudo|unset|zypper) .*)$"
)


def to_type(cure: str) -> str:
    """Return a cure with the command that it ends with on a line of its own, ready to copy."""
    found = _COMMAND.match(cure)
    return f"{found['words']}:\n    {found['command']}" if found else cure


def counted(number: int, one: str, many: str = "") -> str:
    """Return ``1 package``, ``2 packages``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _devstack(devstack: Devstack | None) -> tuple[str, str]:
    if devstack is None:
        return "none found", "(F2: name it, or clone it; or go on without)"
    return series(devstack), f"({KINDS[devstack.kind]})"


def _who(found: Survey) -> str:
    caller, user = found.caller.name, found.settings.user.value
    if caller == user:
        return f"{caller}; the work happens as you"
    missing = "" if found.host.user.uid >= 0 else ", which the build makes"
    return f"{caller}; the work happens as {user}{missing}"
