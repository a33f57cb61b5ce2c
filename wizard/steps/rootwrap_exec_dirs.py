"""Step: rootwrap looks for programs in the venv, too, where its file lists folders of its own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import ClassVar

from wizard.facts import rootwrap
from wizard.facts.rootwrap import Rootwrap
from wizard.facts.venv_folder import is_bin_of_ours, led_by
from wizard.model.diff import unified
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite

_EXEC_DIRS = re.compile(
    r"^(exec_dirs[ \t]*[=:][ \t]*)(.*?)([ \t]*)$(?!\n[ \t]+\S)", re.MULTILINE | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class RootwrapExecDirs:
    """Appends the venv's ``bin`` to ``exec_dirs``, last, where it shadows no system command.

    A stack.sh with one venv for everything makes a comment of that line each time it copies the
    file: rootwrap then looks where sudo does. So this is for what stands there until it does.
    """

    venv: str
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "rootwrap-exec-dirs"
    title: ClassVar[str] = "rootwrap folders"

    def state(self, host: Reader) -> State:
        """Compare every file that lists folders."""
        if hidden := next((one for one in self._lacking(host) if not _editable(host, one)), None):
            return Problem(
                "exec_dirs goes over several lines, and rootwrap takes the line ends for names",
                hidden.path,
                f"Write it on one line, with {self.venv}/bin at its end",
                ExitStatus.NEEDS_PERSON,
            )
        paths = ", ".join(self._files(host))
        return Pending(f"{paths} to list the venv") if paths else Satisfied("nothing is missing")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show each file's difference."""
        return tuple(
            WouldWrite(path, unified(path, old, self._new(host, old)))
            for path, old in self._files(host).items()
        )

    def apply(self, host: Machine) -> Outcome:
        """Write them."""
        files = self._files(host)
        for path, old in files.items():
            new = self._new(host, old).encode()
            problem: Problem | None = host.write_file(
                path, new, expected=old.encode(), owner=Identity.ROOT
            )
            if problem:
                return problem
        return Done(f"{', '.join(files)}; a new stack.sh writes them anew")

    def _files(self, host: Reader) -> dict[str, str]:
        found = (one for one in self._lacking(host) if _editable(host, one))
        return {one.path: _text(host, one) for one in found}

    def _lacking(self, host: Reader) -> Iterator[Rootwrap]:
        for one in rootwrap.configurations(host):
            if one.exec_dirs and self._is_late(host, one.exec_dirs):
                yield one

    def _is_late(self, host: Reader, folders: tuple[str, ...]) -> bool:
        """Whether rootwrap, which takes the first, comes to another first, or never to this."""
        before = tuple(takewhile(lambda folder: folder != f"{self.venv}/bin", folders))
        return before == folders or any(is_bin_of_ours(host, folder) for folder in before)

    def _new(self, host: Reader, text: str) -> str:
        def longer(found: re.Match[str]) -> str:
            folders = led_by(host, found[2].split(","), self.venv)
            return f"{found[1]}{','.join(folders)}{found[3]}"

        return _EXEC_DIRS.sub(longer, text)


def _editable(host: Reader, one: Rootwrap) -> bool:
    return _EXEC_DIRS.search(_text(host, one)) is not None


def _text(host: Reader, one: Rootwrap) -> str:
    return host.read(one.path, Identity.ROOT).decode(errors="replace")
