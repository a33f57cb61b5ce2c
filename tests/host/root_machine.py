"""A bare system as the Machine that a step acts on, with nothing clever in between."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.host.bare_root import BareRoot
from wizard.engine import process
from wizard.engine.environment import scrubbed
from wizard.engine.machine import HostReader
from wizard.engine.process import Launch, Launcher
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import (
    Account,
    Command,
    Completed,
    Identity,
    JobEnded,
    LineFilter,
    Validate,
)
from wizard.model.problem import Problem

ROOT = Account("root", 0, 0, "/root")


def _scrubbed(account: Account) -> Mapping[str, str]:
    return scrubbed(account, {})


@dataclass(slots=True)
class Acts:
    """What a step did, for the test to look at."""

    notes: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class RootMachine(HostReader):
    """Acts in ``root`` as root, or as the user of the work by sudo.

    Commands enter the system's own mount namespace: the kernel lets no setuid program of another
    one become root, and sudo is such a program.
    """

    def __init__(self, root: BareRoot, user: str = "stack", *, is_root: bool = True) -> None:
        folder = str(root.path("/"))
        super().__init__(Launcher(folder, are_root=is_root, environment=_scrubbed), user)
        self.acts = Acts()
        self.pid = root.pid

    def run(self, command: Command) -> Completed:
        by_sudo = command.identity is Identity.ROOT and not self.is_root
        is_root = command.identity is Identity.ROOT and self.is_root
        account = ROOT if is_root else self.user
        enter = ("nsenter", f"--target={self.pid}", "--mount", "--pid", "--root", "--wd=/")
        become = ("setpriv", f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups")
        sudo = ("sudo", "-n", "--") if by_sudo else ()
        argv = (*enter, *become, "env", f"--chdir={command.cwd}", *sudo, *command.argv)
        launch = Launch(argv, {**_scrubbed(account), **command.env}, "/", None)
        return process.run(launch, stdin=command.input, timeout=command.timeout)

    def job(self, command: Command, line_filter: LineFilter | None = None) -> JobEnded:
        del line_filter
        self.acts.commands.append(command.shown())
        done = self.run(command)
        said = (done.stdout + done.stderr).decode().splitlines()
        return JobEnded(done.returncode, 0.0, 1, len(said), tuple(said[-30:]))

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Nobody looks."""

    def speak_as(self, part: str) -> None:
        """Nobody looks."""

    def log(self, line: str) -> None:
        """Nobody looks."""

    def write_file(
        self,
        path: str,
        content: bytes,
        *,
        expected: bytes | None,
        mode: int = 0o644,
        owner: Identity = Identity.STACK,
        validate: Validate | None = None,
    ) -> Problem | None:
        real = Path(self.resolve(path))
        now = real.read_bytes() if real.exists() else None
        if now != expected:
            return Problem("changed meanwhile", path, status=ExitStatus.NEEDS_PERSON)
        part = real.with_name(f".{real.name}.part")
        part.write_bytes(content)
        problem = validate(f"{os.path.dirname(path)}/{part.name}") if validate else None  # noqa: PTH120
        if problem:
            part.unlink()
            return problem
        uid = 0 if owner is Identity.ROOT else self.user.uid
        if real.exists():
            mode, uid = real.stat().st_mode & 0o7777, real.stat().st_uid
        os.chown(part, uid, uid)
        part.chmod(mode)
        part.replace(real)
        self.acts.files.append(path)
        return None

    def remove_file(self, path: str, *, expected: bytes) -> Problem | None:
        real = Path(self.resolve(path))
        if real.read_bytes() != expected:
            return Problem("changed meanwhile", path, status=ExitStatus.NEEDS_PERSON)
        real.unlink()
        return None

    def make_directory(
        self, path: str, *, mode: int = 0o755, owner: Identity = Identity.STACK
    ) -> Problem | None:
        raise NotImplementedError

    def rename(self, source: str, target: str) -> Problem | None:
        raise NotImplementedError

    def make_link(self, path: str, target: str) -> Problem | None:
        raise NotImplementedError

    def make_tree(self, path: str) -> Problem | None:
        raise NotImplementedError

    def remove_tree(self, path: str) -> Problem | None:
        raise NotImplementedError

    def note(self, kind: str, **data: object) -> None:
        self.acts.notes.append((kind, data))
