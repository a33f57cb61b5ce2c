"""Step: Apache's configuration names the venv where it names another, or can name none better."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import apache, apache_configuration, keystone_scripts
from wizard.model.diff import unified
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.servers.apache_conf import (
    Application,
    Directive,
    applications,
    server_homes,
    with_argument,
    with_option,
)
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite


@dataclass(frozen=True, slots=True)
class ApachePythonHome:
    """Sets ``python-home`` of Keystone's process groups, and ``WSGIPythonHome`` where it is set."""

    venv: str
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "apache-python-home"
    title: ClassVar[str] = "Apache"

    def state(self, host: Reader) -> State:
        """Compare; a configuration that Apache itself refuses is left alone."""
        new = self._new(host)
        if not new:
            return Satisfied("names no other environment")
        if problem := _refused_by_apache(host):
            return problem
        return self._mismatch(host) or Pending(f"{', '.join(new)} to name the venv")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show each file's difference."""
        return tuple(
            WouldWrite(path, unified(path, _text(host, path), text))
            for path, text in self._new(host).items()
        )

    def apply(self, host: Machine) -> Outcome:
        """Write, have Apache judge, take it back where it refuses, and have it read anew."""
        new = self._new(host)
        old = {path: _text(host, path) for path in new}
        for path, text in new.items():
            if problem := _write(host, path, old[path], text):
                return problem
        if problem := _refused_by_apache(host):
            for path, text in new.items():
                _write(host, path, text, old[path])
            return problem
        return _read_anew(host) or Done(f"{', '.join(new)} name {self.venv}")

    def _mismatch(self, host: Reader) -> Problem | None:
        server = apache.find(host)
        folders = host.listdir(f"{self.venv}/lib")
        if server is None or not server.python or f"python{server.python}" in folders:
            return None
        return Problem(
            f"mod_wsgi embeds Python {server.python}, and the venv is for another",
            self.venv,
            f"Build the venv from /usr/bin/python{server.python}",
            ExitStatus.NEEDS_PERSON,
        )

    def _new(self, host: Reader) -> dict[str, str]:
        """Return the files that change, with their new texts."""
        found = apache_configuration.read(host).directives
        texts: dict[str, str] = {}
        for home in server_homes(found):
            old = texts.get(home.path) or _text(host, home.path)
            if old and home.arguments[0] != self.venv:
                texts[home.path] = with_argument(old, home.line, self.venv)
        for group in self._misled(found):
            if old := texts.get(group.path) or _text(host, group.path):
                texts[group.path] = with_option(old, group.line, "python-home", self.venv)
        return {path: text for path, text in texts.items() if text != _text(host, path)}

    def _misled(self, found: Sequence[Directive]) -> Iterator[Directive]:
        """Yield what names another environment, and what no activation of ours can reach."""
        for one in applications(found):
            if "keystone" in one.script and one.group and self._is_misled(one):
                yield one.group

    def _is_misled(self, one: Application) -> bool:
        named = one.option("python-home")
        is_reached = bool(one.python_home) or one.script.startswith(keystone_scripts.FOLDERS)
        return (bool(named) and named != self.venv) or not is_reached


def _text(host: Reader, path: str) -> str:
    return apache_configuration.text(host, path) or ""


def _write(host: Machine, path: str, old: str, new: str) -> Problem | None:
    return host.write_file(path, new.encode(), expected=old.encode(), owner=Identity.ROOT)


def _control(host: Reader) -> str | None:
    return host.which("apache2ctl") or host.which("apachectl")


def _refused_by_apache(host: Reader) -> Problem | None:
    control = _control(host)
    if control is None:
        return None
    said = host.run(Command((control, "configtest"), Identity.ROOT, timeout=30))
    if said.ok:
        return None
    lines = said.stderr.decode(errors="replace").strip().splitlines()
    what = f"Apache refuses its configuration: {lines[0] if lines else said.returncode}"
    return Problem(what, cure="Mend that first", status=ExitStatus.NEEDS_PERSON)


def _read_anew(host: Machine) -> Problem | None:
    """Tell a running Apache; requests under way are finished by the old processes."""
    control = _control(host)
    if control is None or not apache.is_running(host):
        return None
    ended = host.job(Command((control, "graceful"), Identity.ROOT, timeout=60))
    return None if ended.ok else Problem("Apache does not read its configuration anew")
