"""--bundle: one archive about a run, to show around, without secrets."""

from collections.abc import Iterator
from pathlib import Path

from wizard.arguments import Arguments
from wizard.engine import bundle
from wizard.engine.machine import HostReader
from wizard.engine.planning.survey import Caller, caller, load_answers, reader
from wizard.engine.runs import runs
from wizard.model.events import RunFinished
from wizard.model.exit_status import ExitStatus
from wizard.model.known_secrets import known_secrets
from wizard.model.machine import Identity
from wizard.model.packages.package_index import PIP_FILES
from wizard.model.problem import Problem
from wizard.model.secret import Secret
from wizard.model.settings.answers_file import Loaded
from wizard.modes.rendering import Renderer


def run(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Pack the run that is named, or the last one, into the current folder."""
    who = caller()
    folder = runs.find(who, given.root, given.run)
    if isinstance(folder, Problem):
        return renderer.refuse([folder])
    request = runs.request(folder)
    if isinstance(request, Problem):
        return renderer.refuse([request])
    answers = load_answers(given, who)
    if not isinstance(answers, Loaded):
        return renderer.refuse(answers)
    host = reader(who, given.root, request.user)
    texts = tuple(_telling_texts(host, who, folder, request.local_conf))
    secrets = frozenset[Secret]().union(answers.secrets.values(), *map(known_secrets, texts))
    venv = Path(host.resolve(request.venv))
    versions = bundle.versions(_read(host, "/etc/os-release"), bundle.installed(venv))
    target = Path(who.folder, f"devstack-venv-{folder.name}.tar.gz")
    if problem := bundle.pack(folder, target, secrets, versions):
        return renderer.refuse([problem])
    number = f"{len(secrets)} known secrets" if len(secrets) != 1 else "the one known secret"
    words = f"{target} is written, and free of {number}. Look at it before you show it around."
    renderer.emit(RunFinished(ExitStatus.DONE, 0.0, words))
    return ExitStatus.DONE


def _telling_texts(host: HostReader, who: Caller, folder: Path, local_conf: str) -> Iterator[str]:
    """Yield what may name secrets: the files of now, those of before the run, the environment."""
    yield _read(host, local_conf)
    for name in PIP_FILES:
        yield _read(host, name.format(home=who.home))
    for path in (*sorted((folder / "backups").rglob("*")), folder / "build.log"):
        if path.is_file():
            yield path.read_text(encoding="utf-8", errors="replace")
    yield "\n".join(f"{name}='{value}'" for name, value in who.environ.items())


def _read(host: HostReader, path: str) -> str:
    for identity in Identity:
        try:
            return host.read(path, identity).decode(errors="replace")
        except OSError:
            continue
    return ""
