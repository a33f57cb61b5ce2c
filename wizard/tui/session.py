"""What the screens share: who calls, which answers there were at first, how to look at the host."""

import shlex
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from wizard.arguments import Arguments
from wizard.engine.planning.survey import Caller, Survey, load_answers, reader, survey
from wizard.engine.planning.survey import caller as survey_caller
from wizard.engine.runs import draft, earlier_run, runs
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.recipe import Tools
from wizard.model.secret import Secret
from wizard.model.settings import environment
from wizard.model.settings.answers import (
    Answers,
    FromEnvironment,
    FromFile,
    flat,
)
from wizard.model.settings.answers_file import Loaded
from wizard.model.settings.resolution import Host, resolve
from wizard.model.settings.secret_reference import Found
from wizard.model.settings.secret_reference import resolve as fetch
from wizard.model.settings.settings import Origin, rows, said

Problems = tuple[Problem, ...]


@dataclass(slots=True)
class Session:
    """One run of the wizard. What looks at the host may take a while: call it from a thread."""

    arguments: Arguments  # without what the answers hold
    caller: Caller
    first: Answers  # from options, environment, file and last run
    origins: Mapping[str, Origin]  # of these, by key
    has_answers_file: bool = False
    _staged: ExitStack = field(default_factory=ExitStack)
    _tools: Tools | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def home(self) -> Path:
        """Where drafts and runs are kept."""
        return runs.home(self.caller, self.arguments.root)

    def look(self, answers: Answers) -> Survey | Problems:
        """Look at the host with these answers."""
        secrets = self._secrets(answers)
        if isinstance(secrets, tuple):
            return secrets
        return survey(self.arguments, self.caller, answers=Loaded(answers, secrets))

    def keep(self, answers: Answers) -> Problem | None:
        """Keep the answers for the next start."""
        return draft.keep(self.home, answers)

    def tools(self) -> Tools:
        """Return uv where the work's user can run it; it is put there once."""
        from wizard.engine.toolbox import staged  # noqa: PLC0415 -- not for the first screen

        with self._lock:
            if self._tools is None:
                root = str(Path(self.arguments.root).resolve()) if self.arguments.root else "/"
                context = staged(self.home, are_root=self.caller.is_root, root=root)
                self._tools = self._staged.enter_context(context)
            return self._tools

    def close(self) -> None:
        """Remove what was put somewhere for the time of the session."""
        self._staged.close()

    def origin(self, key: str, answers: Answers) -> Origin | None:
        """Return who gave an answer first; None for the user of the wizard, or nobody."""
        value = flat(answers).get(key)
        return self.origins.get(key) if value == flat(self.first).get(key) else None

    @property
    def root_option(self) -> tuple[str, ...]:
        """What another process of ours has to be told."""
        return ("--root", self.arguments.root) if self.arguments.root else ()

    def replay(self, path: str) -> str:
        """Return the command that builds the same without a question."""
        program = environment.called_as(self.caller.environ)
        return f"{program} {shlex.join(('--auto', '--answers', path, *self.root_option))}"

    def _secrets(self, answers: Answers) -> dict[str, Secret] | Problems:
        files = reader(self.caller, None, self.caller.name)
        found = {
            name: fetch(said, self.caller.environ, files)
            for name, said in answers.local_conf.items()
            if isinstance(said, FromEnvironment | FromFile)
        }
        problems = tuple(_named(found))
        return problems or {n: f.secret for n, f in found.items() if isinstance(f, Found)}


def begin(arguments: Arguments, caller: Caller) -> Session | Problems:
    """Gather what is said already; asks the host nothing."""
    loaded = load_answers(arguments, caller)
    if isinstance(loaded, tuple):
        return loaded
    last = earlier_run.last_answers(runs.home(caller, arguments.root)) or Answers()
    host = Host(folder=caller.folder, taken=(caller.home,))
    settings = resolve(arguments, caller.environ, loaded.answers, last, host)
    if isinstance(settings, tuple):
        return settings
    origins = {row.key: row.origin for row in rows(settings)}
    first, named = said(settings), arguments.answers is not None
    return Session(_without_answers(arguments), _plain(caller), first, origins, named)


def of_run(folder: Path, root: str | None) -> Session | Problems:
    """Return what it takes to look at the host with the answers of a run."""
    answers = earlier_run.look(folder).answers()
    if answers is None:
        what = "is missing or damaged, so nobody knows what the run was asked to do"
        return (Problem(what, str(folder / earlier_run.ANSWERS), status=ExitStatus.NEEDS_PERSON),)
    return Session(Arguments(root=root), _plain(survey_caller()), answers, {})


def _without_answers(arguments: Arguments) -> Arguments:
    return replace(
        arguments,
        devstack=None,
        venv_path=None,
        constraints=None,
        installer=None,
        stack=None,
        packages=(),
        answers=None,
    )


def _plain(caller: Caller) -> Caller:
    """Take what stands for options out of the environment: the answers hold it now."""
    taken = {environment.variable(option) for option in environment.BUILD}
    environ = {name: value for name, value in caller.environ.items() if name not in taken}
    return replace(caller, environ=environ)


def _named(found: Mapping[str, Found | Problem]) -> Iterator[Problem]:
    for name, one in found.items():
        if isinstance(one, Problem):
            yield replace(one, what=f"{name}: {one.what}")
