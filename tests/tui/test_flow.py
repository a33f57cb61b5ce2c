"""The way through the screens: forward, back, out of it and in again."""

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.driving import Live, drive, grid, recorded, shows, until
from tests.tui.wizards import on_image
from wizard.engine.runs import draft
from wizard.tui.flow import SCREENS
from wizard.tui.screens.build import BuildScreen
from wizard.tui.screens.dialogs import Question
from wizard.tui.screens.host import HostScreen
from wizard.tui.screens.review import ReviewScreen
from wizard.tui.screens.venv import VenvScreen
from wizard.tui.step import Step


def number(pilot: Pilot[Any]) -> int:
    screen = pilot.app.screen
    return screen.NUMBER if isinstance(screen, Step) and screen.is_current else -1


async def go(pilot: Pilot[Any], key: str, to: int) -> None:
    await until(pilot, lambda: number(pilot) >= 0)
    await until(pilot, lambda: pilot.app.screen.query("#content"))
    await pilot.press(key)
    await until(pilot, lambda: number(pilot) == to)


def test_forward_to_the_review_and_back_to_the_beginning(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "fine")
        for to in range(1, len(SCREENS)):
            await go(pilot, "ctrl+n", to)
        for to in reversed(range(len(SCREENS) - 1)):
            await go(pilot, "escape", to)

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_the_first_screen_has_nothing_before_it(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "fine")
        await pilot.press("escape")
        await pilot.pause(0.2)
        assert number(pilot) == 0
        assert "Back" not in grid(pilot.app)

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_leaving_keeps_the_answers_and_the_next_start_offers_them(tmp_path: Path) -> None:
    async def first(pilot: Pilot[object]) -> None:
        await shows(pilot, "fine")
        await go(pilot, "ctrl+n", 1)
        pilot.app.screen.query_one("#path", Input).value = "/srv/drafted"
        await pilot.press("ctrl+q")

    async def second(pilot: Pilot[object]) -> None:
        await shows(pilot, "Go on with them")
        await pilot.press("enter")
        await until(pilot, lambda: number(pilot) == 0)
        await shows(pilot, "fine")
        await go(pilot, "ctrl+n", 1)
        assert pilot.app.screen.query_one("#path", Input).value == "/srv/drafted"

    with on_image(tmp_path) as app:
        drive(app, first)
        kept = draft.load(app.session.home)
        assert kept is not None
        assert kept.answers.venv.path == "/srv/drafted"
    with on_image(tmp_path) as app:
        drive(app, second)


def test_a_draft_that_nobody_wants_is_gone(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "Start afresh")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: number(pilot) == 0)

    with on_image(tmp_path, "--venv-path", "/srv/drafted") as app:
        app.session.keep(app.session.first)
    with on_image(tmp_path) as app:
        drive(app, scenario)
        assert draft.load(app.session.home) is None


def test_leaving_asks_only_when_something_would_be_lost(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "fine")
        await go(pilot, "ctrl+n", 1)
        pilot.app.screen.query_one("#path", Input).value = "no path at all"
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(pilot.app.screen, Question))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, VenvScreen))

    with on_image(tmp_path) as app:
        drive(app, scenario)


@pytest.mark.parametrize(
    ("choice", "offered_again"), [("Start over", False), ("Build again", True)]
)
def test_a_build_that_broke_off_is_named_with_what_it_changed(
    tmp_path: Path, choice: str, *, offered_again: bool
) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "was broken off")
        await shows(pilot, "Undo would")
        question = pilot.app.screen
        assert isinstance(question, Question)
        question.end(choice)
        await until(pilot, lambda: isinstance(pilot.app.screen, HostScreen))

    async def afterwards(pilot: Pilot[object]) -> None:
        await until(pilot, lambda: isinstance(pilot.app.screen, HostScreen | Question))
        assert isinstance(pilot.app.screen, Question) is offered_again

    recorded("interrupted", tmp_path / "state")
    with on_image(tmp_path) as app:
        drive(app, scenario)
    with on_image(tmp_path) as app:
        drive(app, afterwards)


def test_a_build_that_goes_on_can_be_watched(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "A build is running")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))

    folder = tmp_path / "state/runs/20261122-101010-abcd"
    Live.replaying("good", folder, until_step="pypi-packages")
    (folder / "run.json").write_text('{"kind": "build"}')
    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_the_review_is_one_key_away_from_everywhere(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "fine")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewScreen))

    with on_image(tmp_path) as app:
        drive(app, scenario)
