"""Does mod_wsgi, as Apache is configured, run Keystone's scripts inside the venv?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from wizard.checks.apache_refusal import beside, refused, without_mod_wsgi
from wizard.checks.server_python import cure_of, judged, minor_of
from wizard.facts import apache, apache_configuration
from wizard.facts.apache import Apache, Heard, Silent
from wizard.facts.bash_question import stranger
from wizard.facts.wsgi_ways import Way, dead_ends, ways
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.foreign_text import harmless
from wizard.model.machine import Reader
from wizard.model.problem import Problem
from wizard.model.servers.apache_conf import Directive, server_homes


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
            return without_mod_wsgi(host)
        configuration = apache_configuration.read(host)
        found, homes = ways(host, configuration), server_homes(configuration.directives)
        wrong = (
            *dead_ends(host, configuration),
            *(problem for one in homes if (problem := self._wrong_home(host, one))),
            *(
                problem
                for way, scripts in found.items()
                if way.server_home in ("", self.venv) or way.python_home
                for problem in self._problems(host, server, way, scripts)
            ),
        )
        if not found and not homes and not wrong:
            return beside(self._mechanism(host, server), host, configuration.refusal)
        if configuration.refusal:
            wrong = (refused(host, configuration.refusal), *wrong)
        if wrong:
            rest = tuple(problem.what for problem in wrong[1:])
            return Result(Code.FAILURE, wrong[0].what, wrong[0].cure, rest)
        names = ", ".join(script for scripts in found.values() for script in scripts)
        return Result(Code.SUCCESS, f"runs in {self.venv} for {names or homes[0].where}")

    def _mechanism(self, host: Reader, server: Apache) -> Result:
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
            what = f"mod_wsgi cannot run in {self.venv}: {wrong}"
            return Result(Code.FAILURE, what, _REBUILD)
        return Result(
            Code.SUCCESS,
            f"its Python {server.python} runs in {self.venv}; no Keystone script is deployed yet",
        )

    def _wrong_home(self, host: Reader, one: Directive) -> Problem | None:
        home = one.arguments[0]
        if home == self.venv:
            return None
        missing = "" if host.exists(home) else ", which is not there"
        what = f"{one.where}: WSGIPythonHome is {harmless(home)}{missing} and not {self.venv}"
        return Problem(what, cure=_ACTIVATE)

    def _problems(
        self, host: Reader, server: Apache, way: Way, scripts: tuple[str, ...]
    ) -> Iterator[Problem]:
        if early := self._before_start(host, server, way, scripts):
            yield early
            return
        if problem := stranger(host, *scripts):  # to ask is to run their first lines
            yield Problem(f"{problem.where}: {problem.what}", cure=problem.cure)
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
                what = complaint if isinstance(one, Heard) else f"{scripts[0]}: {complaint}"
                yield Problem(what, cure=cure_of(complaint, _ACTIVATE))

    def _before_start(
        self, host: Reader, server: Apache, way: Way, scripts: tuple[str, ...]
    ) -> Problem | None:
        """Find what would make Apache start Python over and over without a word to its clients."""
        if way.home and not host.exists(f"{way.home}/pyvenv.cfg"):
            what = f"{way.where}: {harmless(way.home)} is no virtual environment"
            return Problem(what, cure=_ACTIVATE)
        minor = minor_of(host, way.home or self.venv)
        if server.python and minor != server.python:
            what = (
                f"mod_wsgi embeds Python {server.python} and {way.home or self.venv} is for Python"
                f" {minor}: modules in C cannot be loaded"
            )
            return Problem(what, cure=_ACTIVATE if way.home != self.venv else _REBUILD)
        packages = f"{self.venv}/lib/python{minor}/site-packages"
        if closed := apache.unreadable_by(host, way.user, packages, *scripts):
            what = f"{harmless(way.user)}, as whom Apache runs it, may not enter or read {closed}"
            return Problem(what, cure=f"Let services in: sudo chmod o+rX {closed}")
        return None


_ACTIVATE = "Let this program activate the venv there: devstack-venv --check --fix"
_REBUILD = "Build the venv from the Python that mod_wsgi embeds, the distribution's own."


def _listed(said: tuple[Heard, ...] | Silent) -> list[Heard | Silent]:
    return [said] if isinstance(said, Silent) else list(said)
