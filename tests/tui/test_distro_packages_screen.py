"""Screen 3: the distro packages, each with the PyPI packages that need it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.driving import drive, grid, shows, until
from tests.tui.wizards import on_image, this_host, wizard
from wizard.model.settings.answers import PackageAnswers
from wizard.tui.screens.dialogs import Entry
from wizard.tui.screens.distro_packages import DistroPackagesScreen
from wizard.tui.widgets.table import Table


async def at_the_list(pilot: Pilot[Any]) -> DistroPackagesScreen:
    await shows(pilot, "fine")
    await pilot.press("ctrl+n")
    await shows(pilot, "What follows")
    await pilot.press("ctrl+n")
    await shows(pilot, "to install")
    screen = pilot.app.screen
    assert isinstance(screen, DistroPackagesScreen)
    return screen


def row(screen: DistroPackagesScreen, key: str) -> list[str]:
    found = next(row for row in screen.query_one(Table).rows if row.key == key)
    return [cell.text for cell in found.cells]


def test_each_row_says_who_needs_it_and_both_versions(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_list(pilot)
        await until(pilot, lambda: "unknown" in grid(pilot.app))
        mark, *rest = row(screen, "libpq-dev")
        assert mark.startswith("✓")
        assert rest == ["libpq-dev", "psycopg2", "15.8-0+deb12u1", "15.8-0+deb12u1"]
        assert row(screen, "libldap-dev")[3:] == ["-", "2.5.13+dfsg-5"]

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_typing_a_part_of_a_name_filters_and_escape_shows_all_again(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_list(pilot)
        number = len(screen.query_one(Table).rows)
        await pilot.press("slash", *"ldap")
        assert [one.key for one in screen.query_one(Table).rows] == ["libldap-dev"]
        await pilot.press("escape")
        assert len(screen.query_one(Table).rows) == number
        assert pilot.app.focused is screen.query_one(Table)

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_turning_one_off_names_who_suffers_and_can_be_taken_back(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_list(pilot)
        screen.query_one(Table).go_to("libldap-dev")
        await pilot.press("space")
        await shows(pilot, "libldap-dev off: python-ldap may not build or run")
        assert screen.answers.distro == PackageAnswers(remove=("libldap-dev",))
        await pilot.press("u")
        assert screen.answers.distro == PackageAnswers()

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_only_changes_and_the_list_as_shipped_are_one_key_each(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_list(pilot)
        screen.query_one(Table).go_to("libsasl2-dev")
        await pilot.press("d", "c")
        assert [one.key for one in screen.query_one(Table).rows] == ["libsasl2-dev"]
        await pilot.press("r")
        await shows(pilot, "nothing was changed")
        assert screen.answers.distro == PackageAnswers()

    with on_image(tmp_path) as app:
        drive(app, scenario)


@pytest.mark.parametrize("name", ["sudo-", "--purge", "g++/sid", "Bad Name"])
def test_only_names_are_let_through(tmp_path: Path, name: str) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await at_the_list(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Entry))
        pilot.app.screen.query_one(Input).value = name
        await pilot.press("enter")
        await shows(pilot, "is not a package name")
        assert isinstance(pilot.app.screen, Entry)

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_a_name_that_apt_knows_is_added(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_list(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Entry))
        await pilot.press(*"git", "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        await shows(pilot, "git is used")
        assert screen.answers.distro == PackageAnswers(add=("git",))

    with on_image(tmp_path) as app:
        drive(app, scenario)


@pytest.mark.skipif(shutil.which("apt-cache") is None, reason="needs a real apt")
def test_a_real_apt_suggests_what_was_meant(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_list(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Entry))
        await pilot.press(*"coreutlis", "enter")
        await shows(pilot, "apt-get knows no package coreutlis")
        await shows(pilot, "Take coreutils")
        await pilot.click("#offer-0")
        await pilot.press("enter")
        await until(pilot, lambda: screen.answers.distro.add == ("coreutils",))

    drive(wizard(this_host(tmp_path)), scenario)


def test_what_apt_does_not_know_can_be_used_all_the_same(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_list(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Entry))
        await pilot.press(*"of-tomorrow", "enter")
        await shows(pilot, "knows no package of-tomorrow")
        await pilot.click("#insist")
        await until(pilot, lambda: screen.answers.distro.add == ("of-tomorrow",))
        await shows(pilot, "knows no such package: the build stops there")

    with on_image(tmp_path) as app:
        drive(app, scenario)
