"""Screen 4: requirements, asked of a real index by the real uv."""

import functools
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.driving import drive, grid, shows, until
from tests.tui.wizards import on_image, open_folder, this_host, wizard
from wizard.model.settings.answers import PackageAnswers
from wizard.tui.screens.dialogs import Entry
from wizard.tui.screens.pypi_packages import PyPIPackagesScreen
from wizard.tui.widgets.table import Table

HAS = {"lxml": ("6.0.0", "6.1.0"), "pymysql": ("1.1.0",), "python-ldap": ("3.4.4",)}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def an_index(folder: Path) -> Iterator[str]:
    """Serve a package index that has a few packages, and yield its address."""
    for name, versions in HAS.items():
        page = folder / "simple" / name
        page.mkdir(parents=True)
        files = [wheel(page, name.replace("-", "_"), version) for version in versions]
        page.joinpath("index.html").write_text("".join(f'<a href="{f}">{f}</a>\n' for f in files))
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple"
        server.shutdown()


METADATA = "Metadata-Version: 2.1\nName: {}\nVersion: {}\n"
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel(folder: Path, name: str, version: str) -> str:
    file = f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / file, "w") as archive:
        archive.writestr(f"{about}/METADATA", METADATA.format(name, version))
        archive.writestr(f"{about}/WHEEL", WHEEL)
        archive.writestr(f"{about}/RECORD", "")
    return file


async def at_the_list(pilot: Pilot[Any]) -> PyPIPackagesScreen:
    await shows(pilot, "fine")
    await pilot.press("ctrl+n")
    await shows(pilot, "What follows")
    await pilot.press("ctrl+n")
    await shows(pilot, "to install")
    await pilot.press("ctrl+n")
    await until(pilot, lambda: isinstance(pilot.app.screen, PyPIPackagesScreen))
    screen = pilot.app.screen
    assert isinstance(screen, PyPIPackagesScreen)
    await until(pilot, lambda: screen._candidates is not None, within=60)
    return screen


def cells(screen: PyPIPackagesScreen, key: str) -> list[str]:
    found = next(row for row in screen.query_one(Table).rows if row.key == key)
    return [cell.text for cell in found.cells]


@pytest.fixture
def place() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


def test_candidates_come_from_the_index_and_what_it_lacks_is_said(place: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_list(pilot)
        assert cells(screen, "lxml")[-1] == "6.1.0"
        assert cells(screen, "python-ldap")[-1] == "3.4.4"
        assert cells(screen, "xattr")[-1] == "none fits"

    with an_index(place) as url:
        drive(wizard(this_host(place, {"UV_DEFAULT_INDEX": url})), scenario)


def test_a_specifier_that_no_version_meets_is_refused_with_the_reason(place: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_list(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Entry))
        await pilot.press(*"lxml>=99", "enter")
        await until(pilot, lambda: "✗" in grid(pilot.app), within=60)
        assert isinstance(pilot.app.screen, Entry)
        await pilot.press("backspace", "backspace", "6", "enter")
        await until(pilot, lambda: pilot.app.screen is screen, within=60)
        assert screen.answers.pypi == PackageAnswers(("lxml>=6",), ("lxml",))

    with an_index(place) as url:
        drive(wizard(this_host(place, {"UV_DEFAULT_INDEX": url})), scenario)


def test_each_row_says_which_distro_packages_it_needs(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_list(pilot)
        assert "libldap-dev" in cells(screen, "python-ldap")[2]
        await shows(pilot, "index out of reach")

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_a_conflict_with_the_constraints_is_shown_inline_and_holds_one_here(tmp_path: Path) -> None:
    files = {"/home/me/limits.txt": "numpy===1.26.4\nlxml===6.0.0\n"}

    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_list(pilot)
        screen.change(screen.edit.having("numpy>=2", "numpy"))
        await shows(pilot, "✗ constraints: ===1")  # the column cuts it at 80
        await pilot.press("ctrl+n")
        await shows(pilot, "numpy>=2 cannot be had")
        assert pilot.app.screen is screen

    with on_image(tmp_path, "--constraints", "/home/me/limits.txt", files=files) as app:
        drive(app, scenario)


def test_brackets_of_extras_are_text(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_list(pilot)
        screen.change(screen.edit.having("oslo.db[mysql]>=12"))
        screen.query_one(Table).go_to("oslo-db")
        await shows(pilot, "oslo.db[mysql]>=12")

    with on_image(tmp_path) as app:
        drive(app, scenario)
