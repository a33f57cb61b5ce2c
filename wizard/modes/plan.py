"""--plan: every decision with its origin, every step, every diff; changes nothing."""

from wizard.arguments import Arguments
from wizard.engine import answers_keeper, curing, session
from wizard.engine.planning import planning
from wizard.engine.planning.survey import caller
from wizard.model.events import RunFinished, Setting
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader
from wizard.model.recipe import Tools
from wizard.model.settings.settings import rows
from wizard.model.step import Pending, State, Step
from wizard.modes.rendering import Renderer


def run(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Show what --auto would do; what would stop it is said, too, with the status it would have."""
    prepared = curing.prepared(given, caller())
    if isinstance(prepared, tuple):
        return renderer.refuse(prepared)
    found, planned = prepared.survey, prepared.plan(Tools("uv", ""))
    if isinstance(planned, tuple):
        return renderer.refuse(planned)
    renderer.emit(session.started(found, planned, "plan"))
    for row in rows(found.settings):
        origin = f"{row.origin}, {row.where}" if row.where else str(row.origin)
        renderer.emit(Setting(row.key, row.value, origin))
    states = planning.states(found, planned)
    for step in planned.plan.steps:
        _foresee(step, states[step.id], found.host, renderer)
    judged = planning.judge(found, planned, states)
    for warning in judged.warnings:
        renderer.emit(session.remark(warning))
    if obstacles := curing.of_no_use(prepared, planned, states) or judged.obstacles:
        return renderer.refuse(obstacles)
    if problem := answers_keeper.keep(found):
        return renderer.refuse([problem])
    auto = f"--auto --cure {given.cure}" if given.cure else "--auto"
    renderer.emit(RunFinished(0, 0.0, f"This is what {auto} would do. Nothing was changed."))
    return ExitStatus.DONE


def _foresee(step: Step, state: State, host: Reader, renderer: Renderer) -> None:
    previews = step.preview(host) if isinstance(state, Pending) else ()
    for forecast in session.forecasts(step, state, previews):
        renderer.emit(forecast)
