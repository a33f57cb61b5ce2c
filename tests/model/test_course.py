"""Where a run stands, from its events."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from wizard.model.check import Code
from wizard.model.course import Course, Stand
from wizard.model.events import (
    CheckFinished,
    CheckStarted,
    Event,
    Output,
    Planned,
    PlannedState,
    Progress,
    RunFinished,
    RunStarted,
    Stamped,
    StepFinished,
    StepStarted,
    StepState,
    Titled,
    from_json,
)

RUNS = Path(__file__).parents[1] / "tui" / "runs"
STEPS = (Titled("distro-packages", "distro packages"), Titled("pypi-packages", "PyPI packages"))
CHECKS = (Titled("venv", "virtual environment"),)
START = RunStarted("r", "build", "1", "Debian", "", "/v", "stack", "/r", STEPS, CHECKS)


def course(*events: Event, expected: dict[str, float] | None = None) -> Course:
    made = Course(expected or {})
    for seconds, event in enumerate((START, *events)):
        made.add(Stamped(seconds + 1, float(seconds), event))
    return made


def recorded(name: str) -> list[Stamped]:
    lines = (RUNS / name / "events.jsonl").read_text().splitlines()
    return [from_json(json.loads(line)) for line in lines]


def test_a_good_run_ends_with_every_step_done_and_every_check_passed() -> None:
    made = Course()
    for stamped in recorded("good"):
        made.add(stamped)
    assert made.finished is not None
    assert {step.stand for step in made.steps.values()} == {Stand.DONE}
    assert {check.stand for check in made.checks.values()} == {Stand.DONE, Stand.DEFERRED}
    assert made.failed is None


def test_a_failed_run_names_the_step_its_reason_and_the_last_line_of_its_output() -> None:
    made = Course()
    for stamped in recorded("failed"):
        made.add(stamped)
    assert made.failed is not None
    assert made.failed.title == "PyPI packages"
    assert "sasl/sasl.h" in made.failed.details
    assert made.failed.last_line > 500


def test_a_running_step_counts_its_time_and_a_finished_one_keeps_it() -> None:
    running = course(StepStarted("distro-packages"))
    assert running.steps["distro-packages"].elapsed(11.0) == 10.0
    over = course(
        StepStarted("distro-packages"), StepFinished("distro-packages", StepState.DONE, 3.5)
    )
    assert over.steps["distro-packages"].elapsed(100.0) == 3.5


def test_a_check_that_is_asked_again_runs_again() -> None:
    verdict = CheckFinished("venv", Code.FAILURE, "no")
    made = course(CheckStarted("venv"), verdict, CheckStarted("venv"))
    assert made.checks["venv"].stand is Stand.RUNNING


def test_a_run_that_was_broken_off_leaves_nothing_running() -> None:
    made = course(StepStarted("distro-packages"), Output("distro-packages", 1, ("x",)))
    made.break_off()
    assert made.over
    assert not made.running
    assert made.steps["distro-packages"].seconds == 1.0
    assert made.elapsed(1000.0) == 2.0


def test_silence_is_counted_from_the_last_output() -> None:
    made = course(StepStarted("distro-packages"), Output("distro-packages", 1, ("x",)))
    assert made.silence(12.0) == 10.0


def test_what_a_package_manager_says_of_its_progress_is_the_step_s_part() -> None:
    half = course(
        StepStarted("distro-packages"),
        Progress("distro-packages", 50, 100),
        expected={"distro-packages": 30.0, "pypi-packages": 30.0},
    )
    assert 0.24 < half.fraction(3.0) < 0.26


def test_without_progress_a_step_s_part_grows_with_time_but_never_reaches_its_end() -> None:
    made = course(StepStarted("distro-packages"), expected={"distro-packages": 10.0})
    parts = [made.fraction(float(now)) for now in (2, 6, 11, 50, 5000)]
    assert parts == sorted(parts)
    assert parts[-1] < 1


def test_a_step_with_nothing_to_do_is_no_part_of_the_work() -> None:
    satisfied = Planned("distro-packages", PlannedState.SATISFIED, "all installed")
    made = course(
        satisfied, StepStarted("pypi-packages"), StepFinished("pypi-packages", StepState.DONE, 1)
    )
    assert made.fraction(5.0) > 0.99


def test_nothing_is_said_of_the_time_left_where_no_earlier_run_tells() -> None:
    assert course(StepStarted("distro-packages")).remaining(5.0) is None


def test_the_time_left_follows_from_what_is_done() -> None:
    expected = {"distro-packages": 10.0, "pypi-packages": 10.0}
    made = course(
        StepStarted("distro-packages"),
        StepFinished("distro-packages", StepState.DONE, 10),
        expected=expected,
    )
    left = made.remaining(10.0)
    assert left is not None
    assert 9 < left < 11


@given(times=st.lists(st.floats(0, 300), min_size=2, max_size=20))
def test_the_bar_never_goes_back(times: list[float]) -> None:
    made, last = Course(), 0.0
    began = 0.0
    for stamped in recorded("good")[::7]:
        began = began or stamped.time
        made.add(stamped)
        for seconds in times[:2]:
            part = made.fraction(began + seconds)
            assert last <= part <= 1.0 + 1e-9
            last = part


def test_a_finished_run_is_all_of_the_work() -> None:
    made = Course()
    for stamped in recorded("good"):
        made.add(stamped)
    assert isinstance(made.finished, RunFinished)
    assert made.fraction(0.0) > 0.99
