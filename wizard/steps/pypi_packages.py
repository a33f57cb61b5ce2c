"""Installs the PyPI packages into the venv with uv or pip, as the work's user."""

import re
from dataclasses import dataclass

from wizard.facts.venv_folder import Complete, look
from wizard.model.diagnosis.suspects import Weight, weight
from wizard.model.disk_words import disk_words
from wizard.model.machine import Command, Identity, JobEnded, Machine, Reader
from wizard.model.packages.package_index import PackageIndex
from wizard.model.problem import Problem
from wizard.model.recipe import OURS, READ_BY_PIP, Recipe, Tools
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun

_UV_STAGE = re.compile(r"^\s*(?:Resolved|Prepared|Installed) (\d+) packages? in")
_PIP_ENDS = ("Successfully installed ", "Successfully downloaded ")
UV_CROSS = "\u00d7"  # how uv begins its explanation
LONGEST = 300  # characters of a line that tells why: a compiler's own may be pages long
_NOW = re.compile(r"^\s*(?:Building|Built|Downloading|Downloaded|Collecting) (\S+)")


@dataclass(frozen=True, slots=True)
class PyPIPackages:
    """One resolution, one installation; bytecode is a step of its own."""

    recipe: Recipe
    tools: Tools
    index: PackageIndex
    needs: frozenset[str] = frozenset({"venv", "distro-packages", "download"})
    id: str = "pypi-packages"
    title: str = "PyPI packages"

    def state(self, host: Reader) -> State:
        """Satisfied when the venv is complete with just these."""
        match look(host, self.recipe):
            case Complete(inputs, packages) if inputs == self.recipe.inputs:
                return Satisfied(f"{len(packages)} installed")
            case _:
                return Pending(f"install with {self.recipe.installer}")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the one command."""
        del host
        return (WouldRun(self._command().shown(), Identity.STACK),)

    def apply(self, host: Machine) -> Outcome:
        """Install; pip's own log is copied into ours when it fails: some causes are only there."""
        watch = Watch(host)
        ended = host.job(self._command(), watch)
        if ended.ok:
            return Done(watch.summary)
        if self.recipe.installer == "pip":
            _copy_pip_log(host, self._pip_log)
        return Problem(first_error(ended), cure="")

    @property
    def _pip_log(self) -> str:
        return f"{self.recipe.path}/{OURS}/pip.log"

    def _command(self) -> Command:
        if self.recipe.installer == "pip":
            return pip_command(self.recipe, self.index, "install", "--no-compile")
        return uv_command(self.recipe, self.tools, self.index, "install")


def uv_command(recipe: Recipe, tools: Tools, index: PackageIndex, *verb: str) -> Command:
    """Return a ``uv pip`` command that trusts the host's certificates and asks nobody's uv.toml."""
    options = ("--python", recipe.bin_python, "--system-certs", "--no-config", "--no-progress")
    argv = (tools.uv, "pip", *verb, *options, *_files(recipe))
    env = {"NO_COLOR": "1", "UV_PYTHON_DOWNLOADS": "never", **index.for_uv()}
    return Command(argv, env=env | _for_builds(recipe, "UV_BUILD_CONSTRAINT"), timeout=0)


def _files(recipe: Recipe) -> tuple[str, ...]:
    constrained = ("-c", recipe.constraints_file) if recipe.constraints else ()
    return ("-r", recipe.requirements_file, *constrained)


def pip_command(recipe: Recipe, index: PackageIndex, *verb: str) -> Command:
    """Return a ``pip`` command of the venv's own pip, with its log."""
    options = ("--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar=off")
    log = f"--log={recipe.path}/{OURS}/pip.log"
    argv = (recipe.bin_python, "-m", "pip", *verb, *options, log, *_files(recipe))
    env = dict(index.for_pip()) | _for_builds(recipe, *READ_BY_PIP)
    return Command(argv, env=env, timeout=0)


def _for_builds(recipe: Recipe, *variables: str) -> dict[str, str]:
    """Name the constraints that hold where a package is built, if there are any."""
    return (
        dict.fromkeys(variables, recipe.build_constraints_file) if recipe.build_constraints else {}
    )


@dataclass(slots=True)
class Watch:
    """Sees every line of uv or pip: reports how far it is, remembers how much it did."""

    host: Machine
    count: str = ""

    def __call__(self, line: str) -> str:
        """Let the line through."""
        if stage := _UV_STAGE.match(line):
            self.count = stage[1]
            self.host.progress(0, 0, line.strip())
        elif line.startswith(_PIP_ENDS):
            self.count = str(len(line.split()) - 2)
        elif now := _NOW.match(line):
            self.host.progress(0, 0, now[0].strip())
        return line

    @property
    def summary(self) -> str:
        """How much there was to do, in a few words."""
        return f"{self.count} packages" if self.count else ""


def first_error(ended: JobEnded) -> str:
    """Return the first line of the tail that looks like the cause.

    A compiler's options and warnings speak of errors, too: they count when nothing else does, and
    what is only announced to be tried again, last of all.
    """
    wanted = re.compile(
        r"error|fatal|\u00d7|No matching|No solution|not found|Killed", re.IGNORECASE
    )
    noise = "ERROR: Ignored the following versions"  # pip says so before it says what is wrong
    told = (line.strip() for line in ended.tail if not line.startswith(noise))
    doubts = {Weight.NONE: 2, Weight.MENTIONS: 1}
    errors = sorted(filter(wanted.search, told), key=lambda line: doubts.get(weight(line), 0))
    ending = f"the installer ended with status {ended.returncode}"
    first = errors[0].removeprefix(UV_CROSS).strip().removeprefix("error: ") if errors else ending
    below = disk_words(ended.tail)  # uv names the file first, and why lines later
    first = first if len(first) <= LONGEST else f"{first[:LONGEST]} ..."
    return first if below in first else f"{first}: {below}"


def _copy_pip_log(host: Machine, path: str) -> None:
    """Bring the warnings and errors of pip's own log into the run's log."""
    try:
        text = host.read(path).decode(errors="replace")
    except OSError:
        return
    telling = [
        line for line in text.splitlines() if "Could not fetch URL" in line or "ERROR" in line
    ]
    for line in telling[-20:]:
        host.log(f"pip.log: {line}")
