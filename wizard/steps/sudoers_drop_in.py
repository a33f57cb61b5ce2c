"""The step that puts the venv's programs on the path that sudo searches."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import sudo
from wizard.facts.sudoers_files import last_secure_path, main_file, no_folder
from wizard.model.diff import unified
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite
from wizard.model.sudoers import DROP_IN, Entries, extended, parse, render

_MODE = 0o440
_RIGHTS = "0/440"  # owner and mode; anything more open, and sudo passes the file over
_LATER = "<where sudo looks by then>"  # in a preview, before sudo or the user is there


@dataclass(frozen=True, slots=True)
class _Found:
    """Our file as it is now."""

    content: bytes | None  # None: there is none
    entries: Entries
    sound: bool = True  # mode and owner are as sudo wants them


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
        if path is not None and self._bin in path:
            return Satisfied(f"sudo looks in {self._bin}")
        if path is None and not host.is_root:
            return Pending("sudo cannot be asked yet")
        return _obstacle(host) or Pending(f"sudo does not look in {self._bin}")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the file as it would be."""
        path = sudo.effective_path(host) if sudo.installed(host) else None
        found = _find(host)
        text = found if isinstance(found, Problem) else self._text(host, found, path or ())
        if isinstance(text, Problem) or isinstance(found, Problem):
            return ()
        if path is None:
            text = text.replace(f'"{self._bin}"', f'"{_LATER}:{self._bin}"')
        old = (found.content or b"").decode(errors="replace")
        return (WouldWrite(DROP_IN, unified(DROP_IN, old, text)),)

    def apply(self, host: Machine) -> Outcome:
        """Write the file, ask sudo again, and take the file back if it did not help."""
        if problem := _obstacle(host):
            return problem
        path, found = sudo.effective_path(host), _find(host)
        if path is None:
            return sudo.missing_rule(host.user.name)
        if isinstance(found, Problem):
            return found
        text = self._text(host, found, path)
        if isinstance(text, Problem):
            return text
        return self._install(host, found, text.encode()) or Done(f"sudo looks in {self._bin}")

    def _text(self, host: Reader, found: _Found, path: tuple[str, ...]) -> str | Problem:
        """Extend what sudo has now, without an earlier venv of ours that is gone."""
        earlier = found.entries.get(host.user.name, ())[-1:]
        kept = tuple(f for f in path if f not in earlier or host.exists(f))
        longer = extended(kept, self.venv)
        if isinstance(longer, Problem):
            return longer
        return render({**found.entries, host.user.name: longer})

    def _install(self, host: Machine, found: _Found, content: bytes) -> Problem | None:
        before = sudo.complaints(host)
        problem = _replace(host, found, content)
        if problem is not None:
            return problem
        wrong = self._wrong(host, before)
        if wrong is None:
            return None
        return _restore(host, found, content) or wrong

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
        return _taken_back(
            f"sudo still does not look in {self._bin}", f"{winner} sets secure_path after it"
        )


def _taken_back(what: str, why: str = "") -> Problem:
    return Problem(
        f"{what}; the file was taken away again",
        where=DROP_IN,
        cure=f"{why}: take that line out, or rename its file so that it sorts before ours."
        if why
        else "Look at the other files of sudo with visudo -c.",
    )


def _obstacle(host: Reader) -> Problem | None:
    """Leave a sudo that somebody has to mend first alone."""
    found, main = _find(host), main_file(host)
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


def _find(host: Reader) -> _Found | Problem:
    """Look at what stands where our file goes; the folder may be closed to all but root."""
    asked = Command(("stat", "-c", "%F/%u/%a", "--", DROP_IN), identity=Identity.ROOT)
    kind, _, rights = host.run(asked).text.strip().partition("/")
    if not kind:
        return _Found(None, {})
    try:
        content = host.read(DROP_IN, Identity.ROOT) if kind == "regular file" else b""
    except OSError as error:
        return _foreign(f"this cannot be read: {error}")
    entries = parse(content.decode(errors="replace"))
    if entries is None:
        return _foreign(f"a {kind} stands here that this program did not make")
    return _Found(content, entries, sound=rights == _RIGHTS)


def _foreign(what: str) -> Problem:
    return Problem(
        what,
        where=DROP_IN,
        cure=f"Look at it, and move it away: sudo mv {DROP_IN} /root/",
        status=ExitStatus.NEEDS_PERSON,
    )


def _replace(host: Machine, found: _Found, content: bytes) -> Problem | None:
    """Write the file; one with a wrong mode or owner makes way first, as writing keeps both."""
    expected = found.content
    if expected is not None and not found.sound:
        if problem := host.remove_file(DROP_IN, expected=expected):
            return problem
        expected = None
    return _write(host, content, expected)


def _restore(host: Machine, found: _Found, content: bytes) -> Problem | None:
    if found.content is None or not found.sound:
        return host.remove_file(DROP_IN, expected=content)
    return _write(host, found.content, content)


def _write(host: Machine, content: bytes, expected: bytes | None) -> Problem | None:
    return host.write_file(
        DROP_IN,
        content,
        expected=expected,
        mode=_MODE,
        owner=Identity.ROOT,
        validate=sudo.validator(host),
    )
