"""Screen 2: a form that says at once what is wrong with it and what follows from it."""

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.driving import drive, shows, until
from tests.tui.wizards import on_image
from wizard.model.settings.answers import Installer
from wizard.tui.app import Wizard
from wizard.tui.screens.distro_packages import DistroPackagesScreen
from wizard.tui.screens.host import HostScreen
from wizard.tui.screens.venv import VenvScreen


async def at_the_form(pilot: Pilot[Any]) -> VenvScreen:
    await shows(pilot, "fine")
    await pilot.press("ctrl+n")
    await until(pilot, lambda: isinstance(pilot.app.screen, VenvScreen))
    await shows(pilot, "What follows")
    screen = pilot.app.screen
    assert isinstance(screen, VenvScreen)
    return screen


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("opt/venv", "is not an absolute path"),
        ("/opt/my venv", "contains a space"),
        ("/etc/venv", "/etc is the system's own"),
        ("/opt/stack", "other things live there"),
    ],
)
def test_a_bad_folder_is_said_while_it_is_typed_and_holds_one_here(
    tmp_path: Path, path: str, reason: str
) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_form(pilot)
        screen.query_one("#path", Input).value = path
        await shows(pilot, reason)
        await pilot.press("ctrl+n")
        await pilot.pause(0.2)
        assert pilot.app.screen is screen

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_enter_goes_through_all_fields_and_changes_no_answer(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_form(pilot)
        before, seen = screen.answers, []
        for _ in range(4):
            assert screen.focused is not None
            seen.append(screen.focused.id)
            await pilot.press("enter")
        assert seen == ["path", "python", "site", "installer"]
        assert screen.answers == before

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_what_follows_changes_with_the_folder(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_form(pilot)
        await shows(pilot, "sudo looks for programs in /opt/stack/global-venv/bin")
        screen.query_one("#path", Input).value = "/srv/venvs/one"
        await shows(pilot, "sudo looks for programs in /srv/venvs/one/bin")

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_keys_alone_fill_the_form(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_form(pilot)
        await pilot.press("home", "ctrl+k", *"/srv/venv")
        await pilot.press("tab", "tab", "right", "tab", "space")
        said = screen.answers.venv
        assert (said.path, said.system_site_packages, said.installer) == (
            "/srv/venv",
            True,
            Installer.PIP,
        )

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_what_nobody_changed_stays_unsaid(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_form(pilot)
        assert screen.answers == screen.given.answers

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_without_a_venv_the_rest_of_the_form_is_idle(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_form(pilot)
        screen.query_one("#use").focus()
        await pilot.press("space")
        assert screen.query_one("#path").disabled
        await shows(pilot, "says USE_VENV=False")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(pilot.app.screen, DistroPackagesScreen))

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_escape_goes_back_and_the_answer_is_still_there(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_form(pilot)
        screen.query_one("#path", Input).value = "/srv/kept"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, HostScreen))
        again = await at_the_form(pilot)
        assert again.query_one("#path", Input).value == "/srv/kept"

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_an_option_prefills_the_form(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_form(pilot)
        assert screen.query_one("#path", Input).value == "/srv/from-the-option"

    with on_image(tmp_path, "--venv-path", "/srv/from-the-option") as app:
        drive(app, scenario)
        assert isinstance(app, Wizard)
