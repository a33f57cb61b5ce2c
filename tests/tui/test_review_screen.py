"""Screen 6: every decision, what the build would do, and the button that starts it."""

import shlex
import stat
from pathlib import Path
from typing import Any
from unittest.mock import patch

from textual.pilot import Pilot
from textual.widgets import Button, Input

from tests.tui.driving import drive, grid, shows, until
from tests.tui.wizards import on_image
from wizard.model.problem import Problem
from wizard.model.settings.answers import Answers
from wizard.model.settings.answers_file import parse
from wizard.tui.outline import Outline
from wizard.tui.screens.dialogs import Entry
from wizard.tui.screens.review import ReviewScreen
from wizard.tui.screens.venv import VenvScreen
from wizard.tui.widgets.table import Table


async def at_the_review(pilot: Pilot[Any]) -> ReviewScreen:
    await shows(pilot, "fine")
    await pilot.press("ctrl+r")
    await until(pilot, lambda: isinstance(pilot.app.screen, ReviewScreen))
    screen = pilot.app.screen
    assert isinstance(screen, ReviewScreen)
    await until(pilot, lambda: screen._outline is not None)
    return screen


def row(screen: ReviewScreen, name: str) -> tuple[str, list[str]]:
    found = next(row for row in screen.query_one(Table).rows if row.cells[1].text == name)
    return found.key, [cell.text for cell in found.cells]


def test_each_decision_says_who_made_it(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_review(pilot)
        assert row(screen, "Venv")[1][2:] == ["/srv/one", "option"]
        assert row(screen, "Installer")[1][2:] == ["uv", "default"]

    with on_image(tmp_path, "--venv-path", "/srv/one") as app:
        drive(app, scenario)


def test_enter_goes_to_where_it_is_decided_and_that_leads_back(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_review(pilot)
        screen.query_one(Table).go_to(row(screen, "Venv")[0])
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, VenvScreen))
        await shows(pilot, "To the review")
        pilot.app.screen.query_one("#path", Input).value = "/srv/other"
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewScreen))
        again = pilot.app.screen
        assert isinstance(again, ReviewScreen)
        await until(pilot, lambda: again._outline is not None)
        assert row(again, "Venv")[1][2:] == ["/srv/other", "you"]

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_what_is_in_the_way_is_said_and_nothing_starts(tmp_path: Path) -> None:
    files = {"/opt/stack/global-venv/notes.txt": "mine"}

    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_review(pilot)
        with patch("wizard.engine.detached.start") as start:
            screen.query_one("#next", Button).press()
            await pilot.pause(0.2)
            assert not start.called
        await shows(pilot, "in the way")

    with on_image(tmp_path, files=files) as app:
        drive(app, scenario)


def test_where_nothing_is_to_do_the_button_says_so(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_review(pilot)
        assert str(screen.query_one("#next", Button).label) == "Write local.conf and build"
        with patch("wizard.tui.screens.review.outline", lambda *_: Outline((), ())):
            await pilot.press("f5")
            await shows(pilot, "Nothing to do: check")

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_the_key_that_goes_on_starts_nothing(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_review(pilot)
        with patch("wizard.engine.detached.start") as start:
            await pilot.press("ctrl+n", "ctrl+n", "ctrl+n")
            await pilot.pause(0.2)
            assert not start.called
        assert pilot.app.focused is screen.query_one("#next")

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_the_build_gets_the_answers_by_a_file_that_is_whole(tmp_path: Path) -> None:
    asked: list[tuple[str, ...]] = []

    def start(options: tuple[str, ...], *_: object) -> tuple[Problem, ...]:
        asked.append(options)
        return (Problem("another run holds the lock"),)

    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_review(pilot)
        with patch("wizard.engine.detached.start", start):
            screen.query_one("#next", Button).press()
            await shows(pilot, "another run holds the lock")

    with on_image(tmp_path, "--venv-path", "/srv/one") as app:
        drive(app, scenario)
    option, path = asked[0]
    assert option == "--answers"
    answers = parse(Path(path).read_text(), path)
    assert isinstance(answers, Answers)
    assert answers.venv.path == "/srv/one"
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600


def test_saved_answers_are_private_and_the_replay_command_is_said(tmp_path: Path) -> None:
    target = tmp_path / "my answers.toml"

    async def scenario(pilot: Pilot[object]) -> None:
        await at_the_review(pilot)
        await pilot.press("s")
        await until(pilot, lambda: isinstance(pilot.app.screen, Entry))
        pilot.app.screen.query_one(Input).value = str(target)
        await pilot.press("enter")
        await shows(pilot, "Saved. Replay: devstack-venv --auto --answers")
        assert 'path = "/srv/one"' in target.read_text()
        assert stat.S_IMODE(target.stat().st_mode) == 0o600

    with on_image(tmp_path, "--venv-path", "/srv/one") as app:
        drive(app, scenario)
        assert shlex.quote(str(target)) in app.session.replay(str(target))


def test_a_file_that_holds_no_answers_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "thesis.txt"
    target.write_text("Chapter 1\n")

    async def scenario(pilot: Pilot[object]) -> None:
        await at_the_review(pilot)
        await pilot.press("s")
        await until(pilot, lambda: isinstance(pilot.app.screen, Entry))
        pilot.app.screen.query_one(Input).value = str(target)
        await pilot.press("enter")
        await until(pilot, lambda: "✗" in grid(pilot.app))

    with on_image(tmp_path) as app:
        drive(app, scenario)
    assert target.read_text() == "Chapter 1\n"


CHECKOUT = {
    f"/opt/stack/devstack/{name}": "# DevStack\n" for name in ("stack.sh", "functions", "stackrc")
}


def test_stack_sh_runs_right_after_the_build_where_that_is_said_here(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_review(pilot)
        assert row(screen, "stack.sh")[1][2] == "not run: you start it yourself"
        screen.query_one(Table).go_to(row(screen, "stack.sh")[0])
        await pilot.press("enter")
        await until(
            pilot, lambda: row(screen, "stack.sh")[1][2:] == ["runs right after the build", "you"]
        )
        assert screen.answers.build.stack is True
        await shows(pilot, "Build, then run stack.sh")
        await pilot.press("t")
        await until(pilot, lambda: "not run" in row(screen, "stack.sh")[1][2])

    with on_image(tmp_path, "--devstack", "/opt/stack/devstack", files=CHECKOUT) as app:
        drive(app, scenario)


def test_who_started_it_with_stack_can_still_decide_otherwise_here(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_review(pilot)
        assert row(screen, "stack.sh")[1][2] == "runs right after the build"
        await pilot.press("t")
        await until(pilot, lambda: "not run" in row(screen, "stack.sh")[1][2])

    with on_image(tmp_path, "--devstack", "/opt/stack/devstack", "--stack", files=CHECKOUT) as app:
        drive(app, scenario)


def test_without_a_checkout_there_is_no_stack_sh_to_run(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_review(pilot)
        await pilot.press("t")
        assert screen.answers.build.stack is None
        assert "stack.sh" not in grid(pilot.app)

    with on_image(tmp_path) as app:
        drive(app, scenario)
