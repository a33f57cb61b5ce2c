"""What devstack-venv's block in local.conf says: line by line, each with its reason."""

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from wizard.model.bash.values import Absent, Dynamic, Literal, values
from wizard.model.devstack import Kind
from wizard.model.secret import Secret

PASSWORDS = ("ADMIN_PASSWORD", "DATABASE_PASSWORD", "RABBIT_PASSWORD", "SERVICE_PASSWORD")
VENV_NAMES = frozenset({"USE_VENV", "VENV_PATH", "GLOBAL_VENV", "DEVSTACK_VENV"})

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_READ_ONLY = {"BASHOPTS", "BASH_VERSINFO", "EUID", "PPID", "SHELLOPTS", "UID"}
_FALLBACK = re.compile(r"^(?P<name>\w+)=\$\{(?P=name):-(?P<value>\w+)\}$", re.ASCII | re.MULTILINE)
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)=", re.ASCII)


@dataclass(frozen=True, slots=True)
class Password:
    """One of DevStack's passwords: one that was asked for, or one made up in case it is missing."""

    name: str
    secret: Secret
    generated: bool = True  # written only where nothing above the block sets it


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the block and why it is there."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class ManagedBlock:
    """All lines between the markers."""

    lines: tuple[Line, ...]

    @property
    def body(self) -> bytes:
        """The lines as they stand in the file."""
        return "".join(f"{line.text}\n" for line in self.lines).encode()

    @property
    def names(self) -> frozenset[str]:
        """The variables that the block has the last word on."""
        fallbacks = {found["name"] for found in _FALLBACK.finditer(self.body.decode())}
        assigned = (_ASSIGNED.match(line.text) for line in self.lines)
        return frozenset(found[1] for found in assigned if found) - fallbacks

    def reasons(self) -> tuple[tuple[str, str], ...]:
        """Return each line with its reason, for a person."""
        return tuple((line.text, line.why) for line in self.lines)


def managed_block(
    kind: Kind | None,
    *,
    use: bool,
    venv_path: str,
    builder: str = "",
    settings: Iterable[tuple[str, str | Secret]] = (),
    passwords: Iterable[tuple[Password, bool]] = (),
) -> ManagedBlock:
    """Say what local.conf must hold for this DevStack (None: there is no checkout yet).

    ``builder`` is the program that stack.sh calls where the environment is missing. ``passwords``
    come from ``wanted_passwords``: whether one only fills a gap goes with it.
    """
    lines = _switch(use=use, venv_path=venv_path)
    if kind is Kind.GLOBAL:
        lines += _handed_over(use=use)
    elif use and kind in {Kind.NONE, Kind.PER_PROJECT}:
        lines += _taught(builder)
        lines += _one_for_all() if kind is Kind.PER_PROJECT else ()
    if use and kind in {Kind.GLOBAL, Kind.NONE, Kind.PER_PROJECT}:
        lines += _for_openrc()
    lines += tuple(
        Line(_assignment(name, value), "asked for among the answers ([local_conf])")
        for name, value in settings
    )
    lines += tuple(_password(password, fills=fills) for password, fills in passwords)
    return ManagedBlock(lines)


def _switch(*, use: bool, venv_path: str) -> tuple[Line, ...]:
    """Return the two lines that people know."""
    on = Line(f"USE_VENV={use}", "whether DevStack's Python packages go into a virtual environment")
    if not use:
        return (on,)
    return (on, Line(_assignment("VENV_PATH", venv_path), "where the virtual environment is"))


def _handed_over(*, use: bool) -> tuple[Line, ...]:
    """Return what makes a DevStack of 2023.2 and later use one environment for everything."""
    said = "# This DevStack calls one environment for everything GLOBAL_VENV; handed over to it:"
    lines = [
        Line(said, "the two names above are ours; this DevStack reads others"),
        Line("GLOBAL_VENV=$USE_VENV", "this DevStack's switch for one environment for everything"),
    ]
    if use:
        lines += [
            Line("DEVSTACK_VENV=$VENV_PATH", "this DevStack's name for that environment's folder"),
            *_neutralised(),
        ]
    return tuple(lines)


def _neutralised() -> tuple[Line, ...]:
    why = (
        "with USE_VENV on, this DevStack would install each project into an environment of its "
        "own and start Keystone from the global one, where Keystone then is not"
    )
    return (
        Line("# USE_VENV itself means one environment for each project to this DevStack, and", why),
        Line("# Keystone would not start then. It has served its purpose above: off again.", why),
        Line("USE_VENV=False", why),
    )


