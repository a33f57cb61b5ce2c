"""What Apache goes by: asked of Apache itself, which knows what it includes and leaves out."""

from collections.abc import Iterator
from dataclasses import dataclass

from wizard.facts import apache
from wizard.model import shipped
from wizard.model.foreign_text import harmless
from wizard.model.machine import Command, Completed, Identity, Reader
from wizard.model.servers.apache_conf import Application, Directive, directives, listed
from wizard.model.servers.apache_conf import applications as applications_in

_FOLDERS = (
    ("/etc/apache2/sites-enabled", ".conf"),
    ("/etc/apache2/conf-enabled", ".conf"),
    ("/etc/apache2/mods-enabled", "wsgi.conf"),
    ("/etc/apache2/vhosts.d", ".conf"),
    ("/etc/apache2/conf.d", ".conf"),
    ("/etc/httpd/conf.d", ".conf"),
)
_LISTS = "mod_info.so"  # the module that can list the configuration
_PATIENCE = 20.0  # seconds: it may look up names


@dataclass(frozen=True, slots=True)
class Configuration:
    """Its directives in their order, and what Apache says where it refuses them."""

    directives: tuple[Directive, ...]
    refusal: str = ""


def read(host: Reader) -> Configuration:
    """Have Apache list what it goes by; where it cannot, read the files that it usually reads."""
    program, folder = apache.program(host), modules(host)
    refusal = ""
    if program is not None and folder:
        said = _ask(host, program, f"{folder}/{_LISTS}")
        if said.ok:
            return Configuration(tuple(listed(said.text)))
        refusal = _complaint(said)
    return Configuration(tuple(_by_folder(host)), refusal)


def modules(host: Reader) -> str:
    """Return the folder of its modules, "" where there is none that can list."""
    return next((folder for folder in apache.MODULES if _LISTS in host.listdir(folder)), "")


def applications(host: Reader) -> tuple[Application, ...]:
    """Return the WSGI applications that Apache is to run."""
    return applications_in(read(host).directives)


def text(host: Reader, path: str) -> str | None:
    """Return a file of its configuration, None when it cannot be read."""
    for identity in (Identity.STACK, Identity.ROOT):
        said = host.run(Command(("cat", "--", path), identity))
        if said.ok:
            return said.text
    return None


def _ask(host: Reader, program: str, module: str) -> Completed:
    """Ask as the user, and as root where the user may not read it all; it only reads."""
    script = shipped.read("questions/apache_configuration.sh").decode()
    argv = ("sh", "-c", script, program, module)
    said = host.run(Command(argv, timeout=_PATIENCE))
    if said.ok:
        return said
    as_root = host.run(Command(argv, Identity.ROOT, timeout=_PATIENCE))
    return as_root if b"AH0" in as_root.stderr or as_root.ok else said


def _complaint(said: Completed) -> str:
    """Return what Apache has against it: a place and a reason, without its usual remarks."""
    lines = said.stderr.decode(errors="replace").strip().splitlines()
    telling = [line for line in lines if "fully qualified domain name" not in line]
    return " ".join(map(harmless, telling[:2])) or f"status {said.returncode}"


def _by_folder(host: Reader) -> Iterator[Directive]:
    for folder, ending in _FOLDERS:
        for name in host.listdir(folder):
            if name.endswith(ending) and not name.startswith("."):
                yield from directives(f"{folder}/{name}", text(host, f"{folder}/{name}") or "")
