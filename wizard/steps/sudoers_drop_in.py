"""The step that puts the venv's programs on the path that sudo searches."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import drop_in, sudo
from wizard.facts.drop_in import DropIn
from wizard.facts.sudoers_files import last_secure_path, main_file, no_folder
from wizard.facts.venv_folder import is_bin_of_ours, led_by
from wizard.model.diff import unified
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite
from wizard.model.sudoers import DROP_IN, extended, render

_LATER = "<where sudo looks by then>"  # in a preview, before sudo or the user is there


@dataclass(frozen=True, slots=True)
class SudoersDropIn:
    """Appends the venv's ``bin`` to the user's secure_path, in a file of our own."""

    venv: str
    needs: frozenset[str] = frozenset({"stack-user", "sudo-rule", "distro-packages"})

    id: ClassVar[str] = "sudoers"
    title: ClassVar[str] = "sudo path"

    @property
    def _bin(self) -> str:
        return f"{self.venv}/bin"

    def state(self, host: Reader) -> State:
        """Ask sudo itself where it looks; what its files say decides nothing."""
        if not sudo.installed(host):
            return Pending("sudo comes with the distro packages")
        path = sudo.effective_path(host)
        if path is None and not host.is_root:
            return Pending("sudo cannot be asked yet")
        if wrong := self._not_first(host, path or ()):
            return _obstacle(host) or Pending(wrong)
        return Satisfied(f"sudo looks in {self._bin}")

    def _not_first(self, host: Reader, path: tuple[str, ...]) -> str:
        """Say what keeps sudo from the venv's programs, "" for nothing: it takes the first."""
        if self._bin not in path:
            return f"sudo does not look in {self._bin}"
        before = path[: path.index(self._bin)]
        earlier = next((folder for folder in before if is_bin_of_ours(host, folder)), "")
        return earlier and f"sudo looks in {earlier} first"

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the file as it would be."""
        found = drop_in.find(host)
        if isinstance(found, Problem):
            return ()
        path = sudo.effective_path(host) if sudo.installed(host) else None
        text = self._text(host, found, path or ())
        if isinstance(text, Problem):
            return ()
        if path is None:
            text = text.replace(f'"{self._bin}"', f'"{_LATER}:{self._bin}"')
        return (WouldWrite(DROP_IN, unified(DROP_IN, found.text, text)),)

    def apply(self, host: Machine) -> Outcome:
        """Write the file, ask sudo again, and take the file back if it did not help."""
        found = _obstacle(host) or drop_in.find(host)
        if isinstance(found, Problem):
            return found
        path = sudo.effective_path(host)
        if path is None:
            return sudo.refusal(host) or sudo.missing_rule(host.user.name)
        text = self._text(host, found, path)
        if isinstance(text, Problem):
            return text
        return self._install(host, found, text.encode()) or Done(f"sudo looks in {self._bin}")

    def _text(self, host: Reader, found: DropIn, path: tuple[str, ...]) -> str | Problem:
        """Extend what sudo has now; an earlier venv of ours comes after this one, or goes."""
        longer = extended(path, self.venv)
        if isinstance(longer, Problem):
            return longer
        earlier = found.entries.get(host.user.name, ())[-1:]
        return render({**found.entries, host.user.name: led_by(host, longer, self.venv, earlier)})

    def _install(self, host: Machine, found: DropIn, content: bytes) -> Problem | None:
        before = sudo.complaints(host)
        if problem := _replace(host, found, content):
            return problem
        wrong = self._wrong(host, before)
        return wrong and (_restore(host, found, content) or wrong)

    def _wrong(self, host: Reader, before: frozenset[str]) -> Problem | None:
        """Judge the change by what sudo does now, not by what visudo thinks of it."""
        if news := sudo.complaints(host) - before:
            return _taken_back(f"visudo complains: {min(news)}")
        path = sudo.effective_path(host)
        if path is None:
            return _taken_back(f"sudo no longer works for {host.user.name} with it")
        if self._bin in path:
            return None
        winner = last_secure_path(host, host.user.name)
        return _taken_back(f"sudo still does not look in {self._bin}", winner)


def _taken_back(what: str, winner: str = "") -> Problem:
    cure = "Look at what else is said to sudo: visudo -c, sudo -l"
    if winner and not winner.startswith(f"{DROP_IN}:"):
        cure = f"{winner} decides: take that out there, or give the file an earlier name."
    return Problem(f"{what}; the file was taken away again", where=DROP_IN, cure=cure)


def _obstacle(host: Reader) -> Problem | None:
    """Leave a sudo that somebody has to mend first alone."""
    found, main = drop_in.find(host), main_file(host)
    if isinstance(found, Problem):
        return found
    broken = [
        line
        for line in sudo.complaints(host)
        if line.startswith(f"{main}:") and DROP_IN not in line  # ours, we mend ourselves
    ]
    if broken:
        return Problem(
            f"sudo's own file is broken: {min(broken)}",
            where=main,
            cure="Mend it with visudo first; nothing is changed until then.",
            status=ExitStatus.NEEDS_PERSON,
        )
    return no_folder(host)


def _replace(host: Machine, found: DropIn, content: bytes) -> Problem | None:
    """Write the file; one with a wrong mode or owner makes way first, as writing keeps both."""
    if found.content is None or found.sound:
        return _write(host, content, found.content)
    return host.remove_file(DROP_IN, expected=found.content) or _write(host, content, None)


def _restore(host: Machine, found: DropIn, content: bytes) -> Problem | None:
    """Go back to what was there, unless sudo did not read that anyway."""
    if found.content is None or not found.sound:
        return host.remove_file(DROP_IN, expected=content)
    return _write(host, found.content, content)


def _write(host: Machine, content: bytes, expected: bytes | None) -> Problem | None:
    return host.write_file(
        DROP_IN,
        content,
        expected=expected,
        mode=0o440,
        owner=Identity.ROOT,
        validate=sudo.validator(host),
    )
