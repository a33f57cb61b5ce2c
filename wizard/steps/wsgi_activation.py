"""Step: Keystone's scripts for mod_wsgi activate the venv before they import anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import apache, apache_configuration, keystone_scripts
from wizard.model.diff import unified
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.servers.wsgi_script import activated, by_file, by_folder, by_hand
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite

_COMPILE = "import sys; compile(open(sys.argv[1], 'rb').read(), sys.argv[1], 'exec')"


@dataclass(frozen=True, slots=True)
class _Edit:
    path: str
    old: bytes
    new: bytes


@dataclass(frozen=True, slots=True)
class WsgiActivation:
    """Edits the scripts in the folder that DevStack copies them to; no others are ours to edit.

    A stack.sh of that time copies them anew on each run, and then this is to be done again.
    """

    venv: str
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "wsgi-activation"
    title: ClassVar[str] = "WSGI scripts"

    def state(self, host: Reader) -> State:
        """Look whether a script still lacks the activation."""
        edits = tuple(self._edits(host))
        if problem := next((edit for edit in edits if isinstance(edit, Problem)), None):
            return problem
        if not edits:
            return Satisfied("no script of Keystone's lacks the activation")
        return Pending(f"{len(edits)} scripts do not activate the venv")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show each script's difference."""
        return tuple(
            WouldWrite(edit.path, unified(edit.path, _shown(edit.old), _shown(edit.new)))
            for edit in self._edits(host)
            if isinstance(edit, _Edit)
        )

    def apply(self, host: Machine) -> Outcome:
        """Write them; mod_wsgi's daemons load a script anew at the next request."""
        names = []
        for edit in self._edits(host):
            if isinstance(edit, Problem):
                return edit
            problem = host.write_file(
                edit.path,
                edit.new,
                expected=edit.old,
                owner=Identity.ROOT,
                validate=lambda path: _compiles(host, path),
            )
            if problem is not None:
                return problem
            names.append(edit.path.rpartition("/")[2])
        return Done(f"{', '.join(names)} activate {self.venv}; a new stack.sh copies them anew")

    def _edits(self, host: Reader) -> Iterator[_Edit | Problem]:
        code = self._code(host)
        served = {one.script: one.python_home for one in apache_configuration.applications(host)}
        for path in keystone_scripts.find(host):
            if not path.startswith(keystone_scripts.FOLDERS) or served.get(path) == self.venv:
                continue
            if isinstance(code, Problem):
                yield code
                return
            if edit := self._edit(host, path, code):
                yield edit

    def _edit(self, host: Reader, path: str, code: str) -> _Edit | Problem | None:
        """Return what is to be written, None where nothing is."""
        try:
            old = host.read(path, Identity.ROOT)
        except OSError as error:
            return _refused(path, f"cannot be read: {error.strerror or error}")
        if (line := by_hand(old)) is not None:
            return self._by_hand(path, old, line)
        new = activated(old, code)
        if isinstance(new, Problem):
            return Problem(new.what, path, new.cure, new.status)
        if new == old:
            return None
        return _foreign(host, path) or _Edit(path, old, new)

    def _by_hand(self, path: str, old: bytes, line: int) -> Problem | None:
        """Leave an activation that somebody put there; say so where it does not work."""
        if b"execfile" in old.splitlines()[line - 1]:
            return _refused(path, f"line {line} activates by execfile, unknown to Python 3")
        if f"{self.venv}/".encode() in old:
            return None
        return _refused(path, f"line {line} activates another environment already")

    def _code(self, host: Reader) -> str | Problem:
        """Choose by what the venv has; only the server's own Python can load its modules in C."""
        folders = [name for name in host.listdir(f"{self.venv}/lib") if name.startswith("python3.")]
        server = apache.find(host)
        if not folders:
            return _refused(self.venv, "is no virtual environment")
        if server and server.python and f"python{server.python}" not in folders:
            return _refused(
                self.venv, f"is for {folders[0]}, and mod_wsgi embeds Python {server.python}"
            )
        activate = f"{self.venv}/bin/activate_this.py"
        if host.exists(activate):
            return by_file(activate)
        return by_folder(self.venv, f"{self.venv}/lib/{folders[0]}/site-packages")


def _foreign(host: Reader, path: str) -> Problem | None:
    """Leave what others own: an edit there would be lost, or reach further than it should."""
    real = host.run(Command(("realpath", "-e", "--", path))).text.rstrip("\n")
    if not real.startswith(keystone_scripts.FOLDERS):
        return _refused(path, f"is a link to {real}, which others use, too")
    for query in (("dpkg", "-S"), ("rpm", "-qf")):
        if host.which(query[0]) and host.run(Command((*query, real))).ok:
            return _refused(path, "belongs to a package of the distribution")
    return None


def _compiles(host: Reader, path: str) -> Problem | None:
    """Have the Python that mod_wsgi embeds read the new script."""
    server = apache.find(host)
    python = f"/usr/bin/python{server.python}" if server and server.python else "/usr/bin/python3"
    said = host.run(Command((python, "-I", "-c", _COMPILE, path), Identity.ROOT))
    if said.ok or said.returncode == 127:  # noqa: PLR2004 -- no such Python: nothing to ask
        return None
    return Problem(f"{python} does not understand the script with activation in it", path)


def _refused(where: str, what: str) -> Problem:
    cure = "Activate the venv in it by hand, or set python-home for its process group"
    return Problem(what, where, cure, ExitStatus.NEEDS_PERSON)


def _shown(source: bytes) -> str:
    return source.decode(errors="replace")
