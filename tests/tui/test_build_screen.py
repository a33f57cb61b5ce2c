"""Screen 7: a build while it runs."""

import re
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from textual.pilot import Pilot
from textual.widgets import Button

from tests.tui.driving import Live, attached, drive, grid, recorded, shows, until
from wizard.model.check import Code
from wizard.model.events import (
    WAITING,
    CheckFinished,
    Finding,
    Output,
    Progress,
    RunFinished,
    StepFinished,
    StepState,
)
from wizard.tui.screens.build import BuildScreen
from wizard.tui.screens.dialogs import Question
from wizard.tui.screens.result import ResultScreen

HOSTILE = (
    "[bold]not bold[/bold] [/nope] [link=x] [@click=app.quit]click[/] foo[0] [/var/log]",
    "\x1b[2J\x1b]0;title\x07\x1b[31mred\x1b[0m \x9b5m \x00\x08 end",
    "'quotes\" and \\[ and {braces} and $error",
    "x" * 5000,
)


@pytest.fixture
def live(tmp_path: Path) -> Live:
    """A build in the middle of its distro packages."""
    folder = tmp_path / "runs" / "99991231-235959-ffff"
    return Live.replaying("good", folder, until_step="distro-packages")


def screen(pilot: Pilot[Any]) -> BuildScreen:
    for found in pilot.app.screen_stack:
        if isinstance(found, BuildScreen):
            return found
    raise AssertionError("the build screen is not there")


def test_every_step_and_check_is_there_with_state_and_time(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "✓ Built /opt/stack/global-venv")
        text = grid(pilot.app)
        assert "Steps   10 of 10" in text
        assert "✓ distro packages      8 installed" in text
        assert re.search(r"distro packages .* \d\d s ", text)
        assert "Checks   5 passed   8 later" in text
        assert "sudo path              passed" in text

    drive(attached(recorded("good", tmp_path)), scenario)


def test_the_step_that_runs_is_marked_and_says_how_far_it_is(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "▸ distro packages")
        assert re.search(r"\d+ % \w+", grid(pilot.app))
        assert "Building /opt/stack/global-venv" in grid(pilot.app)
        assert "elapsed" in grid(pilot.app)

    drive(attached(live.folder), scenario)


def test_times_of_earlier_runs_are_what_is_expected(live: Live) -> None:
    recorded("good", live.folder.parents[1])

    async def scenario(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: re.search(r"PyPI packages .* ~ \d\d s", grid(pilot.app)))
        assert "left" in grid(pilot.app)

    drive(attached(live.folder), scenario)


def test_a_wait_for_the_package_lock_says_who_holds_it_and_promises_no_end(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "99991231-235959-ffff"
    recorded("good", tmp_path)
    live = Live.replaying("good", folder, until_step="distro-packages")

    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "s left")
        live.say(Progress("distro-packages", 0, 0, f"{WAITING}unattended-upgr (process 4321)"))
        holder = "waiting for unattended-upgr (process 4321): it holds the package lock"
        await shows(pilot, holder)
        assert " left" not in grid(pilot.app)
        live.say(Progress("distro-packages", 0, 0, "unattended-upgr (process 4321) is done"))
        await until(pilot, lambda: holder not in grid(pilot.app))

    drive(attached(live.folder), scenario)


def test_a_check_turns_over_as_soon_as_its_verdict_is_there(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "sudo path             waiting")
        live.say(CheckFinished("sudo-path", Code.FAILURE, "sudo does not find privsep-helper"))
        await shows(pilot, "sudo path              failed")
        assert "1 failed" in grid(pilot.app)

    drive(attached(live.folder), scenario)


def test_silence_is_named_and_a_long_one_is_called_unusual(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "last output now")
        screen(pilot).course.last_output -= 12
        await until(pilot, lambda: re.search(r"last output 1\d s ago", grid(pilot.app)))
        assert "unusual" not in grid(pilot.app)
        screen(pilot).course.last_output -= 60
        await shows(pilot, "unusually long")

    drive(attached(live.folder), scenario)


