"""Which answers there are, and what each may be: one rule for every key of an answers file.

Environment variables and options go by the same rules.
"""

import re
from typing import Any

from packaging.utils import InvalidName, canonicalize_name

from wizard.model import venv_path
from wizard.model.distribution import Family
from wizard.model.exit_status import ExitStatus
from wizard.model.packages.distro_name import why_refused
from wizard.model.packages.requirement import from_argument
from wizard.model.problem import Problem
from wizard.model.settings.answer_values import (
    Rule,
    absolute_path,
    one_line,
    one_of,
    wrong,
    wrong_type,
    yes_or_no,
)
from wizard.model.settings.answers import (
    SCHEMA,
    FromEnvironment,
    FromFile,
    Generate,
    Installer,
    Like,
    Reference,
)

MAX_TIMEOUT = 7 * 24 * 60
REFERENCES = '{ generate = true }, { env = "NAME" } or { file = "PATH" }'
MANAGED = {
    "USE_VENV": "venv.use",
    "VENV_PATH": "venv.path",
    "GLOBAL_VENV": "venv.use",
    "DEVSTACK_VENV": "venv.path",
}

_SECRET = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_DEVSTACK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_URL = re.compile(r"(?:https?|file)://", re.IGNORECASE)


def is_secret(name: str) -> bool:
    """Whether a variable of local.conf holds a secret, judged by its name."""
    return _SECRET.search(name) is not None


def is_url(text: str) -> bool:
    """Whether constraints are fetched rather than read."""
    return _URL.match(text) is not None


def schema(value: object) -> int | Problem:
    """The version of the file's format."""
    if type(value) is not int:
        return wrong_type(value, int)
    if value > SCHEMA:
        return wrong(
            f"the file has schema {value}, this program knows {SCHEMA} and no newer one",
            "Update devstack-venv, or write the answers anew with --save-answers",
        )
    return value if value == SCHEMA else wrong(f"there is no schema {value}, only {SCHEMA}")


def directory(value: object) -> str | Problem:
    """The DevStack checkout; "" when there shall be none."""
    return "" if value == "" else absolute_path(value)


def place_of_venv(value: object) -> str | Problem:
    """VENV_PATH."""
    return venv_path.check(value) if isinstance(value, str) else wrong_type(value, str)


def user(value: object) -> str | Problem:
    """The user that the work is for."""
    name = one_line(value)
    if name == "root":
        return wrong("DevStack does not run as root", 'Name another user, such as "stack"')
    if isinstance(name, Problem) or _USER.fullmatch(name):
        return name
    return wrong(
        f"{name!a} is not a user name",
        "Use lower-case letters, digits, '_' and '-', 32 at most, with a letter first",
    )


def constraints(value: object) -> str | Problem | None:
    """A file or URL of constraints; "" is as good as nothing."""
    found = one_line(value)
    if isinstance(found, Problem) or _is_plain(found):
        return found or None
    return wrong(f"{found!a} is neither a file nor a URL that starts with https://")


def _is_plain(location: str) -> bool:
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", location)
    if location.startswith(("-", "~")) or location != location.strip():
        return False
    return is_url(location) if scheme else True


def devstack_name(value: object) -> str | Problem:
    """What GetDistro would say."""
    name = one_line(value)
    if isinstance(name, Problem) or _DEVSTACK_NAME.fullmatch(name):
        return name
    return wrong(f"{name!a} is not a name as DevStack has them", 'One is "bookworm"')


def minutes(value: object) -> int | Problem:
    """How long a build may take."""
    if type(value) is not int:
        return wrong_type(value, int)
    if 1 <= value <= MAX_TIMEOUT:
        return value
    return wrong(f"this must be between 1 and {MAX_TIMEOUT} minutes, not {value}")


def distro_package(value: object) -> str | Problem:
    """A name that some distribution's package manager may be given."""
    if not isinstance(value, str):
        return wrong_type(value, str)
    reasons = [why_refused(value, family) for family in Family]
    return value if None in reasons else wrong(str(reasons[0]))


def pypi_package(value: object) -> str | Problem:
    """A requirement, as PACKAGE on the command line."""
    if not isinstance(value, str):
        return wrong_type(value, str)
    found = from_argument(value, "", ExitStatus.ANSWERS)
    return found if isinstance(found, Problem) else value.strip()


def pypi_name(value: object) -> str | Problem:
    """The canonical name of a PyPI package, without version and the like."""
    requirement = pypi_package(value)
    if isinstance(requirement, Problem):
        return requirement
    try:
        return canonicalize_name(requirement, validate=True)
    except InvalidName:
        return wrong(f"this is more than the name of a package: {requirement}")


def variable(name: str, value: object) -> str | Reference | Problem:
    """A variable of local.conf."""
    if not _VARIABLE.fullmatch(name):
        return wrong(f"{name!a} is not the name of a variable of local.conf")
    if name in MANAGED:
        return wrong(f"{name} follows from {MANAGED[name]}", f"Set {MANAGED[name]} instead")
    if isinstance(value, dict):
        return reference(value)
    if isinstance(value, str) and is_secret(name):
        return wrong(f"{name} must not stand here itself", f"Use {REFERENCES}")
    if isinstance(value, bool | int | float):
        return wrong("this must be a text in quotes", f'Write {name} = "{str(value).lower()}"')
    return one_line(value)


def reference(table: dict[str, Any]) -> Reference | Problem:
    """Where a password comes from."""
    match table:
        case {"generate": True, **rest} if not rest:
            return Generate()
        case {"env": str(name), **rest} if not rest and _VARIABLE.fullmatch(name):
            return FromEnvironment(name)
        case {"file": str(path), **rest} if not rest and path and path.isprintable():
            return FromFile(path)
        case _:
            return wrong("this is not a reference to a password", f"Use {REFERENCES}")


RULES: dict[str, Rule] = {
    "schema": schema,
    "devstack.directory": directory,
    "devstack.user": user,
    "venv.use": yes_or_no,
    "venv.path": place_of_venv,
    "venv.python": absolute_path,
    "venv.system_site_packages": yes_or_no,
    "venv.installer": one_of(Installer),
    "venv.constraints": constraints,
    "build.stack": yes_or_no,
    "build.timeout_minutes": minutes,
    "host.like": one_of(Like),
    "host.devstack_name": devstack_name,
}

LISTS: dict[str, Rule] = {
    "packages.distro.add": distro_package,
    "packages.distro.remove": distro_package,
    "packages.pypi.add": pypi_package,
    "packages.pypi.remove": pypi_name,
}

LOCAL_CONF = "local_conf"  # its keys are free: see variable()
KEYS = (*RULES, *LISTS)
TABLES = frozenset({LOCAL_CONF, "packages", *(key.rpartition(".")[0] for key in KEYS)}) - {""}
