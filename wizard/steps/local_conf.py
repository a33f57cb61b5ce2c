"""Step: our block in local.conf, and nothing else of that file."""

import os
import re
import secrets
import shlex
import stat
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath

from wizard.facts.open_editor import editing
from wizard.model.devstack import Kind
from wizard.model.exit_status import ExitStatus
from wizard.model.local_conf.defects import MAX_BYTES, obstructed, unreadable
from wizard.model.local_conf.editor import (
    Block,
    Remark,
    find_block,
    shell_text,
    unified_diff,
    with_block,
)
from wizard.model.local_conf.managed_block import (
    PASSWORDS,
    ManagedBlock,
    Password,
    managed_block,
    setting_defect,
    wanted_passwords,
)
from wizard.model.local_conf.warnings import warnings
from wizard.model.machine import Command, Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.secret import Mask, Secret
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite

_EXTGLOB = re.compile(rb"^[ \t]*shopt[ \t]+-s[ \t]+(?:\w+[ \t]+)*extglob\b.*\n?", re.MULTILINE)
_CANNOT_READ = {126, 127}  # no /dev/stdin in a bare system image, or no script to an old bash
_NO = 1  # what test(1) answers
_PATIENCE = 20.0  # seconds for bash to read the text


def generated_passwords(names: tuple[str, ...] = PASSWORDS) -> tuple[Password, ...]:
    """Make up DevStack's four passwords, or others: letters and digits, as it asks for."""
    return tuple(Password(name, Secret(secrets.token_hex(12))) for name in names)


