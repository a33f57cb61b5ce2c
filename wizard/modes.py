"""The modes that ask nothing: --auto, --plan, --check, --undo, --attach."""

import os
import pwd
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from wizard.arguments import Arguments, Mode, Output
from wizard.engine import planning, session
from wizard.engine.build import run_check
from wizard.engine.cancel import Cancel
from wizard.engine.run_folder import Listener
from wizard.engine.signals import heeded
from wizard.engine.survey import Caller, Survey, survey
from wizard.engine.toolbox import staged
from wizard.headless.json_lines import JsonLines
from wizard.headless.terminal import Terminal
from wizard.headless.text import Text
from wizard.model.check import Code
from wizard.model.events import Event, Finding, RunFinished, Setting, Stamped
from wizard.model.exit_status import MEANING, ExitStatus
from wizard.model.problem import Problem
from wizard.model.recipe import Tools
from wizard.model.settings import rows
from wizard.model.step import Pending

# when several things are wrong at once, the status of the first kind that is among them
_GRAVEST = (ExitStatus.USAGE, ExitStatus.ANSWERS, ExitStatus.NEEDS_PERSON, ExitStatus.HOST)


def start(given: Arguments) -> ExitStatus:
    """Do what the mode asks for."""
    by_mode: dict[Mode, Callable[[Arguments, Renderer], ExitStatus]] = {
        Mode.AUTO: _auto,
        Mode.PLAN: _plan,
        Mode.CHECK: _check,
    }
    with _rendering(given.output) as renderer:
        return by_mode[given.mode](given, renderer)


class Renderer:
    """Shows events; numbers those that no run folder has numbered."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self._seq = 0

    def emit(self, event: Event) -> None:
        """Show an event that is not part of a kept run."""
        import time  # noqa: PLC0415

        self._seq += 1
        self.listener(Stamped(self._seq, time.time(), event))

    def refuse(self, problems: Iterable[Problem]) -> ExitStatus:
        """Show everything that is wrong, and end."""
        found = list(problems)
        for problem in found:
            what = f"{problem.where}: {problem.what}" if problem.where else problem.what
            self.emit(Finding(problem.status.name.lower(), what, problem.cure))
        statuses = {problem.status for problem in found}
        status = next((s for s in _GRAVEST if s in statuses), found[0].status)
        number = "One thing is" if len(found) == 1 else f"{len(found)} things are"
        self.emit(
            RunFinished(
                status, 0.0, f"{number} in the way ({MEANING[status]}). Nothing was changed."
            )
        )
        return status


@contextmanager
def _rendering(output: Output) -> Iterator[Renderer]:
    if output is Output.JSON:
        yield Renderer(JsonLines(sys.stdout))
        return
    text = Text(Terminal(sys.stdout, os.environ))
    try:
        yield Renderer(text)
    finally:
        text.close()


def _auto(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Plan, build, check, report."""
    found = survey(given, _caller())
    if not isinstance(found, Survey):
        return renderer.refuse(found)
    with _tools(found, session.state_home(found)) as tools:
        planned = planning.make(found, tools)
        if isinstance(planned, tuple):
            return renderer.refuse(planned)
        states = planning.states(found, planned)
        if problems := tuple(planning.obstacles(found, states)):
            return renderer.refuse(problems)
        cancel = Cancel(found.settings.timeout_minutes.value * 60.0)
        with heeded(cancel), session.opened(found, planned, cancel, renderer.listener) as opened:
            if isinstance(opened, Problem):
                return renderer.refuse([opened])
            return session.carry_out(found, planned, states, opened)


def _plan(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Show every decision, every step and every diff; change nothing."""
    found = survey(given, _caller())
    if not isinstance(found, Survey):
        return renderer.refuse(found)
    planned = planning.make(found, Tools("uv", ""))
    if isinstance(planned, tuple):
        return renderer.refuse(planned)
    renderer.emit(session.started(found, planned, "plan"))
    for row in rows(found.settings):
        origin = f"{row.origin}, {row.where}" if row.where else str(row.origin)
        renderer.emit(Setting(row.key, row.value, origin))
    states = planning.states(found, planned)
    for step in planned.plan.steps:
        state = states[step.id]
        previews = step.preview(found.host) if isinstance(state, Pending) else ()
        renderer.emit(session.forecast(step, state, previews))
    if problems := tuple(planning.obstacles(found, states)):
        return renderer.refuse(problems)
    renderer.emit(RunFinished(0, 0.0, "This is what --auto would do. Nothing was changed."))
    return ExitStatus.DONE


def _check(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Run the checks on the host as it is."""
    found = survey(given, _caller())
    if not isinstance(found, Survey):
        return renderer.refuse(found)
    with _tools(found, _temporary(found)) as tools:
        planned = planning.make(found, tools)
        if isinstance(planned, tuple):
            return renderer.refuse(planned)
        renderer.emit(session.started(found, planned, "check"))
        results = [run_check(check, found.host, renderer.emit) for check in planned.plan.checks]
    failed = sum(result.code is Code.FAILURE for result in results)
    status = ExitStatus.CHECK_FAILED if failed else ExitStatus.DONE
    words = f"{failed} of {len(results)} checks fail." if failed else "Every check passes."
    renderer.emit(RunFinished(status, 0.0, words))
    return status


def _tools(found: Survey, home: Path) -> AbstractContextManager[Tools]:
    """Stage what builds below ``home``."""
    return staged(home, are_root=found.caller.is_root, root=found.host.launcher.root)


def _temporary(found: Survey) -> Path:
    """Return where a mode that changes nothing may stage them."""
    return Path(found.host.launcher.root, "tmp")


def _caller() -> Caller:
    """Return who called: the effective user, whatever the environment says."""
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
        name, home = entry.pw_name, entry.pw_dir
    except KeyError:
        name, home = str(uid), os.environ.get("HOME", "/")
    return Caller(dict(os.environ), str(Path.cwd()), uid, name, home)
