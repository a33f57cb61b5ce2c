"""Step: a shell that sources openrc finds the venv's programs now, before stack.sh runs again."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.model.diff import unified
from wizard.model.exit_status import ExitStatus
from wizard.model.local_conf.managed_block import OPENRC_PATH
from wizard.model.machine import Machine, Reader
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite

_LINES = """\
# devstack-venv: until stack.sh writes this file anew; by then local.conf says the same
VENV_PATH={venv}
PATH=$VENV_PATH/bin:${{PATH//"$VENV_PATH/bin:"/}}
"""
_FIRST = _LINES.partition("{venv}")[0]  # of several such pieces a shell goes by the last


@dataclass(frozen=True, slots=True)
class OpenrcPath:
    """Adds to .stackenv, which openrc sources and git ignores; openrc itself stays as it is.

    stack.sh removes .stackenv when it starts. What lasts is in local.conf, and openrc sees that
    once stack.sh has read it.
    """

    venv: str
    checkout: str  # "" for none
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "openrc-path"
    title: ClassVar[str] = "openrc"

    def state(self, host: Reader) -> State:
        """Look whether what openrc sources says so already."""
        if not self.checkout or not host.exists(self._stackenv):
            return Satisfied("stack.sh has not run here: local.conf will say so")
        if OPENRC_PATH in _text(host, f"{self.checkout}/.localrc.auto"):
            return Satisfied("what stack.sh took from local.conf says so")
        text = _text(host, self._stackenv)
        if not text:
            return Problem("cannot be read", self._stackenv, status=ExitStatus.NEEDS_PERSON)
        says = text.rpartition(_FIRST)[2].startswith(self._lines.removeprefix(_FIRST))
        return Satisfied("says so") if says else Pending("PATH to be added")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the difference."""
        old = _text(host, self._stackenv)
        return (WouldWrite(self._stackenv, unified(self._stackenv, old, self._new(old))),)

    def apply(self, host: Machine) -> Outcome:
        """Write it."""
        old = _text(host, self._stackenv)
        new, expected = self._new(old).encode(), old.encode()
        problem = host.write_file(self._stackenv, new, expected=expected)
        return problem or Done("its shells find the venv's programs first")

    @property
    def _stackenv(self) -> str:
        return f"{self.checkout}/.stackenv"

    @property
    def _lines(self) -> str:
        return _LINES.format(venv=self.venv)

    def _new(self, old: str) -> str:
        return old + ("" if old.endswith("\n") else "\n") + self._lines


def _text(host: Reader, path: str) -> str:
    try:
        return host.read(path).decode(errors="surrogateescape")
    except OSError:
        return ""
