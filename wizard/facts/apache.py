"""Apache and its mod_wsgi, as far as this host has them."""

import json
import re
import stat
from dataclasses import dataclass

from wizard.facts.accounts import by_name
from wizard.model import shipped
from wizard.model.machine import Command, Completed, Identity, Reader

_PROGRAMS = ("apache2", "httpd")
MODULES = (
    "/usr/lib/apache2/modules",
    "/usr/lib64/apache2",
    "/usr/lib64/httpd/modules",
    "/usr/lib/httpd/modules",
)
_WSGI = re.compile(r"mod_wsgi(_python3[\d.]*)?\.so")
_NEEDED = ("mod_mpm_event.so", "mod_unixd.so", "mod_authz_core.so")
_LIBPYTHON = re.compile(rb"libpython(3\.\d+)")
_OWN_USERS = ("www-data", "apache", "wwwrun")  # of Debian, Red Hat, SUSE
_NO = 1  # what test(1) answers
_SECONDS = 5.0  # for an answer of the private server; a third of a second is usual


@dataclass(frozen=True, slots=True)
class Apache:
    """An Apache that can run Python."""

    program: str
    modules: str  # their folder
    wsgi: str  # mod_wsgi's file
    python: str  # "3.11": the Python that mod_wsgi was built for


@dataclass(frozen=True, slots=True)
class Heard:
    """What the server's own interpreter said about one script (or about none)."""

    script: str
    module: str  # its first import from outside Python
    origin: str  # the file that it would come from
    error: str
    prefix: str
    version: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Silent:
    """The server gave no answer; the end of its log."""

    status: int
    log: tuple[str, ...]


def program(host: Reader) -> str | None:
    """Return Apache itself."""
    return next((path for name in _PROGRAMS if (path := host.which(name))), None)


def find(host: Reader) -> Apache | None:
    """Look for Apache and mod_wsgi; None where one of them is missing."""
    server = program(host)
    if server is None:
        return None
    for folder in MODULES:
        names = [name for name in host.listdir(folder) if _WSGI.fullmatch(name)]
        if names:
            path = f"{folder}/{names[-1]}"
            return Apache(server, folder, path, _python(host, path))
    return None


def _python(host: Reader, module: str) -> str:
    """Return the Python that a shared object was linked with."""
    said = host.run(Command(("cat", "--", module)))
    found = _LIBPYTHON.search(said.stdout)
    return found[1].decode() if found else ""


def hear(
    host: Reader,
    apache: Apache,
    scripts: tuple[str, ...],
    *,
    python_home: str = "",
    python_path: str = "",
    server_home: str = "",
) -> tuple[Heard, ...] | Silent:
    """Have a private Apache run scripts up to their first import, and say what its Python is."""
    asked = {
        "httpd": apache.program,
        "modules": [*_loadable(host, apache), apache.wsgi],
        "python_home": python_home,
        "python_path": python_path,
        "server_home": server_home,
        "scripts": scripts or [""],
        "seconds": _SECONDS,
    }
    question = shipped.read("questions/mod_wsgi.py").decode()
    first_import = shipped.read("questions/first_import.py")
    argv = (f"/usr/bin/python{apache.python}", "-I", "-c", question, json.dumps(asked))
    said = host.run(Command(argv, input=first_import, timeout=_SECONDS + 10))
    return _understood(said)


def _loadable(host: Reader, apache: Apache) -> tuple[str, ...]:
    """Return the modules to load: where they are built in there is no file."""
    there = host.listdir(apache.modules)
    return tuple(f"{apache.modules}/{name}" for name in _NEEDED if name in there)


def _understood(said: Completed) -> tuple[Heard, ...] | Silent:
    try:
        answer = json.loads(said.text)
    except ValueError:
        return Silent(0, tuple(said.stderr.decode(errors="replace").splitlines()[-3:]))
    if not answer["answers"]:
        telling = [line for line in answer["log"] if "Error" in line or "Unable" in line]
        return Silent(answer["status"], tuple(telling or answer["log"]))
    return tuple(heard(one) for one in answer["answers"])


def heard(said: dict[str, object]) -> Heard:
    """Read one answer of first_import.py."""
    path = said["path"]
    return Heard(
        str(said["script"]),
        str(said["module"]),
        str(said["origin"]),
        str(said["error"]),
        str(said["prefix"]),
        str(said["version"]),
        tuple(map(str, path)) if isinstance(path, list) else (),
    )


def is_running(host: Reader) -> bool:
    """Whether an Apache serves, by its pid file."""
    for path in ("/run/apache2/apache2.pid", "/run/httpd/httpd.pid", "/run/httpd.pid"):
        said = host.run(Command(("cat", "--", path), Identity.ROOT))
        pid = said.text.strip()
        if pid.isdecimal() and host.exists(f"/proc/{pid}"):
            return True
    return False


def own_user(host: Reader) -> str:
    """Return the user that Apache runs as where no process group names one, "" for unknown."""
    return next((name for name in _OWN_USERS if by_name(host, name)), "")


def unreadable_by(host: Reader, user: str, *paths: str) -> str:
    """Return the first folder or file on the way to paths that a user may not use, "" for none."""
    account = by_name(host, user)
    if account is None:
        return ""
    groups = (f"--regid={account.gid}", "--init-groups")
    for way in dict.fromkeys(part for path in paths for part in _way(path)):
        try:
            wanted = "-x" if stat.S_ISDIR(host.stat(way).st_mode) else "-r"
        except OSError:
            return way
        argv = ("setpriv", f"--reuid={account.uid}", *groups, "test", wanted, way)
        if host.run(Command(argv, Identity.ROOT)).returncode == _NO:
            return way
    return ""


def _way(path: str) -> tuple[str, ...]:
    parts = path.split("/")
    return tuple("/".join(parts[:length]) for length in range(2, len(parts) + 1))
