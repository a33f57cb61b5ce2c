"""Step: the units of DevStack's that start uWSGI name the venv, as DevStack itself would."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import systemd, uwsgi
from wizard.model.diff import unified
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.servers.uwsgi_options import Service, with_home_in_ini, with_home_in_unit
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite


@dataclass(frozen=True, slots=True)
class _Edit:
    unit: str
    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class UwsgiHome:
    """Sets ``--venv`` in the unit, or in the ini file where that is where it is set.

    stack.sh writes both anew from GLOBAL_VENV and DEVSTACK_VENV: local.conf makes it last.
    """

    venv: str
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "uwsgi-home"
    title: ClassVar[str] = "uWSGI units"

    def state(self, host: Reader) -> State:
        """Look for units that name none, or another."""
        edits = tuple(self._edits(host))
        if problem := next((edit for edit in edits if isinstance(edit, Problem)), None):
            return problem
        names = ", ".join(edit.unit for edit in edits if isinstance(edit, _Edit))
        return Pending(f"{names} to name the venv") if names else Satisfied("name the venv")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show each file's difference."""
        edits = (edit for edit in self._edits(host) if isinstance(edit, _Edit))
        return tuple(WouldWrite(e.path, unified(e.path, e.old, e.new)) for e in edits)

    def apply(self, host: Machine) -> Outcome:
        """Write, and start again what systemd has running."""
        done = []
        for edit in self._edits(host):
            if isinstance(edit, Problem):
                return edit
            old, new = edit.old.encode(), edit.new.encode()
            if problem := host.write_file(edit.path, new, expected=old, owner=Identity.ROOT):
                return problem
            done.append(edit.unit)
        return _restart(host, done) or Done(f"{', '.join(done)}; stack.sh takes it from local.conf")

    def _edits(self, host: Reader) -> Iterator[_Edit | Problem]:
        for service in uwsgi.services(host):
            home = service.last("home")
            if service.is_uwsgi and (home is None or home.value != self.venv):
                yield self._edit(host, service)

    def _edit(self, host: Reader, service: Service) -> _Edit | Problem:
        home = service.last("home")
        path = home.where.rpartition(":")[0] if home else service.path
        old = systemd.text(host, path)
        if path != service.path:
            new = with_home_in_ini(old, self.venv)
            if new is None or not home or not home.is_plain:
                cure = f"Set venv = {self.venv} in its [uwsgi] section by hand"
                what = "names its environment in a way that cannot be edited safely"
                return Problem(what, path, cure, ExitStatus.NEEDS_PERSON)
        else:
            new = with_home_in_unit(old, service.line, self.venv)
        if not path.startswith("/etc/"):
            cure = f"Name it in a file of your own: sudo systemctl edit {service.name}"
            what = "starts uWSGI, and is not for people to edit"
            return Problem(what, path, cure, ExitStatus.NEEDS_PERSON)
        return _Edit(service.name, path, old, new)


def _restart(host: Machine, units: list[str]) -> Problem | None:
    """Have systemd read the units and start them again, where systemd runs."""
    if not host.exists("/run/systemd/system"):
        host.log("systemd does not run here: what runs goes on as it was until it is started again")
        return None
    for argv in (("systemctl", "daemon-reload"), ("systemctl", "try-restart", *units)):
        ended = host.job(Command(argv, Identity.ROOT, timeout=120))
        if not ended.ok:
            return Problem(f"{' '.join(argv)} failed", cure=f"systemctl status {units[0]}")
    return None