@dataclass(frozen=True)
class LocalConf:
    """Writes the block; passwords are made up once, when the step is made."""

    path: str
    kind: Kind | None  # None: no checkout
    use: bool
    venv_path: str
    settings: tuple[tuple[str, str | Secret], ...] = ()
    passwords: tuple[Password, ...] = field(default_factory=generated_passwords)
    needs: frozenset[str] = frozenset()
    builder: str = ""  # the program that stack.sh calls where the venv is missing
    id: str = "local-conf"
    title: str = "local.conf"

    def state(self, host: Reader) -> State:
        """Compare the file with what it would be; every defect is known before any change."""
        text = self._read(host)
        if isinstance(text, Problem):
            return text
        problem = self._problem(host, text or b"")
        if problem:
            return problem
        if text is not None and self._new(text) == text:
            return Satisfied("holds the block already")
        if text is None:
            return Pending("to be created")
        what = "replaced" if _holds_block(text) else "added"
        return Pending(f"block to be {what}{editing(host, self.path)}")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the difference, secrets masked."""
        text = self._read(host)
        if isinstance(text, Problem) or self._problem(host, text or b""):
            return ()
        old = text or b""
        mask = Mask(self._secrets())
        return (WouldWrite(self.path, unified_diff(self.path, old, self._new(old), mask)),)

    def apply(self, host: Machine) -> Outcome:
        """Write the file; a new one only its owner may read."""
        text = self._read(host)
        if isinstance(text, Problem):
            return text
        problem = self._problem(host, text or b"")
        if problem:
            return problem
        for remark in self.warnings(text or b""):
            host.log(f"{self.path}:{remark.line}: {remark.what}. {remark.cure}".rstrip(". "))
        new = self._new(text or b"")
        problem = host.write_file(self.path, new, expected=text, mode=0o600)
        return problem or Done("created" if text is None else "block written")

    def block(self, text: bytes) -> ManagedBlock:
        """Say what the block would hold in this file."""
        old = find_block(text)
        body = old.body if isinstance(old, Block) else b""
        named = {name for name, _ in self.settings}
        asked = tuple(password for password in self.passwords if password.name not in named)
        return managed_block(
            self.kind,
            use=self.use,
            venv_path=self.venv_path,
            builder=self.builder,
            settings=self.settings,
            passwords=wanted_passwords(asked, shell_text(text), body),
        )

    def warnings(self, text: bytes) -> tuple[Remark, ...]:
        """Say what DevStack reads otherwise than the writer of this file may think."""
        return warnings(text, self.block(text))

    def _new(self, text: bytes) -> bytes:
        return with_block(text, self.block(text).body)

    def _secrets(self) -> tuple[Secret, ...]:
        given = (value for _, value in self.settings if isinstance(value, Secret))
        return (*given, *(password.secret for password in self.passwords))

    def _read(self, host: Reader) -> bytes | Problem | None:
        """Read the file; None when there is none."""
        try:
            found = host.stat(self.path)
        except FileNotFoundError:
            return self._dangling(host)
        except OSError as error:
            return self._refused(f"cannot be looked at: {error.strerror}")
        if problem := self._odd_file(found):
            return problem
        try:
            return host.read(self.path)
        except OSError as error:
            what = f"cannot be read by {host.user.name}: {error.strerror}"
            return self._refused(what, self._take_over(host))

    def _odd_file(self, found: os.stat_result) -> Problem | None:
        if not stat.S_ISREG(found.st_mode):
            return self._refused("is not a file", "Move it away, or name another folder")
        if found.st_nlink > 1:
            what = "has a second name (hard link), and writing would part the two"
            return self._refused(what, f"Part them: cp -p {self.path} X && mv X {self.path}")
        if found.st_size > MAX_BYTES:
            return self._refused(f"is larger than {MAX_BYTES // 1024 // 1024} MiB")
        return None

    def _dangling(self, host: Reader) -> Problem | None:
        if host.exists(self.path):
            return self._refused("is a symbolic link to nothing", "Remove the link")
        return None

    def _problem(self, host: Reader, text: bytes) -> Problem | None:
        """Return the first of all that stands against writing, and how many more there are."""
        wrong = next(filter(None, (_setting_defect(*setting) for setting in self.settings)), "")
        if wrong:
            return Problem(wrong, where="[local_conf]", status=ExitStatus.ANSWERS)
        hidden = self._hidden_by_localrc(host) or self._not_writable(host, new=not text)
        if hidden:
            return hidden
        found = unreadable(text, partial(complete, host))
        found = found or obstructed(text, self.block(text).names)
        return self._as_problem(found) if found else None

    def _as_problem(self, found: tuple[Remark, ...]) -> Problem:
        first, *others = found
        more = "".join(f"; line {other.line}: {other.what}" for other in others)
        where = f"{self.path}:{first.line}" if first.line else self.path
        return Problem(first.what + more, where, first.cure, ExitStatus.NEEDS_PERSON)

    def _refused(self, what: str, cure: str = "") -> Problem:
        return Problem(what, self.path, cure, ExitStatus.NEEDS_PERSON)

    def _hidden_by_localrc(self, host: Reader) -> Problem | None:
        folder = PurePosixPath(self.path).parent
        localrc = str(folder / "localrc")
        if not host.exists(localrc) or not (self.kind or host.exists(str(folder / "stack.sh"))):
            return None
        return Problem(
            "DevStack reads this file and then ignores [[local|localrc]] in local.conf",
            localrc,
            f"Move its lines into {self.path} below [[local|localrc]], and the file away",
            ExitStatus.NEEDS_PERSON,
        )

    def _not_writable(self, host: Reader, *, new: bool) -> Problem | None:
        """Ask as the user whether the file may be replaced; root, too, meets what is immutable."""
        if host.is_root and not new and (problem := self._not_theirs(host)):
            return problem
        who, name = (Identity.ROOT, "root") if host.is_root else (Identity.STACK, host.user.name)
        folder = str(PurePosixPath(self.path).parent)
        for target in filter(host.exists, (folder, self.path)):  # a home is made with its user
            if host.run(Command(("test", "-w", target), who)).returncode == _NO:
                cure = self._take_over(host, target)
                if host.is_root:
                    cure = f"Is it immutable, or its file system read-only? lsattr -d {target}"
                return Problem(f"is not writable by {name}", target, cure, ExitStatus.NEEDS_PERSON)
        return None

    def _not_theirs(self, host: Reader) -> Problem | None:
        """Root needs nobody's leave, but DevStack has to read it, and a link leads anywhere."""
        if self.kind is None or host.user.uid < 0:
            return None
        is_link = stat.S_ISLNK(host.stat(self.path, follow=False).st_mode)
        for wish, words in (("-r", "read"), *((("-w", "written"),) if is_link else ())):
            if not host.run(Command(("test", wish, self.path))).ok:
                what = f"cannot be {words} by {host.user.name}, as whom DevStack runs"
                return self._refused(what, self._take_over(host))
        return None

    def _take_over(self, host: Reader, target: str = "") -> str:
        command = shlex.join(("sudo", "chown", host.user.name, target or self.path))
        return f"If it is meant to be theirs: {command}"


def _setting_defect(name: str, value: str | Secret) -> str:
    return setting_defect(name, value.reveal() if isinstance(value, Secret) else value)


def _holds_block(text: bytes) -> bool:
    return isinstance(find_block(text), Block)


def complete(host: Reader, text: bytes) -> str:
    """Ask bash whether a text is a complete program: "" when it is, else its complaint.

    Bash reads and does not run it. Patterns that ``shopt -s extglob`` allows count from the line
    after that command on, so what stands up to there is asked about first.
    """
    switch = _EXTGLOB.search(text)
    if switch is None:
        return _complaint(host, text)
    return _complaint(host, text[: switch.end()]) or _complaint(host, text, "-O", "extglob")


def _complaint(host: Reader, text: bytes, *options: str) -> str:
    bash = ("bash", "--noprofile", "--norc", *options, "-n")
    said = host.run(Command((*bash, "/dev/stdin"), input=text, timeout=_PATIENCE))
    if said.returncode in _CANNOT_READ:
        said = host.run(Command(bash, input=text, timeout=_PATIENCE))
    first = said.stderr.decode(errors="replace").strip().split("\n")[0]
    if said.ok or first:
        return first.removeprefix("/dev/stdin: ").removeprefix("bash: ")
    return f"bash ended with status {said.returncode}"
