"""What the buttons of screen 8 lead to: other runs, previews of them, and a bundle."""

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Button

from tests.tui.driving import Live, attached, drive, grid, recorded, shows, until
from wizard.engine.curing_offer import Part
from wizard.model.check import Code
from wizard.model.course import Course
from wizard.model.diagnosis.finding import Finding
from wizard.model.events import (
    CheckFinished,
    Planned,
    PlannedState,
    RunFinished,
    RunStarted,
    Stamped,
    StepFinished,
    StepState,
    Titled,
)
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.settings.answers import Answers
from wizard.model.settings.answers_file import parse
from wizard.tui.screens.result import ResultScreen
from wizard.tui.ways import ways

STARTED = RunStarted("r", "build", "1", "Debian", "", "/v", "stack", "/r", (), ())
CHECKOUT = "/opt/stack/devstack"
DEVSTACK = f"{CHECKOUT} (global, 2026.1)"


async def to_result(pilot: Pilot[Any]) -> None:
    await shows(pilot, "Result")
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, ResultScreen))


def ended(home: Path, *events: object, status: ExitStatus = ExitStatus.DONE) -> Path:
    """Write a run that is over, with its answers."""
    live = Live(home / "runs" / "20260101-000000-aaaa")
    for event in (*events, RunFinished(status, 3.0, "It ended.")):
        live.say(event)  # type: ignore[arg-type]
    live.dies()
    (live.folder / "answers.toml").write_text("schema = 1\n")
    return live.folder


@contextmanager
def starting() -> Iterator[list[tuple[Any, ...]]]:
    """Note what would be started; nothing begins."""
    asked: list[tuple[Any, ...]] = []

    def start(*arguments: Any) -> tuple[Problem, ...]:
        asked.append(arguments)
        return (Problem("apt is at work", cure="Wait for it"),)

    with patch("wizard.engine.detached.start", start):
        yield asked


def answers_of(options: Any) -> Answers:
    path = options[options.index("--answers") + 1]
    found = parse(Path(path).read_text(), path)
    assert isinstance(found, Answers)
    return found


def press(folder: Path, *keys: str, then: str) -> App[Any]:
    """Press keys on the result screen until it shows something."""

    async def scenario(pilot: Pilot[Any]) -> None:
        await to_result(pilot)
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.2)
        await shows(pilot, then)

    return drive(attached(folder), scenario)


def test_build_again_starts_the_same_answers_and_says_why_it_did_not_begin(tmp_path: Path) -> None:
    folder = recorded("failed", tmp_path)
    with starting() as asked:
        press(folder, "b", then="✗ apt is at work")
    assert answers_of(asked[0][0]).distro.remove == ("libsasl2-dev",)
    assert asked[0][3] == ("--auto",)


def test_a_build_that_did_not_begin_leads_back_to_the_result(tmp_path: Path) -> None:
    with starting():
        press(recorded("failed", tmp_path), "b", "enter", then="What happened")


def test_the_command_that_cures_a_refusal_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    folder = ended(tmp_path, replace(STARTED, devstack=DEVSTACK))
    cure = f"Give it to stack: sudo chown -R stack {CHECKOUT}"
    refusal = Problem("stack may not write into this folder, as stack.sh has to", CHECKOUT, cure)
    with patch("wizard.engine.detached.start", lambda *_: (refusal,)):
        press(folder, "s", "enter", then=f"    sudo chown -R stack {CHECKOUT}  ")


@pytest.mark.parametrize(
    ("devstack", "step", "first"),
    [
        (DEVSTACK, "stack-user", "stack"),
        ("", "venv", "leave"),
        (DEVSTACK, "stack-install", "leave"),
    ],
)
def test_stack_sh_is_offered_for_a_checkout_unless_it_has_run(
    devstack: str, step: str, first: str
) -> None:
    course = Course()
    begun = replace(STARTED, devstack=devstack, steps=(Titled(step, step),))
    course.add(Stamped(1, 1.0, begun))
    course.add(Stamped(2, 2.0, RunFinished(0, 1.0, "")))
    names = [way.name for way in ways(course, None, can_change=True)]
    assert names[0] == first
    assert ("stack" in names) == (first == "stack")


def test_where_the_answers_are_wrong_changing_them_comes_first() -> None:
    course = Course()
    course.add(Stamped(1, 1.0, STARTED))
    course.add(Stamped(2, 2.0, RunFinished(ExitStatus.ANSWERS, 1.0, "")))
    names = [way.name for way in ways(course, None, can_change=True)]
    assert names[:2] == ["change", "retry"]


def test_stack_sh_runs_after_a_question_and_by_the_answers(tmp_path: Path) -> None:
    folder = ended(tmp_path, replace(STARTED, devstack=DEVSTACK))
    with starting() as asked:
        press(folder, "s", "escape", then="Run DevStack")
        assert asked == []
        press(folder, "s", "enter", then="✗ apt is at work")
    assert answers_of(asked[0][0]).build.stack is True


