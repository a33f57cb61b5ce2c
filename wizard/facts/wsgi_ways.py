"""In which ways Apache starts Python for OpenStack's scripts, and which scripts each is for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wizard.facts import apache, keystone_scripts
from wizard.facts.apache_configuration import Configuration
from wizard.model.machine import Reader
from wizard.model.problem import Problem
from wizard.model.servers.apache_conf import Application, applications

_OPENSTACK = re.compile(r"keystone|openstack_dashboard|placement|nova|cinder")


@dataclass(frozen=True, slots=True)
class Way:
    """What is configured for a process group; all empty for Apache's own processes."""

    python_home: str = ""
    python_path: str = ""
    server_home: str = ""
    user: str = ""
    where: str = ""

    @property
    def home(self) -> str:
        """The environment that counts."""
        return self.python_home or self.server_home


def ways(host: Reader, configuration: Configuration) -> Mapping[Way, tuple[str, ...]]:
    """Group the scripts that are there by how Apache starts Python for them."""
    user = _own_user(host, configuration)
    known = [one for one in _openstack(configuration) if host.exists(one.script)]
    found: dict[Way, tuple[str, ...]] = {}
    for one in known:
        way = _way(one, user)
        found[way] = (*found.get(way, ()), one.script)
    rest = set(keystone_scripts.find(host)) - {one.script for one in known}
    if rest:
        found[Way(user=user)] = tuple(sorted(rest))
    return found


def dead_ends(host: Reader, configuration: Configuration) -> Iterator[Problem]:
    """Say what Apache would answer with an error before any Python has a say."""
    for one in _openstack(configuration):
        if not host.exists(one.script):
            yield Problem(
                f"{one.alias.where}: {one.script} is not there, and Apache is to run it",
                cure="Run stack.sh again, which puts it there; or take the site out: a2dissite",
            )
        elif one.group_name and one.group is None and not one.group_name.startswith("%"):
            yield Problem(
                f"{one.alias.where}: no WSGIDaemonProcess makes the process group"
                f" {one.group_name}, and Apache answers 500",
                cure="Name the same group in WSGIDaemonProcess and WSGIProcessGroup",
            )


def _openstack(configuration: Configuration) -> tuple[Application, ...]:
    found = applications(configuration.directives)
    return tuple(one for one in found if _OPENSTACK.search(one.script))


def _way(one: Application, user: str) -> Way:
    return Way(
        one.option("python-home"),
        one.option("python-path"),
        one.server_home.arguments[0] if one.server_home else "",
        one.option("user") or user,
        (one.group or one.alias).where,
    )


def _own_user(host: Reader, configuration: Configuration) -> str:
    """Return the user that Apache's processes are where no process group names another."""
    named = [one.arguments[0] for one in configuration.directives if one.name == "user"]
    return named[-1] if named else apache.own_user(host)