def functions_file(venv_path: str) -> str:
    """Return where the functions are that a DevStack before 2023.2 needs: beside the environment.

    Whoever may use the environment may read them there, and they are there before it is.
    """
    return f"{venv_path}.devstack.sh"


def _taught(builder: str) -> tuple[Line, ...]:
    """Return the line by which a DevStack before 2023.2 learns the rest."""
    said = "# This DevStack knows no environment for everything; these functions make it use one:"
    source = Line(
        f'source "{functions_file("$VENV_PATH")}"',
        "DevStack's own files stay as they are: of two functions with one name, the later one runs",
    )
    why = "the two names above are ours; this DevStack does not act on them"
    if not builder:
        return (Line(said, why), source)
    called = Line(
        _assignment("VENV_BUILDER", builder), "stack.sh calls it where VENV_PATH is empty"
    )
    return (Line(said, why), called, source)


def _one_for_all() -> tuple[Line, ...]:
    why = (
        "with USE_VENV on, this DevStack would make an environment for each project, anew each time"
    )
    return (
        Line(
            "# USE_VENV itself means one environment for each project to this DevStack: off.", why
        ),
        Line("USE_VENV=False", why),
    )


OPENRC_PATH = (
    'case " ${BASH_SOURCE[*]} " in *" openrc "* | *"/openrc "*)'
    ' PATH=$VENV_PATH/bin:${PATH//"$VENV_PATH/bin:"/} ;; esac'
)
"""Puts the environment first on the PATH of whoever sources openrc, and of nobody else."""


def _for_openrc() -> tuple[Line, ...]:
    """Return what a shell that sources openrc gets; VIRTUAL_ENV stays unset for stack.sh's sake."""
    return (
        Line(
            "# openrc reads these lines, too: its shell finds the environment's programs first.",
            "openrc itself is a file of DevStack's, which an update would meet changed",
        ),
        Line('STACK_ENV_VARS+=" VENV_PATH"', "DevStack saves these variables in .stackenv"),
        Line(OPENRC_PATH, "PATH alone: with VIRTUAL_ENV set, stack.sh would refuse to start"),
    )


def _password(password: Password, *, fills: bool) -> Line:
    if fills:
        text = f"{password.name}=${{{password.name}:-{password.secret.reveal()}}}"
        return Line(text, "in case the lines above leave it empty: DevStack would stop and ask")
    why = "generated" if password.generated else "asked for among the answers ([local_conf])"
    reason = f"{why}; without it DevStack would stop and ask"
    return Line(_assignment(password.name, password.secret), reason)


def _assignment(name: str, value: str | Secret) -> str:
    plain = value.reveal() if isinstance(value, Secret) else value
    return f"{name}={shlex.quote(plain)}"


def wanted_passwords(
    passwords: Iterable[Password], shell_text: bytes, old_body: bytes = b""
) -> tuple[tuple[Password, bool], ...]:
    """Choose the passwords to write, each with whether it only fills a gap.

    One that was asked for is always written. A generated one is written where the user's own text
    sets none, and as a filler where only running that text would tell; the one in the block from
    an earlier run is kept.
    """
    passwords = tuple(passwords)
    own, earlier = values(shell_text), _earlier(old_body, (one.name for one in passwords))
    chosen: list[tuple[Password, bool]] = []
    for password in passwords:
        if not password.generated:
            chosen.append((password, False))
            continue
        kept = Password(password.name, Secret(earlier.get(password.name, password.secret.reveal())))
        match own.of(password.name):
            case Absent() | Literal(value=""):
                chosen.append((kept, False))
            case Dynamic():
                chosen.append((kept, True))
            case Literal():
                pass
    return tuple(chosen)


def _earlier(body: bytes, names: Iterable[str]) -> dict[str, str]:
    """Return the passwords that the block holds already.

    Each line is read by itself: after one that sources a file nobody can say what the next leaves.
    """
    text = body.decode(errors="replace")
    found = {match["name"]: match["value"] for match in _FALLBACK.finditer(text)}
    wanted = set(names)
    for line in text.split("\n"):
        name = line.partition("=")[0]
        match values(line.encode()).of(name) if name in wanted else None:
            case Literal(value=value) if value:
                found[name] = value
    return found


def setting_defect(name: str, value: str) -> str:
    """Say what is wrong with a further setting, "" when it may be written."""
    if not _NAME.fullmatch(name):
        return f"{name!r} is not the name of a shell variable"
    if name in VENV_NAMES:
        return f"{name} follows from the answers under [venv]"
    if name in _READ_ONLY:
        return f"{name} is a variable that bash does not let anybody set"
    if any(ord(char) < ord(" ") or char == "\x7f" for char in value):
        return f"the value of {name} holds a control character"
    return ""
