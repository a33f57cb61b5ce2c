"""uWSGI on this host: which units start it, and what its own interpreter says."""

import json
from itertools import count

from wizard.facts import systemd
from wizard.facts.apache import Heard, Silent, heard
from wizard.model import shipped
from wizard.model.machine import Command, Reader
from wizard.model.servers import uwsgi_options
from wizard.model.servers.systemd_unit import Start
from wizard.model.servers.uwsgi_options import Option, Service

_PLUGINS = ("/usr/lib/uwsgi/plugins", "/usr/lib64/uwsgi", "/usr/lib/uwsgi")
_PYTHON = "python3_plugin.so"
_MARK = "devstack-venv:"
_ASK = f"""
import json
print("\\n{_MARK}" + json.dumps(look(%r, %r)))
sys.stdout.flush()
os._exit(0)
"""
_NO_BYTECODE = {"PYTHONDONTWRITEBYTECODE": "1"}  # who only asks leaves nothing behind
_SECONDS = 10.0  # a fifth of a second is usual
_NUMBERS = count(1)


def program(host: Reader, venv: str) -> str | None:
    """Return uWSGI: the distribution's own, or the one in the venv."""
    paths = ("/usr/bin/uwsgi", "/usr/sbin/uwsgi", "/usr/local/bin/uwsgi", f"{venv}/bin/uwsgi")
    return next((path for path in paths if host.exists(path)), None)


def services(host: Reader) -> tuple[Service, ...]:
    """Return what every unit of DevStack's starts, with what its ini files add."""
    return tuple(_service(host, name, start) for name, start in systemd.starts(host))


def _service(host: Reader, name: str, start: Start) -> Service:
    service = uwsgi_options.service(name, start)
    if not service.is_uwsgi:
        return service
    return uwsgi_options.with_inis(service, lambda path: systemd.text(host, path))


def hear(
    host: Reader,
    program: str,
    options: tuple[Option, ...],
    *,
    script: str = "",
    module: str = "",
    environment: tuple[tuple[str, str], ...] = (),
) -> Heard | Silent:
    """Start uWSGI with these options only as far as its Python, and ask that."""
    code = shipped.read("questions/first_import.py").decode() + _ASK % (script, module)
    words = [word for one in options if one.is_plain for word in (f"--{one.name}", one.value)]
    socket = f"@devstack-venv-{host.user.uid}-{next(_NUMBERS)}"  # of no file, and ours alone
    argv = (program, *words, "--socket", socket, "--eval", code)
    env = {name: value for name, value in environment if name.startswith("PYTHON")}
    said = host.run(Command(argv, env=env | _NO_BYTECODE, timeout=_SECONDS))
    lines = (said.stdout + said.stderr).decode(errors="replace").splitlines()  # it joins the two
    for line in lines:
        if line.startswith(_MARK):
            return heard(json.loads(line.removeprefix(_MARK)))
    fatal = [line for line in lines if "Error" in line or "!!!" in line]
    return Silent(said.returncode, tuple((fatal or lines)[-4:]))


def python_plugin(host: Reader) -> tuple[Option, ...]:
    """Return the option that loads Python where that is a plugin of its own."""
    there = any(_PYTHON in host.listdir(folder) for folder in _PLUGINS)
    return (Option("plugins", "python3", ""),) if there else ()


def missing_plugin(host: Reader, program: str) -> str:
    """Return where the distribution's uWSGI would have Python, "" where it has or needs none.

    One that pip built has Python in it, and no folder of plugins.
    """
    names = {folder: host.listdir(folder) for folder in _PLUGINS}
    folder = next((one for one, there in names.items() if any(map(_is_plugin, there))), "")
    is_own = program.startswith(("/usr/bin/", "/usr/sbin/"))
    return f"{folder}/{_PYTHON}" if is_own and folder and not python_plugin(host) else ""


def plugin_package(host: Reader) -> str:
    """Return the distribution's package of the plugin for Python."""
    return "uwsgi-python3" if host.which("zypper") else "uwsgi-plugin-python3"


def _is_plugin(name: str) -> bool:
    return name.endswith("_plugin.so")


def python_options(host: Reader, service: Service) -> tuple[Option, ...]:
    """Return what of a service's options is about Python, in its order."""
    given = tuple(one for one in service.options if one.name in ("home", "pythonpath"))
    return python_plugin(host) + given
