"""Screen 8: how a build went, and the ways on."""

import json
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Button

from tests.tui.driving import Live, attached, drive, grid, recorded, shows, until
from wizard.model.check import Code
from wizard.model.events import (
    CheckFinished,
    RunFinished,
    RunStarted,
    StepFinished,
    StepState,
    Titled,
)
from wizard.model.exit_status import ExitStatus
from wizard.tui.after import ChangeAnswers, Leave
from wizard.tui.frame import Frame
from wizard.tui.screens.build import BuildScreen
from wizard.tui.screens.result import ResultScreen
from wizard.tui.watching import watch

CALM = ["Show the log (l)", "Undo (u)", "Support bundle (p)"]


class Watching(Frame):
    """The wizard's way through a run, and what came of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.after: object = None

    def on_mount(self) -> None:
        self.run_worker(self.follow())

    async def follow(self) -> None:
        self.after = await watch(self, self.folder)


def buttons(app: App[Any]) -> list[str]:
    return [str(button.label) for button in app.screen.query(Button)]


async def to_result(pilot: Pilot[Any]) -> None:
    await shows(pilot, "Result")
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, ResultScreen))
    await until(pilot, lambda: "Leave" in grid(pilot.app))


def test_a_good_build_says_what_is_where_and_how_to_go_on(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await to_result(pilot)
        text = grid(pilot.app)
        assert "✓ Built in" in text
        assert ". /opt/stack/global-venv/bin/activate" in text
        assert "/srv/devstack-venv/local.conf" in text
        run = json.loads((folder / "run.json").read_text())["run"]
        assert f"devstack-venv --undo {run}" in text
        assert "devstack-venv --auto --answers" in text
        assert buttons(pilot.app) == ["Leave", *CALM]

    folder = recorded("good", tmp_path)
    drive(attached(folder), scenario)


def test_a_failed_build_says_what_happened_why_and_what_to_press(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await to_result(pilot)
        text = grid(pilot.app)
        assert "✗ PyPI packages stopped after" in text
        assert "What happened    The C header sasl/sasl.h is missing" in text
        assert "Why              A PyPI package without a ready-made wheel" in text
        assert "▌ 540: Modules/LDAPObject.c:16:10: fatal error: sasl/sasl.h" in text
        assert "What to do       Install libsasl2-dev" in text
        assert buttons(pilot.app)[:2] == [
            "Add libsasl2-dev and go on (d)",
            "Go on from PyPI packages (b)",
        ]
        assert pilot.app.focused is pilot.app.screen.query(Button).first()

    drive(attached(recorded("failed", tmp_path)), scenario)


def test_a_build_that_was_broken_off_says_how_far_it_came(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await to_result(pilot)
        text = grid(pilot.app)
        assert "broken off" in text
        assert "4 of 10 steps" in text or "3 of 10 steps" in text
        assert "Unpacking libc6-dev" in text

    drive(attached(recorded("interrupted", tmp_path)), scenario)


def test_a_failing_check_is_shown_with_its_evidence_and_cure(tmp_path: Path) -> None:
    live = Live(tmp_path / "runs" / "20260101-000000-aaaa")
    checks = (Titled("sudo-path", "sudo path"),)
    live.say(RunStarted("r", "build", "1", "Debian", "", "/v", "stack", "/r", (), checks))
    evidence = ("sudo -n printenv PATH: /usr/bin [/nope]",)
    live.say(CheckFinished("sudo-path", Code.FAILURE, "not found", "Add a drop-in", evidence))
    live.say(RunFinished(ExitStatus.CHECK_FAILED, 3.0, "a check fails"))

    async def scenario(pilot: Pilot[Any]) -> None:
        await to_result(pilot)
        text = grid(pilot.app)
        assert "! Built in 3.0 s, but 1 check fails" in text
        assert "✗ sudo path" in text
        assert "sudo -n printenv PATH: /usr/bin [/nope]" in text
        assert "Add a drop-in" in text

    drive(attached(live.folder), scenario)


@pytest.mark.parametrize("key", ["a", "escape"])
def test_each_way_on_is_a_value_for_the_flow(tmp_path: Path, key: str) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await to_result(pilot)
        await pilot.press(key)
        await until(pilot, lambda: app.after == after[key])

    folder = recorded("failed", tmp_path)
    after = {"a": ChangeAnswers(folder), "escape": Leave(ExitStatus.STEP_FAILED)}
    app = Watching(folder)
    drive(app, scenario)


def test_show_the_log_leads_back_to_all_of_it_and_from_there_to_the_result(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await to_result(pilot)
        await pilot.press("l")
        await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))
        await to_result(pilot)

    drive(attached(recorded("failed", tmp_path)), scenario)


def test_leaving_ends_with_the_status_of_the_run(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await to_result(pilot)
        await pilot.press("escape")
        await pilot.pause()

    app = drive(attached(recorded("failed", tmp_path)), scenario)
    assert app.return_value == ExitStatus.STEP_FAILED


def test_undo_shows_what_it_would_do_and_does_nothing_until_told(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await to_result(pilot)
        await pilot.press("u")
        await shows(pilot, "remove /etc/sudoers.d/zzz-devstack-venv")
        assert "distro packages stay" in grid(pilot.app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ResultScreen))

    folder = recorded("good", tmp_path)
    before = (folder / "journal.jsonl").read_bytes()
    drive(attached(folder), scenario)
    assert (folder / "journal.jsonl").read_bytes() == before


@pytest.mark.parametrize("name", ["good", "failed", "interrupted"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 15)])
def test_every_button_is_in_sight(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await to_result(pilot)
        for button in pilot.app.screen.query(Button):
            assert pilot.app.screen.region.contains_region(button.region)
            assert str(button.label) in grid(pilot.app)

    drive(attached(recorded(name, tmp_path)), scenario, size)


def test_after_stack_sh_it_says_how_to_use_devstack_and_not_to_run_it_again(
    tmp_path: Path,
) -> None:
    live = Live(tmp_path / "runs" / "20260101-000000-aaaa")
    steps = (Titled("venv", "virtual environment"), Titled("stack-install", "stack.sh install"))
    devstack = "/opt/stack/devstack (2026.1)"
    live.say(RunStarted("r", "build", "1", "Debian", devstack, "/v", "stack", "/r", steps, ()))
    live.say(StepFinished("stack-install", StepState.DONE, 3.0, "", ""))
    live.say(RunFinished(ExitStatus.DONE, 3.0, "done"))

    async def scenario(pilot: Pilot[Any]) -> None:
        await to_result(pilot)
        text = grid(pilot.app)
        assert "✓ Built, and stack.sh run, in 3.0 s" in text
        assert ". /opt/stack/devstack/openrc admin admin" in text
        assert "./unstack.sh" in text
        assert "./stack.sh" not in text

    drive(attached(live.folder), scenario)
