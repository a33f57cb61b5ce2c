"""Does uWSGI, as each of DevStack's units starts it, run inside the venv?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.checks.server_python import cure_of, judged, minor_of
from wizard.facts import servers, uwsgi
from wizard.facts.apache import unreadable_by
from wizard.facts.bash_question import stranger
from wizard.facts.reinstalling import reinstall
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.foreign_text import harmless
from wizard.model.machine import Reader
from wizard.model.servers.uwsgi_options import Option, Service

_BROKEN = 500


@dataclass(frozen=True, slots=True)
class WsgiUwsgi:
    """Starts uWSGI with a unit's own options as far as its Python, and asks that."""

    venv: str

    id: ClassVar[str] = "wsgi-uwsgi"
    title: ClassVar[str] = "uWSGI"

    def run(self, host: Reader) -> Verdict:
        """Judge every unit; where there is none yet, whether uWSGI could run in the venv."""
        if not minor_of(host, self.venv):
            return NotYet(f"no environment at {self.venv}", "the venv is built")
        units = uwsgi.services(host)
        program = uwsgi.program(host, self.venv)
        wrong = tuple(filter(None, (self._misplaced(host, one) for one in units)))
        served = [one for one in units if one.is_uwsgi]
        if not served and not wrong:
            return self._mechanism(host, program)
        wrong += tuple(filter(None, (self._complaint(host, one, program) for one in served)))
        wrong = wrong or self._without_application(host, served)
        names = ", ".join(one.name for one in served)
        if not wrong:
            return Result(Code.SUCCESS, f"runs in {self.venv} for {names}")
        return Result(
            Code.FAILURE,
            wrong[0],
            _cure(host, wrong[0]),
            wrong[1:],
        )

    def _mechanism(self, host: Reader, program: str | None) -> Verdict:
        if program is None:
            return NotYet("uWSGI is not installed", "stack.sh has installed it")
        if uwsgi.missing_plugin(host, program):
            return NotYet("uWSGI has no plugin for Python", "stack.sh has installed it")
        options = (*uwsgi.python_plugin(host), Option("home", self.venv, ""))
        said = uwsgi.hear(host, program, options)
        if complaint := judged(host, self.venv, said):
            return Result(Code.FAILURE, f"uWSGI cannot run in {self.venv}: {complaint}", _REBUILD)
        minor = minor_of(host, self.venv)
        what = f"its Python {minor} runs in {self.venv}; no service is deployed yet"
        return Result(Code.SUCCESS, what)

    def _complaint(self, host: Reader, one: Service, program: str | None) -> str:
        """Say what is wrong with a unit, "" for nothing."""
        if unclear := next((o for o in one.options if o.name == "home" and not o.is_plain), None):
            return f"{unclear.where}: {harmless(unclear.value)} is nothing that can be judged"
        binary = one.program if one.program.startswith("/") else program
        if binary is None or not host.exists(binary):
            return f"{one.name}: {harmless(one.program)} is not there"
        if lost := uwsgi.missing_plugin(host, binary):
            return f"{one.name}: {_NO_PLUGIN}: {lost} is missing"
        if closed := self._closed_to(host, one):
            return f"{one.name}: {harmless(one.user)}, as whom it runs, may not enter {closed}"
        script, module = one.value("wsgi-file"), one.value("module").partition(":")[0]
        if script and (problem := stranger(host, script)):  # to ask is to run its first lines
            return f"{one.name}: {problem.where}: {problem.what}"
        said = uwsgi.hear(
            host,
            binary,
            uwsgi.python_options(host, one),
            script=script,
            module=module,
            environment=one.environment,
        )
        complaint = judged(host, self.venv, said)
        home = one.last("home")
        where = f"{home.where} names {harmless(home.value)}" if home else f"{one.path} names none"
        return complaint and f"{one.name}: {complaint} (the environment: {where})"

    def _closed_to(self, host: Reader, one: Service) -> str:
        """Return what a user other than ours and root may not enter."""
        if one.user in ("root", host.user.name):
            return ""
        return unreadable_by(host, one.user, f"{self.venv}/lib")

    def _misplaced(self, host: Reader, one: Service) -> str:
        """Say that a unit which is not uWSGI's starts a program of another place."""
        name = one.program.rpartition("/")[2]
        own = f"{self.venv}/bin/{name}"
        if one.is_uwsgi or one.program == own or not host.exists(own):
            return ""
        return f"{one.name}: {one.path} starts {harmless(one.program)} and not {own}"

    def _without_application(self, host: Reader, served: list[Service]) -> tuple[str, ...]:
        """Find servers that are up and have nothing to serve: they answer 500 to everything."""
        addresses = {
            f"{kind}:{path}": one.name
            for one in served
            for option, kind in (("socket", "uwsgi"), ("http-socket", "http"))
            if (path := one.value(option)).startswith("/") and host.exists(path)
        }
        answers = servers.ask(host, self.venv, *addresses)
        return tuple(
            f"{addresses[answer.address]}: is up but answers {answer.status}: uWSGI has started"
            " without its application, and only starting it again helps"
            for answer in answers
            if answer.status >= _BROKEN
        )


def _cure(host: Reader, complaint: str) -> str:
    """Return what mends the first complaint."""
    if _NO_PLUGIN in complaint:
        lost = complaint.rpartition(": ")[2].removesuffix(" is missing")
        if again := reinstall(host, lost):
            return f"Its package is installed, its file is gone. As root: {again}"
        return f"Let this program install {uwsgi.plugin_package(host)}: {_FIX}"
    return cure_of(complaint, f"Let this program name the venv to uWSGI: {_FIX}")


_FIX = "devstack-venv --check --fix"
_NO_PLUGIN = "uWSGI has no plugin for Python"
_REBUILD = "Build the venv from the Python that uWSGI embeds, the distribution's own."
