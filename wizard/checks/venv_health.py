"""The venv itself: its Python runs inside it, its packages fit together, it is the user's."""

from dataclasses import dataclass

from wizard.facts.venv_folder import Absent, Complete, Foreign, look
from wizard.facts.venv_programs import damage
from wizard.model.check import Code, Result
from wizard.model.machine import Command, Identity, Reader
from wizard.model.recipe import Recipe, Tools

LONGEST_FIRST_LINE = 127  # bytes of "#!..." that every kernel still reads whole (execve(2))

_ASK = "import sys, platform; print(sys.prefix); print(platform.python_version())"


@dataclass(frozen=True, slots=True)
class VenvHealth:
    """Asks the interpreter, uv, the kernel and the files; changes nothing."""

    recipe: Recipe
    tools: Tools
    id: str = "venv"
    title: str = "virtual environment"

    def run(self, host: Reader) -> Result:
        """Return the first thing that is wrong, or what was found to be right."""
        wrong = self._not_whole(host) or self._not_running(host) or self._first_line()
        return wrong or self._foreign_files(host) or self._conflicts(host)

    def _not_whole(self, host: Reader) -> Result | None:
        match look(host, self.recipe):
            case Complete() as built:
                lost = damage(host, self.recipe.path, built)
                return _failure(lost, "Build it again: devstack-venv --auto") if lost else None
            case Foreign(what):
                return _failure(f"{self.recipe.path} is {what}", "Choose another --venv-path.")
            case Absent():
                cure = "Build it: devstack-venv --auto"
                return _failure(f"{self.recipe.path} is not there", cure)
            case _:
                return _failure(f"{self.recipe.path} is not complete", "Run the build again.")

    def _not_running(self, host: Reader) -> Result | None:
        said = host.run(Command((self.recipe.bin_python, "-I", "-B", "-c", _ASK), timeout=20))
        if not said.ok:
            last = said.stderr.decode(errors="replace").strip().splitlines()[-1:]
            return _failure("its Python does not run", "Run the build again.", *last)
        prefix = said.text.split("\n", maxsplit=1)[0]
        if prefix != self.recipe.path:
            return _failure(f"its Python runs in {prefix}", "Run the build again.")
        return None

    def _first_line(self) -> Result | None:
        length = len(f"#!{self.recipe.bin_python}3".encode())
        if length > LONGEST_FIRST_LINE:
            return _failure(
                f"its path makes the first line of scripts {length} bytes long",
                "Choose a shorter --venv-path.",
            )
        return None

    def _foreign_files(self, host: Reader) -> Result | None:
        """Files of somebody else make the next pip fail half-way."""
        wanted = ("-not", "-user", str(host.user.uid), "-print", "-quit")
        said = host.run(Command(("find", self.recipe.path, *wanted), Identity.ROOT, timeout=60))
        if found := said.text.strip():
            owner = f"{host.user.name}:"
            cure = f"sudo chown -R {owner} {self.recipe.path}"
            return _failure(f"{found} does not belong to {host.user.name}", cure)
        return None

    def _conflicts(self, host: Reader) -> Result:
        argv = (self.tools.uv, "pip", "check", "--python", self.recipe.bin_python, "--no-config")
        said = host.run(Command(argv, env={"NO_COLOR": "1"}, timeout=60))
        lines = said.stderr.decode(errors="replace").strip().splitlines()
        if not said.ok:
            quarrels = tuple(line for line in lines if "requires" in line) or tuple(lines[-3:])
            return Result(
                Code.WARNING,
                "some of its packages do not fit together",
                "Change the list or the constraints so that they agree.",
                quarrels,
            )
        return Result(Code.SUCCESS, f"{self.recipe.path}: Python runs, packages fit together")


def _failure(details: str, cure: str, *evidence: str) -> Result:
    return Result(Code.FAILURE, details, cure, evidence)