PART = Part(
    Titled("distro-packages", "distro packages"),
    Planned(
        "distro-packages",
        PlannedState.PENDING,
        "1 of 9 to install",
        commands=("apt-get install -y libsasl2-dev",),
        diffs=("--- a\n+++ b\n+add = ['libsasl2-dev']",),
    ),
)


def test_a_cure_shows_its_commands_and_diffs_and_is_done_only_then(tmp_path: Path) -> None:
    folder = recorded("failed", tmp_path)
    with starting() as asked, patch("wizard.tui.errands.offered", lambda *_: (PART,)):
        press(folder, "d", then="$ apt-get install -y libsasl2-dev")
        press(folder, "d", then="+add = ['libsasl2-dev']")
        press(folder, "d", "escape", then="What to do")
        assert asked == []
        press(folder, "d", "enter", then="✗ apt is at work")
    options = asked[0][0]
    assert options[options.index("--cure") + 1] == f"{folder.name}:header-missing"


def test_what_cannot_be_asked_is_said_and_nothing_is_offered(tmp_path: Path) -> None:
    problem = (Problem("the answers file is gone", cure="Start again"),)
    with starting() as asked, patch("wizard.tui.errands.offered", lambda *_: problem):
        press(recorded("failed", tmp_path), "d", "enter", then="What to do")
        press(recorded("failed", tmp_path / "2"), "d", then="✗ the answers file is gone")
    assert asked == []


def finding(name: str, **more: Any) -> Finding:
    return Finding(name, f"What {name} is", confidence="certain", role="cause", **more)


def test_each_finding_has_a_card_and_n_goes_to_the_next(tmp_path: Path) -> None:
    steps = (Titled("pypi-packages", "PyPI packages"),)
    folder = ended(
        tmp_path,
        replace(STARTED, steps=steps),
        finding("disk-full", step="download", manual="Only you know what can go."),
        finding("header", step="pypi-packages", automatic=("rebuild-venv", "retry")),
        StepFinished("pypi-packages", StepState.FAILED, 1.0, "it failed"),
        status=ExitStatus.STEP_FAILED,
    )

    async def scenario(pilot: Pilot[Any]) -> None:
        await to_result(pilot)
        await shows(pilot, "What header is")
        assert "finding 1 of 2" in grid(pilot.app)
        assert str(pilot.app.screen.query(Button).first().label) == "Do it for me (d)"
        await pilot.press("n")
        await shows(pilot, "What disk-full is")
        await shows(pilot, "Why by hand      Only you know what can go.")
        await until(pilot, lambda: "Do it for me" not in grid(pilot.app))
        await pilot.press("n")
        await shows(pilot, "What header is")

    drive(attached(folder), scenario)


CHECKS = (Titled("sudo-path", "sudo path"),)


def with_a_failing_check(home: Path) -> Path:
    return ended(
        home,
        replace(STARTED, checks=CHECKS),
        CheckFinished("sudo-path", Code.FAILURE, "not found", "Add a drop-in"),
        status=ExitStatus.CHECK_FAILED,
    )


def test_a_failing_check_is_mended_after_a_preview(tmp_path: Path) -> None:
    folder = with_a_failing_check(tmp_path)
    with starting() as asked, patch("wizard.tui.errands.mending", lambda *_: (PART,)):
        press(folder, "d", then="$ apt-get install -y libsasl2-dev")
        press(folder, "d", "enter", then="✗ apt is at work")
    assert asked[0][3] == ("--check", "--fix")


class Answering:
    """What another look finds: every check passes now."""

    obstacles: tuple[Problem, ...] = ()

    def ask(self) -> tuple[CheckFinished, ...]:
        return (CheckFinished("sudo-path", Code.SUCCESS, "nova-rootwrap found"),)


def test_checking_again_asks_and_changes_the_verdict(tmp_path: Path) -> None:
    with patch("wizard.tui.second_look.look", lambda *_: Answering()):
        app = press(with_a_failing_check(tmp_path), "c", then="no check fails any more")
    assert app.return_value is None


@pytest.mark.parametrize("obstacle", [None, Problem("apt is at work", cure="Wait for it")])
def test_checking_again_after_a_failed_step_says_what_is_in_the_way(
    tmp_path: Path, obstacle: Problem | None
) -> None:
    answer = Answering()
    answer.obstacles = (obstacle,) if obstacle else ()
    awaited = "✗ apt is at work" if obstacle else "nothing is in the way of going on"
    with patch("wizard.tui.second_look.look", lambda *_: answer):
        press(recorded("failed", tmp_path), "c", then=awaited)


def test_the_support_bundle_is_written_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVSTACK_VENV_STATE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent.parent))
    folder = recorded("failed", tmp_path)
    press(folder, "p", then="written")
    with tarfile.open(tmp_path / f"devstack-venv-{folder.name}.tar.gz") as archive:
        assert any(name.endswith("build.log") for name in archive.getnames())
