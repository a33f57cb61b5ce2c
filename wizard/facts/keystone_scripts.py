"""Keystone's entry scripts for mod_wsgi, whatever they are called."""

import stat

from wizard.facts.apache_configuration import applications
from wizard.model.machine import Reader

FOLDERS = ("/var/www/keystone", "/srv/www/htdocs/keystone", "/var/www/cgi-bin/keystone")


def find(host: Reader) -> tuple[str, ...]:
    """Return them, each file once, however many names it has."""
    seen: set[tuple[int, int]] = set()
    found = []
    for path in (*_deployed(host), *_configured(host)):
        try:
            status = host.stat(path)
        except OSError:
            continue
        identity = (status.st_dev, status.st_ino)
        if stat.S_ISREG(status.st_mode) and identity not in seen:
            seen.add(identity)
            found.append(path)
    return tuple(found)


def _deployed(host: Reader) -> tuple[str, ...]:
    return tuple(
        f"{folder}/{name}"
        for folder in FOLDERS
        for name in host.listdir(folder)
        if not name.startswith(".") and not name.endswith((".pyc", "~"))
    )


def _configured(host: Reader) -> tuple[str, ...]:
    return tuple(one.script for one in applications(host) if "keystone" in one.script)
