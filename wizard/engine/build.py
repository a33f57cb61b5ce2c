"""Carries out a plan: each step as soon as the steps it needs are over, and the checks."""

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from wizard.engine.cancel import Cancel
from wizard.engine.checking import Emit, Watch, failures
from wizard.engine.parts import Showing, cancelled
from wizard.engine.repeating import RemedyFor, Repeating, no_remedy
from wizard.model.events import StepState
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Machine
from wizard.model.plan import Plan
from wizard.model.problem import Problem
from wizard.model.step import Done, InParts, Outcome, Satisfied, Step

WORKERS = 4
_WELL = (StepState.DONE, StepState.SKIPPED)


@dataclass(slots=True)
class Build:
    """One pass over a plan. ``machine_for`` gives each step a machine that reports in its name."""

    plan: Plan
    machine_for: Callable[[str], Machine]
    emit: Emit
    cancel: Cancel
    remedy_for: RemedyFor = no_remedy
    _ended: dict[str, StepState] = field(default_factory=dict)
    _problem: Problem | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> ExitStatus:
        """Do everything and return the exit status."""
        plan = self.plan
        watch = Watch(plan, self.machine_for("checks"), self.emit)
        try:
            self._run_steps(watch)
            if self._came_to_its_end():
                failed = failures(watch.finish().values())
                verdict = ExitStatus.CHECK_FAILED if failed else ExitStatus.DONE
                return self.cancel.status or verdict
        except BaseException:
            self._recover()
            raise
        finally:
            watch.close()
        self._recover()
        if self._problem is not None and self.cancel.status in (None, ExitStatus.STEP_FAILED):
            return self._problem.status
        return self.cancel.status or ExitStatus.STEP_FAILED

    @property
    def changed(self) -> bool:
        """Whether any step found something to do."""
        return StepState.DONE in self._ended.values()

    @property
    def problem(self) -> Problem | None:
        """The first failure of a step."""
        return self._problem

    def _came_to_its_end(self) -> bool:
        return all(self._ended.get(step.id) in _WELL for step in self.plan.steps)

    def _run_steps(self, watch: Watch) -> None:
        waiting = list(self.plan.steps)
        running: dict[Future[None], Step] = {}
        with ThreadPoolExecutor(WORKERS) as pool:
            while waiting or running:
                for step in [step for step in waiting if self._is_ready(step)]:
                    waiting.remove(step)
                    running[pool.submit(self._run_step, step, watch)] = step
                if not running:
                    break
                over, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in over:
                    step = running.pop(future)
                    self._rethrow(future)
                    if self._ended[step.id] in _WELL:
                        watch.stepped(step.id)
        self._ended |= {step.id: StepState.CANCELLED for step in waiting}
        cancelled(waiting, self.emit)

    def _rethrow(self, future: Future[None]) -> None:
        """Let an exception out (it is a bug), but first tell the other steps to stop."""
        if future.exception() is not None:
            self.cancel.stop(ExitStatus.BUG)
        future.result()

    def _is_ready(self, step: Step) -> bool:
        return not self.cancel.wanted and all(self._ended.get(n) in _WELL for n in step.needs)

    def _run_step(self, step: Step, watch: Watch) -> None:
        machine = self.machine_for(step.id)
        showing = Showing(step, machine, self.emit, watch.stepped)
        state = step.state(machine)
        if isinstance(state, Satisfied):
            self._ended[step.id] = StepState.SKIPPED
            showing.finish(StepState.SKIPPED, state.why)
            return
        outcome = state if isinstance(state, Problem) else self._apply(step, machine, showing)
        if isinstance(outcome, Done):
            self._ended[step.id] = StepState.DONE
            showing.finish(StepState.DONE, outcome.details)
        else:
            self._fail(step, outcome, showing)

    def _apply(self, step: Step, machine: Machine, showing: Showing) -> Outcome:
        """Do it, with what a failure may be mended by; a program in parts is not done twice."""
        if isinstance(step, InParts):
            return showing.apply()
        return Repeating(self.remedy_for, self.emit, self.cancel).apply(step, machine)

    def _fail(self, step: Step, problem: Problem, showing: Showing) -> None:
        """A failed step stops the others that can be stopped; one that was stopped did not fail."""
        if self.cancel.wanted:
            self._ended[step.id] = StepState.CANCELLED
            showing.finish(StepState.CANCELLED, "stopped")
            return
        self._ended[step.id] = StepState.FAILED
        with self._lock:
            self._problem = self._problem or problem
        self.cancel.stop(ExitStatus.STEP_FAILED)
        where = f"{problem.where}: " if problem.where else ""
        showing.finish(StepState.FAILED, where + problem.what, problem.cure)

    def _recover(self) -> None:
        for step in self.plan.recovery:
            machine = self.machine_for(step.id)
            if isinstance(step.state(machine), Satisfied):
                continue
            outcome = step.apply(machine)
            machine.log(
                f"{step.title}: {outcome.details if isinstance(outcome, Done) else outcome}"
            )
