"""Does mod_wsgi, as Apache is configured, run Keystone's scripts inside the venv?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from wizard.checks.server_python import judged, minor_of
from wizard.facts import apache, keystone_scripts
from wizard.facts.apache import Apache, Heard, Silent
from wizard.facts.bash_question import stranger
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.foreign_text import harmless
from wizard.model.machine import Reader
from wizard.model.servers.apache_conf import Application, Directive, applications, server_homes

_OPENSTACK = re.compile(r"keystone|openstack_dashboard|placement|nova|cinder")


@dataclass(frozen=True, slots=True)
class _Way:
    """One way in which Apache starts Python: what is configured, and the scripts it is for."""

    python_home: str
    python_path: str
    server_home: str
    user: str
    where: str

    @property
    def home(self) -> str:
        """The environment that counts."""
        return self.python_home or self.server_home


@dataclass(frozen=True, slots=True)
class WsgiModWsgi:
    """Has a private Apache run each script up to its first import, with the real one's options."""

    venv: str

    id: ClassVar[str] = "wsgi-mod-wsgi"
    title: ClassVar[str] = "mod_wsgi"

    def run(self, host: Reader) -> Verdict:
        """Judge what is deployed; where nothing is, whether mod_wsgi could run in the venv."""
        if not minor_of(host, self.venv):
            return NotYet(f"no environment at {self.venv}", "the venv is built")
        server = apache.find(host)
        if server is None:
            return NotYet("Apache with mod_wsgi is not installed", "stack.sh has installed it")
        configuration = apache.configuration(host)
        ways = _ways(host, applications(configuration))
        homes = server_homes(configuration)
        if not ways and not homes:
            return self._mechanism(host, server)
        wrong = tuple(filter(None, (self._wrong_home(host, one) for one in homes)))
        wrong += tuple(
            complaint
            for way, scripts in ways.items()
            if way.server_home in ("", self.venv) or way.python_home
            for complaint in self._complaints(host, server, way, tuple(scripts))
        )
        if wrong:
            cure = "Let this program activate the venv there: devstack-venv --check --fix"
            return Result(Code.FAILURE, wrong[0], cure, wrong[1:])
        scripts = ", ".join(script for found in ways.values() for script in found)
        return Result(
            Code.SUCCESS, f"runs in {self.venv} for {scripts or homes[0].where}", evidence=()
        )

    def _mechanism(self, host: Reader, server: Apache) -> Verdict:
        """Try both ways into the venv: the server's option, and virtualenv's file."""
        activate = f"{self.venv}/bin/activate_this.py"
        said: list[Heard | Silent] = []
        for home, script in ((self.venv, ""), ("", activate if host.exists(activate) else "")):
            if home or script:
                said += _listed(
                    apache.hear(host, server, (script,) if script else (), python_home=home)
                )
        wrong = next(filter(None, (judged(host, self.venv, one) for one in said)), "")
        if wrong:
            cure = "Build the venv from the Python that mod_wsgi embeds, the distribution's own."
            return Result(Code.FAILURE, f"mod_wsgi cannot run in {self.venv}: {wrong}", cure)
        return Result(
            Code.SUCCESS,
            f"its Python {server.python} runs in {self.venv}; no Keystone script is deployed yet",
        )

    def _wrong_home(self, host: Reader, one: Directive) -> str:
        home = one.arguments[0]
        if home == self.venv:
            return ""
        missing = "" if host.exists(home) else ", which is not there"
        return f"{one.where}: WSGIPythonHome is {harmless(home)}{missing} and not {self.venv}"

    def _complaints(
        self, host: Reader, server: Apache, way: _Way, scripts: tuple[str, ...]
    ) -> Iterator[str]:
        if early := self._before_start(host, server, way):
            yield early
            return
        if problem := stranger(host, *scripts):  # to ask is to run their first lines
            yield f"{problem.where}: {problem.what}"
            return
        said = apache.hear(
            host,
            server,
            scripts,
            python_home=way.python_home,
            python_path=way.python_path,
            server_home=way.server_home,
        )
        for one in _listed(said):
            if complaint := judged(host, self.venv, one):
                yield complaint if isinstance(one, Heard) else f"{scripts[0]}: {complaint}"

    def _before_start(self, host: Reader, server: Apache, way: _Way) -> str:
        """Find what would make Apache start Python over and over without a word to its clients."""
        if way.home and not host.exists(f"{way.home}/pyvenv.cfg"):
            return f"{way.where}: {harmless(way.home)} is no virtual environment"
        minor = minor_of(host, way.home or self.venv)
        if server.python and minor != server.python:
            return (
                f"mod_wsgi embeds Python {server.python} and {way.home or self.venv} is for Python"
                f" {minor}: modules in C cannot be loaded"
            )
        user = way.user or apache.own_user(host)
        if user and (closed := apache.unreadable_by(host, user, f"{self.venv}/lib")):
            return f"{user}, as whom Apache runs it, may not enter {closed}"
        return ""


def _ways(host: Reader, found: tuple[Application, ...]) -> dict[_Way, list[str]]:
    """Group the scripts by how Apache starts Python for them."""
    ways: dict[_Way, list[str]] = {}
    known = [one for one in found if _OPENSTACK.search(one.script) and host.exists(one.script)]
    for one in known:
        way = _Way(
            one.option("python-home"),
            one.option("python-path"),
            one.server_home.arguments[0] if one.server_home else "",
            one.option("user"),
            (one.group or one.alias).where,
        )
        ways.setdefault(way, []).append(one.script)
    rest = set(keystone_scripts.find(host)) - {one.script for one in known}
    if rest:
        ways[_Way("", "", "", "", "")] = sorted(rest)
    return ways


def _listed(said: tuple[Heard, ...] | Silent) -> list[Heard | Silent]:
    return [said] if isinstance(said, Silent) else list(said)
