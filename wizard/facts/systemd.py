"""The units of DevStack's services, from the folders in which systemd looks for them."""

from collections.abc import Iterator

from wizard.model.machine import Identity, Reader
from wizard.model.servers.systemd_unit import Start, start

PREFIX = "devstack@"
_FOLDERS = (  # in their order: what is in the first one hides what is in the others
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
)


def starts(host: Reader) -> Iterator[tuple[str, Start]]:
    """Yield the name of each unit that starts something, and what."""
    for name in sorted({name for folder in _FOLDERS for name in host.listdir(folder)}):
        unit = name.removesuffix(".service")
        if name.startswith(PREFIX) and unit not in (name, PREFIX):
            files = (_first(host, name), *_drop_ins(host, unit))
            found = start(unit, ((path, text(host, path)) for path in files))
            if found is not None:
                yield unit, found


def text(host: Reader, path: str) -> str:
    """Return a file's text, "" when it cannot be read (a unit that is masked is /dev/null)."""
    try:
        return host.read(path, Identity.ROOT).decode(errors="replace")
    except OSError:
        return ""


def _first(host: Reader, name: str) -> str:
    return next(path for f in _FOLDERS if host.exists(path := f"{f}/{name}"))


def _drop_ins(host: Reader, unit: str) -> tuple[str, ...]:
    """Return them in the order of their names; of one name the first folder's alone counts."""
    found: dict[str, str] = {}
    for owner in (f"{unit}.service.d", f"{PREFIX}.service.d", "service.d"):
        for folder in (f"{one}/{owner}" for one in _FOLDERS):
            for name in host.listdir(folder):
                if name.endswith(".conf") and not name.startswith("."):
                    found.setdefault(name, f"{folder}/{name}")
    return tuple(found[name] for name in sorted(found))
