"""Everything that has to be known before a plan can be made: the host and the settings."""

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from wizard.arguments import Arguments
from wizard.engine.environment import scrubbed
from wizard.engine.machine import HostReader
from wizard.engine.process import Launcher
from wizard.facts import devstack as checkouts
from wizard.facts.distribution import detect
from wizard.facts.places import Places, places
from wizard.facts.python import Python, distribution_python
from wizard.model.devstack import Devstack
from wizard.model.distribution import Distribution
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Account
from wizard.model.packages import package_index
from wizard.model.packages.package_index import PackageIndex
from wizard.model.problem import Problem
from wizard.model.secret import Secret
from wizard.model.settings import answers_file
from wizard.model.settings.answers import Answers, DevstackAnswers, VenvAnswers
from wizard.model.settings.resolution import Host, resolve
from wizard.model.settings.settings import Origin, Setting, Settings

STACK = "stack"
CONSTRAINTS = "requirements/upper-constraints.txt"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called this program, and from where."""

    environ: Mapping[str, str]
    folder: str
    uid: int
    name: str
    home: str

    @property
    def is_root(self) -> bool:
        """Whether root called."""
        return self.uid == 0


def caller() -> Caller:
    """Return who calls: the effective user, whatever the environment says."""
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
        name, home = entry.pw_name, entry.pw_dir
    except KeyError:
        name, home = str(uid), os.environ.get("HOME", "/")
    return Caller(dict(os.environ), str(Path.cwd()), uid, name, home)


@dataclass(frozen=True, slots=True)
class Survey:
    """What was asked for and what was found."""

    caller: Caller
    arguments: Arguments
    host: HostReader
    settings: Settings
    secrets: Mapping[str, Secret]  # for local.conf, by name
    distribution: Distribution
    devstack: Devstack | None
    places: Places  # where this DevStack puts things
    python: Python
    index: PackageIndex
    warnings: tuple[Problem, ...]


def survey(
    arguments: Arguments,
    caller: Caller,
    *,
    answers: answers_file.Loaded | None = None,
    last: Answers | None = None,
) -> Survey | tuple[Problem, ...]:
    """Look at the host and settle every value, or return everything that is wrong.

    ``answers`` stand in for the file that the arguments name.
    """
    if problem := _unfit_root(arguments.root, caller):
        return (problem,)
    loaded = answers or load_answers(arguments, caller)
    if isinstance(loaded, tuple):
        return loaded
    settings = _settle(arguments, caller, loaded.answers, last or Answers())
    if isinstance(settings, tuple):
        return settings
    return _look(arguments, caller, loaded, settings)


def _look(
    arguments: Arguments, caller: Caller, loaded: answers_file.Loaded, settings: Settings
) -> Survey | tuple[Problem, ...]:
    """Ask the host what the settings leave open."""
    host = reader(caller, arguments.root, settings.user.value)
    like = settings.like.value
    distribution = detect(host, like or "", settings.devstack_name.value)
    directory = settings.directory.value
    devstack = checkouts.inspect(host, directory) if directory else None
    problems = tuple(found for found in (distribution, devstack) if isinstance(found, Problem))
    if isinstance(distribution, Problem) or isinstance(devstack, Problem):
        return problems
    python = distribution_python(host, distribution)
    if chosen := settings.python.value:
        python = Python(chosen, python.package, python.version)
    return Survey(
        caller,
        arguments,
        host,
        _as_this_devstack_has_it(settings, devstack),
        loaded.secrets,
        distribution,
        devstack,
        places(host, directory) if directory else Places(),
        python,
        _package_index(host, caller),
        (*settings.warnings, *loaded.warnings),
    )


def reader(caller: Caller, root: str | None, user: str) -> HostReader:
    """Return a reader of this host, or of the image below ``root``."""

    def environment(account: Account) -> Mapping[str, str]:
        return scrubbed(account, caller.environ)

    where = str(Path(root).resolve()) if root else "/"
    return HostReader(Launcher(where, caller.is_root, environment), user)


def _unfit_root(root: str | None, caller: Caller) -> Problem | None:
    if root is None:
        return None
    if not Path(root, "etc").is_dir():
        cure = "Name the folder that the image is mounted at"
        return Problem("not the root of a system", root, cure, ExitStatus.HOST)
    if not caller.is_root:
        cure = f"Run it with sudo, or without --root {root}"
        return Problem("only root can act on another root", root, cure, ExitStatus.HOST)
    return None


def load_answers(arguments: Arguments, caller: Caller) -> answers_file.Loaded | tuple[Problem, ...]:
    """Read the answers file, if one is named."""
    if arguments.answers is None:
        return answers_file.Loaded(Answers(), {})
    path = os.path.join(caller.folder, arguments.answers)  # noqa: PTH118
    return answers_file.load(path, reader(caller, None, caller.name), caller.environ)


def _settle(
    arguments: Arguments, caller: Caller, answers: Answers, last: Answers
) -> Settings | tuple[Problem, ...]:
    """Resolve twice: who the work is for depends on whose checkout it is."""
    host = reader(caller, arguments.root, STACK if caller.is_root else caller.name)
    found = checkouts.find(host, caller.folder, (caller.home, "/opt/stack"))
    suggested = Answers(devstack=DevstackAnswers(directory=found))
    first = resolve(arguments, caller.environ, answers, last, Host(suggested, caller.folder))
    if isinstance(first, tuple):
        return first
    directory = first.directory.value
    suggested = Answers(
        devstack=DevstackAnswers(directory=found, user=_user(host, caller, directory)),
        venv=VenvAnswers(
            path=_venv_path(host, directory), constraints=_upper_constraints(host, directory)
        ),
        places={"venv.path": f"{directory}/local.conf"},
    )
    taken = (caller.home,)
    return resolve(arguments, caller.environ, answers, last, Host(suggested, caller.folder, taken))


def _user(host: HostReader, caller: Caller, directory: str) -> str | None:
    """DevStack runs as whoever owns it: for root that is not root, but the checkout's owner."""
    if not caller.is_root:
        return caller.name
    return (places(host, directory).user or host.owner_name(directory)) if directory else None


def _venv_path(host: HostReader, directory: str) -> str | None:
    """Return where the user's own lines in local.conf want the venv."""
    return (places(host, directory).venv or None) if directory else None


def _upper_constraints(host: HostReader, directory: str) -> str | None:
    """Return the tested versions that the checkout's requirements repository holds, if there."""
    if not directory:
        return None
    path = f"{places(host, directory).dest}/{CONSTRAINTS}"
    return path if host.exists(path) else None


def _as_this_devstack_has_it(settings: Settings, devstack: Devstack | None) -> Settings:
    """Where DevStack's own venv sees the system's site packages, one put under it has to."""
    if settings.system_site_packages.origin is not Origin.DEFAULT or devstack is None:
        return settings
    value = "--system-site-packages" in devstack.venv_options
    return replace(settings, system_site_packages=Setting(value, Origin.HOST))


def _package_index(host: HostReader, caller: Caller) -> PackageIndex:
    texts = {}
    for name in package_index.PIP_FILES:
        path = name.format(home=host.user.home)
        try:
            texts[path] = host.read(path).decode(errors="replace")
        except OSError:
            continue
    return package_index.effective(caller.environ, texts)
