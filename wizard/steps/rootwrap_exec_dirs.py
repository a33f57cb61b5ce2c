"""Step: rootwrap looks for programs in the venv, too, where its file lists folders of its own."""

import re
from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import rootwrap
from wizard.model.diff import unified
from wizard.model.machine import Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite

_EXEC_DIRS = re.compile(r"^(exec_dirs[ \t]*=[ \t]*)(.*?)([ \t]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RootwrapExecDirs:
    """Appends the venv's ``bin`` to ``exec_dirs``, last, where it shadows no system command."""

    venv: str
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "rootwrap-exec-dirs"
    title: ClassVar[str] = "rootwrap folders"

    def state(self, host: Reader) -> State:
        """Compare every file that lists folders."""
        paths = ", ".join(self._files(host))
        return Pending(f"{paths} to list the venv") if paths else Satisfied("nothing is missing")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show each file's difference."""
        return tuple(
            WouldWrite(path, unified(path, old, self._new(old)))
            for path, old in self._files(host).items()
        )

    def apply(self, host: Machine) -> Outcome:
        """Write them."""
        files = self._files(host)
        for path, old in files.items():
            new = self._new(old).encode()
            problem: Problem | None = host.write_file(
                path, new, expected=old.encode(), owner=Identity.ROOT
            )
            if problem:
                return problem
        return Done(f"{', '.join(files)}; a new stack.sh writes them anew")

    def _files(self, host: Reader) -> dict[str, str]:
        texts = {}
        for one in rootwrap.configurations(host):
            if one.exec_dirs and f"{self.venv}/bin" not in one.exec_dirs:
                text = host.read(one.path, Identity.ROOT).decode(errors="replace")
                if _EXEC_DIRS.search(text):
                    texts[one.path] = text
        return texts

    def _new(self, text: str) -> str:
        return _EXEC_DIRS.sub(lambda m: f"{m[1]}{m[2]},{self.venv}/bin{m[3]}", text)
