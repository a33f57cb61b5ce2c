"""The rows of the review: every decision with who made it, then what the build would do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.engine.planning import planning
from wizard.engine.planning.planning import Planned
from wizard.engine.planning.survey import Survey
from wizard.model.problem import Problem
from wizard.model.recipe import Tools
from wizard.model.settings.answers import Answers
from wizard.model.settings.settings import Origin, Setting
from wizard.model.step import Pending, Preview, Satisfied, State, Step, WouldRun
from wizard.tui import words
from wizard.tui.session import Session

Who = Callable[[str, Setting[Any]], str]
"""Says who made a decision, given its key and the setting."""

HOST, VENV, DISTRO, PYPI, CONF, HERE = range(6)  # the review decides one thing itself
_SCREENS = {
    "stack-user": HOST,
    "distro-packages": DISTRO,
    "venv": VENV,
    "download": PYPI,
    "pypi-packages": PYPI,
    "bytecode": PYPI,
    "local-conf": CONF,
    "sudo-rule": HOST,
    "sudoers": VENV,
    "completion": PYPI,
    "stack-sh": HERE,
}


TO_DO, DONE, BLOCKED = "•", "=", "✗"


@dataclass(frozen=True, slots=True)
class Item:
    """A row: ``screen`` is where it is decided; ``mark`` says how it stands."""

    name: str
    what: str
    who: str = ""
    screen: int = HOST
    mark: str = ""
    tone: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything the review shows."""

    decisions: tuple[Item, ...]
    build: tuple[Item, ...]
    obstacles: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def changes(self) -> int:
        """How many steps have something to do."""
        return sum(item.mark == TO_DO for item in self.build)


def outline(session: Session, answers: Answers, found: Survey) -> Outline:
    """Ask every step what it would do; changes nothing, may take a second."""
    planned = planning.make(found, Tools("uv", ""))
    if isinstance(planned, tuple):
        return Outline(tuple(_decisions(session, answers, found, None)), (), planned)
    states = planning.states(found, planned)
    build = tuple(_step(found, step, states[step.id]) for step in planned.plan.steps)
    judged = planning.judge(found, planned, states)
    decisions = tuple(_decisions(session, answers, found, (planned, states)))
    return Outline(decisions, build, judged.obstacles, judged.warnings)


def _decisions(
    session: Session,
    answers: Answers,
    found: Survey,
    planned: tuple[Planned, Mapping[str, State]] | None,
) -> Iterator[Item]:
    settings = found.settings

    def who(key: str, setting: Setting[Any]) -> str:
        """A value that the wizard holds was an answer; who gave it first is remembered."""
        if setting.origin in (Origin.HOST, Origin.DEFAULT):
            return str(setting.origin)
        return str(session.origin(key, answers) or "you")

    yield Item("Host", found.distribution.title, "host", HOST)
    checkout = words.series(found.devstack) if found.devstack else "none; the venv stands alone"
    yield Item("DevStack", checkout, who("devstack.directory", settings.directory), HOST)
    yield Item("User", settings.user.value, who("devstack.user", settings.user), HOST)
    used = settings.path.value if settings.use_venv.value else "none is used"
    key = "venv.path" if settings.use_venv.value else "venv.use"
    path = settings.path if settings.use_venv.value else settings.use_venv
    yield Item("Venv", used, who(key, path), VENV)
    if settings.use_venv.value:
        yield from _about_venv(found, who)
        yield from _about_packages(answers, planned)
    yield _about_passwords(found)
    if can_stack(found):
        runs = settings.stack.value
        what = "runs right after the build" if runs else "not run: you start it yourself"
        yield Item("stack.sh", what, who("build.stack", settings.stack), HERE)


def can_stack(found: Survey) -> bool:
    """Whether there is a stack.sh to run: in an image nothing can be started."""
    return found.devstack is not None and found.arguments.root is None


def _about_venv(found: Survey, who: Who) -> Iterator[Item]:
    settings = found.settings
    version = f", {found.python.version}" if found.python.version else ""
    yield Item("Python", f"{found.python.path}{version}", who("venv.python", settings.python), VENV)
    site = "seen from the venv" if settings.system_site_packages.value else "not seen"
    who_site = who("venv.system_site_packages", settings.system_site_packages)
    yield Item("System packages", site, who_site, VENV)
    installer = str(settings.installer.value)
    yield Item("Installer", installer, who("venv.installer", settings.installer), VENV)
    limits = settings.constraints.value or "none: the newest that fit"
    yield Item("Constraints", limits, who("venv.constraints", settings.constraints), VENV)


def _about_packages(
    answers: Answers, planned: tuple[Planned, Mapping[str, State]] | None
) -> Iterator[Item]:
    distro, pypi = answers.distro, answers.pypi
    numbers = ("", "") if planned is None else _numbers(planned[0])
    for name, number, said, screen in (
        ("Distro packages", numbers[0], distro, DISTRO),
        ("PyPI packages", numbers[1], pypi, PYPI),
    ):
        changed = [f"{len(said.add)} added"] * bool(said.add)
        changed += [f"{len(said.remove)} removed"] * bool(said.remove)
        who = "you" if changed else "list"
        yield Item(name, ", ".join(filter(None, (number, *changed))), who, screen)


def _numbers(planned: Planned) -> tuple[str, str]:
    packages = planned.packages
    return str(len(packages.distro.names)), str(len(packages.pypi.requirements))


def _about_passwords(found: Survey) -> Item:
    step = planning.local_conf_step(found)
    asked = [one for one in step.passwords if not one.generated]
    what = f"{step.path}"
    more = f", {words.counted(len(asked), 'password')} set" if asked else ""
    return Item("local.conf", what + more, "you" if asked or step.settings else "default", CONF)


def _step(found: Survey, step: Step, state: State) -> Item:
    screen = _SCREENS.get(step.id, HOST)
    if isinstance(state, Satisfied):
        return Item(step.title, state.why, "", screen, DONE, "dim")
    if isinstance(state, Pending):
        details = tuple(_details(step.preview(found.host)))
        return Item(step.title, state.why, "", screen, TO_DO, "strong", details)
    why = f"{state.where}: {state.what}" if state.where else state.what
    return Item(step.title, why, "", screen, BLOCKED, "bad", (f"Cure: {state.cure}",))


def _details(previews: tuple[Preview, ...]) -> Iterator[str]:
    for one in previews:
        if isinstance(one, WouldRun):
            yield f"    $ {one.command}"
        else:
            yield f"    writes {one.path}"