def test_the_log_follows_its_end(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Log · following")
        live.log(*(f"further line {n}" for n in range(500)))
        await shows(pilot, "further line 499")

    drive(attached(live.folder), scenario)


def test_space_holds_the_log_still_and_end_follows_again(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Log · following")
        await pilot.press("space")
        await shows(pilot, "Log · paused")
        live.log(*(f"further line {n}" for n in range(500)))
        await until(pilot, lambda: len(screen(pilot).log_pane.view.file) > 500)
        assert "further line" not in grid(pilot.app)
        await pilot.press("end")
        await shows(pilot, "further line 499")
        await shows(pilot, "Log · following")

    drive(attached(live.folder), scenario)


@pytest.mark.parametrize("key", ["up", "pageup", "home"])
def test_whoever_scrolls_up_is_not_thrown_back_to_the_end(live: Live, key: str) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Log · following")
        await pilot.press(key)
        await shows(pilot, "Log · paused")
        seen = screen(pilot).log_pane.view.scroll_offset.y
        live.log(*(f"further line {n}" for n in range(500)))
        await until(pilot, lambda: len(screen(pilot).log_pane.view.file) > 500)
        assert screen(pilot).log_pane.view.scroll_offset.y == seen

    drive(attached(live.folder), scenario)


def test_search_finds_the_last_one_first_and_goes_on(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await pilot.press("ctrl+f", *"psycopg", "enter")
        await shows(pilot, "“psycopg”")
        await until(pilot, lambda: screen(pilot).log_pane.view.search.at is not None)
        first = screen(pilot).log_pane.view.search.at
        assert "psycopg" in grid(pilot.app)
        await pilot.press("enter")
        await until(pilot, lambda: screen(pilot).log_pane.view.search.at != first)
        await pilot.press("escape")
        await shows(pilot, "Log · paused ─")
        assert pilot.app.focused is screen(pilot).log_pane.view

    drive(attached(recorded("good", tmp_path)), scenario)


def test_what_is_not_there_is_said_to_be_not_found(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await pilot.press("slash", *"zebra", "enter")
        await shows(pilot, "“zebra” not found")

    drive(attached(recorded("good", tmp_path)), scenario)


def test_the_filter_shows_only_what_is_grave(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Failed")
        await pilot.press("f", "f")
        await shows(pilot, "· errors")
        assert "fatal error: sasl/sasl.h" in grid(pilot.app)
        assert "Unpacking" not in grid(pilot.app)
        await pilot.press("f")
        await until(pilot, lambda: "· errors" not in grid(pilot.app))

    drive(attached(recorded("failed", tmp_path)), scenario)


def test_n_goes_to_the_line_that_a_failure_is_about(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Failed")
        await pilot.press("home", "n")
        await shows(pilot, "▌         Modules/LDAPObject.c:16:10: fatal error")

    drive(attached(recorded("failed", tmp_path)), scenario)


def test_a_finding_is_shown_at_once_and_n_goes_to_its_line(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Log · following")
        live.say(Finding("header", "a header is missing", "apt-get install it", line=40))
        await shows(pilot, "▌ a header is missing")
        await shows(pilot, "1 finding")
        await pilot.press("n")
        await until(pilot, lambda: screen(pilot).log_pane.view.search.at == 39)

    drive(attached(live.folder), scenario)


def test_hostile_lines_are_text_and_nothing_else(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Log · following")
        live.log(*HOSTILE)
        live.say(Finding("x", HOSTILE[0], HOSTILE[1], line=3))
        live.say(StepFinished("distro-packages", StepState.FAILED, 1.0, HOSTILE[0], HOSTILE[2]))
        await shows(pilot, "[bold]not bold[/bold] [/nope]")
        await shows(pilot, "red   end")
        live.say(RunFinished(5, 2.0, HOSTILE[0]))
        await shows(pilot, "Failed")
        await pilot.press("enter")
        await shows(pilot, "What happened")
        assert "[bold]not bold[/bold]" in grid(pilot.app)
        assert "\x1b" not in grid(pilot.app)

    drive(attached(live.folder), scenario)


def test_detach_leaves_the_build_and_says_so(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Building")
        await pilot.press("ctrl+d")
        await pilot.pause()

    assert drive(attached(live.folder), scenario).left_running


@pytest.mark.parametrize("key", ["ctrl+c", "escape", "ctrl+q"])
def test_leaving_asks_while_it_runs_and_stay_stays(live: Live, key: str) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Building")
        await pilot.press(key)
        await until(pilot, lambda: isinstance(pilot.app.screen, Question))
        labels = [str(button.label) for button in pilot.app.screen.query(Button)]
        assert labels == ["Detach", "Stop it", "Stay"]
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))

    drive(attached(live.folder), scenario)


def test_an_engine_that_died_is_said_to_have_died(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Building")
        live.dies()
        await shows(pilot, "Broken off")
        await pilot.press("enter")
        await shows(pilot, "at distro packages")

    drive(attached(live.folder), scenario)


def test_the_end_of_a_build_that_was_watched_leads_to_its_result(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Building")
        await pilot.pause(0.3)
        live.say(RunFinished(0, 100.0, "Done."))
        await until(pilot, lambda: isinstance(pilot.app.screen, ResultScreen))
        await until(pilot, lambda: isinstance(pilot.app.focused, Button))

    drive(attached(live.folder), scenario)


def test_a_key_pressed_just_as_the_result_comes_goes_no_way_on(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Building")
        await pilot.pause(0.3)
        live.say(RunFinished(4, 100.0, "It failed."))
        await until(pilot, lambda: isinstance(pilot.app.screen, ResultScreen))
        result = pilot.app.screen
        await pilot.press("enter", "b", "escape")
        assert pilot.app.screen is result
        assert pilot.app.focused is None

    with patch("wizard.tui.screens.result.SETTLING", 600.0):
        drive(attached(live.folder), scenario)


def test_whoever_reads_is_not_taken_to_the_result(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Building")
        await pilot.press("up")
        live.say(RunFinished(0, 100.0, "Done."))
        await shows(pilot, "✓ Built")
        await pilot.pause(2.0)
        assert isinstance(pilot.app.screen, BuildScreen)

    drive(attached(live.folder), scenario)


def test_output_that_comes_by_events_counts_as_output(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "Building")
        screen(pilot).course.last_output -= 100
        live.say(Output("distro-packages", 400, ("Unpacking the rest",)))
        await shows(pilot, "Unpacking the rest")
        await shows(pilot, "last output now")

    drive(attached(live.folder), scenario)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 15)])
def test_log_and_lists_fit_any_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "✓ Built")
        rows = grid(pilot.app).split("\n")
        assert len(rows) == size[1]
        assert all(len(row) <= size[0] for row in rows)
        assert any("Log ·" in row for row in rows[:-3])
        assert "PyPI packages" in grid(pilot.app)

    drive(attached(recorded("good", tmp_path)), scenario, size)


def test_a_storm_of_resizes_does_no_harm(live: Live) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        for width, height in [(1, 1), (2, 3), (5, 20), (300, 100), (80, 1), (1, 24)] * 10:
            await pilot.resize_terminal(width, height)
            live.log("a line")
        await pilot.resize_terminal(80, 24)
        await shows(pilot, "Log · following")
        await shows(pilot, "a line")

    drive(attached(live.folder), scenario)
