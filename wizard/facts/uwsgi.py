"""uWSGI on this host: which units start it, and what its own interpreter says."""

import json
from itertools import count

from wizard.facts.apache import Heard, Silent, heard
from wizard.model import shipped
from wizard.model.machine import Command, Identity, Reader
from wizard.model.servers import uwsgi_options
from wizard.model.servers.uwsgi_options import Option, Service

UNITS = "/etc/systemd/system"
_PREFIX = "devstack@"
_PLUGINS = ("/usr/lib/uwsgi/plugins", "/usr/lib64/uwsgi", "/usr/lib/uwsgi")
_MARK = "devstack-venv:"
_ASK = f"""
import json
print("\\n{_MARK}" + json.dumps(look(%r, %r)))
sys.stdout.flush()
os._exit(0)
"""
_SECONDS = 10.0  # a fifth of a second is usual
_NUMBERS = count(1)


def program(host: Reader, venv: str) -> str | None:
    """Return uWSGI: the distribution's own, or the one in the venv."""
    paths = ("/usr/bin/uwsgi", "/usr/sbin/uwsgi", "/usr/local/bin/uwsgi", f"{venv}/bin/uwsgi")
    return next((path for path in paths if host.exists(path)), None)


def services(host: Reader) -> tuple[Service, ...]:
    """Return every unit of DevStack's, with what its ini file adds."""
    names = (name for name in host.listdir(UNITS) if name.startswith(_PREFIX))
    found = (_service(host, f"{UNITS}/{name}") for name in names if name.endswith(".service"))
    return tuple(service for service in found if service)


def _service(host: Reader, path: str) -> Service | None:
    service = uwsgi_options.unit(path, text(host, path))
    if service is None or not service.is_uwsgi:
        return service
    name = service.value("ini")
    return uwsgi_options.with_ini(service, name, uwsgi_options.ini(name, text(host, name)))


def text(host: Reader, path: str) -> str:
    """Return a file's text, "" when it cannot be read."""
    try:
        return host.read(path, Identity.ROOT).decode(errors="replace")
    except OSError:
        return ""


def hear(
    host: Reader,
    program: str,
    options: tuple[Option, ...],
    *,
    script: str = "",
    module: str = "",
) -> Heard | Silent:
    """Start uWSGI with these options only as far as its Python, and ask that."""
    code = shipped.read("questions/first_import.py").decode() + _ASK % (script, module)
    words = [word for one in options if one.is_plain for word in (f"--{one.name}", one.value)]
    socket = f"@devstack-venv-{host.user.uid}-{next(_NUMBERS)}"  # of no file, and ours alone
    argv = (program, *words, "--socket", socket, "--eval", code)
    said = host.run(Command(argv, timeout=_SECONDS))
    lines = (said.stdout + said.stderr).decode(errors="replace").splitlines()  # it joins the two
    for line in lines:
        if line.startswith(_MARK):
            return heard(json.loads(line.removeprefix(_MARK)))
    fatal = [line for line in lines if "Error" in line or "!!!" in line]
    return Silent(said.returncode, tuple(fatal[-4:]))


def python_plugin(host: Reader) -> tuple[Option, ...]:
    """Return the option that loads Python where that is a plugin of its own."""
    there = any("python3_plugin.so" in host.listdir(folder) for folder in _PLUGINS)
    return (Option("plugins", "python3", ""),) if there else ()


def python_options(host: Reader, service: Service) -> tuple[Option, ...]:
    """Return what of a service's options is about Python, in its order."""
    given = tuple(one for one in service.options if one.name in ("home", "pythonpath"))
    return python_plugin(host) + given
