"""--auto: plan, build, check, report; no questions, ever."""

from wizard.arguments import Arguments
from wizard.engine import answers_keeper, curing, session
from wizard.engine.cancel import Cancel
from wizard.engine.planning import planning
from wizard.engine.planning.survey import caller
from wizard.engine.signals import heeded
from wizard.engine.toolbox import staged
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.modes.rendering import Renderer


def run(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Refuse before anything is changed, or see the run through to its last event."""
    prepared = curing.prepared(given, caller())
    if isinstance(prepared, tuple):
        return renderer.refuse(prepared)
    found = prepared.survey
    home, are_root = session.state_home(found), found.caller.is_root
    with staged(home, are_root=are_root, root=found.host.launcher.root) as tools:
        planned = prepared.plan(tools)
        if isinstance(planned, tuple):
            return renderer.refuse(planned)
        states = planning.states(found, planned)
        judged = planning.judge(found, planned, states)
        if obstacles := curing.of_no_use(prepared, planned, states) or judged.obstacles:
            other = session.locked(found, planned)
            return renderer.refuse(obstacles if other is None else [other])
        if problem := answers_keeper.keep(found):
            return renderer.refuse([problem])
        cancel = Cancel(found.settings.timeout_minutes.value * 60.0)
        with heeded(cancel), session.opened(found, planned, cancel, renderer.listener) as opened:
            if isinstance(opened, Problem):
                return renderer.refuse([opened])
            return session.carry_out(found, planned, states, judged.warnings, opened)
