"""Do DevStack's links in /usr/local/bin lead to programs of the venv?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts.links import Link, is_same_file, link
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.devstack_links import FOLDER, HARD_CODED, NAMES
from wizard.model.machine import Reader


@dataclass(frozen=True, slots=True)
class CommandLinks:
    """Follows each link; stack.sh makes them to one fixed path, wherever the venv is."""

    venv: str

    id: ClassVar[str] = "command-links"
    title: ClassVar[str] = "command links"

    def run(self, host: Reader) -> Verdict:
        """Judge those whose program the venv has."""
        made = [found for name in NAMES if (found := link(host, f"{FOLDER}/{name}"))]
        if not made:
            return NotYet(f"no links in {FOLDER}", "stack.sh has made them")
        wrong = [one for one in made if self._is_wrong(host, one)]
        if not wrong:
            return Result(Code.SUCCESS, f"{len(made)} links in {FOLDER} do their work")
        names = ", ".join(one.path.rpartition("/")[2] for one in wrong)
        others = [one.path for one in wrong if not one.target.startswith(f"{HARD_CODED}/")]
        return Result(
            Code.FAILURE,
            f"{names}: links in {FOLDER} that do not lead into the venv, so that shells without"
            " it and services started by systemd do not find these",
            _cure(others),
            tuple(f"{one.path} -> {one.target}{_how(one)}" for one in wrong),
        )

    def _is_wrong(self, host: Reader, one: Link) -> bool:
        program = f"{self.venv}/bin/{one.path.rpartition('/')[2]}"
        return host.exists(program) and not is_same_file(host, one.path, program)


def _cure(others: list[str]) -> str:
    """Only the path that stack.sh gives its links can be made to lead elsewhere."""
    if others:
        return f"Somebody else made them; stack.sh makes its own anew: sudo rm {' '.join(others)}"
    return f"Let this program make {HARD_CODED} lead to the venv: devstack-venv --check --fix"


def _how(one: Link) -> str:
    return ", which is not there" if one.dangles else ""
