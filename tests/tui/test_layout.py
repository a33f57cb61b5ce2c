"""The six screens at three sizes, compared as text; NEW_GRIDS=1 writes what is compared with."""

import os
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.driving import drive, grid, until
from tests.tui.wizards import on_image
from wizard.tui.flow import SCREENS
from wizard.tui.screens.pypi_packages import PyPIPackagesScreen
from wizard.tui.step import Step

GRIDS = Path(__file__).parent / "grids"
SIZES = ((80, 24), (100, 30), (120, 40))
# what every screen shows when it has heard all it asked for
READY = ("fine", "What follows", "unknown", "out of reach", "USE_VENV=True", "to do")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_moves_or_is_cut_off(tmp_path: Path, size: tuple[int, int]) -> None:
    shown: dict[str, str] = {}

    async def scenario(pilot: Pilot[object]) -> None:
        for number, (name, _) in enumerate(SCREENS):
            await until(pilot, lambda at=number: _is_at(pilot, at))  # type: ignore[misc]
            await until(pilot, lambda at=number: _is_ready(pilot, READY[at]))  # type: ignore[misc]
            await pilot.pause(0.3)
            shown[name] = grid(pilot.app)
            if number < len(SCREENS) - 1:
                await pilot.press("ctrl+n")

    with on_image(tmp_path) as app:
        drive(app, scenario, size)
    for name, text in shown.items():
        _compare(GRIDS / f"{name}-{size[0]}x{size[1]}.txt", text)


def _is_at(pilot: Pilot[object], number: int) -> bool:
    screen = pilot.app.screen
    return isinstance(screen, Step) and number == screen.NUMBER and screen.is_current


def _is_ready(pilot: Pilot[object], text: str) -> bool:
    screen = pilot.app.screen
    if isinstance(screen, PyPIPackagesScreen):
        return screen._candidates is not None and "f1 Help" in grid(pilot.app)
    shown = grid(pilot.app)
    return text in shown and "f1 Help" in shown and "..." not in shown


def _compare(file: Path, text: str) -> None:
    if os.environ.get("NEW_GRIDS"):
        file.write_text(text + "\n")
    assert text + "\n" == file.read_text(), f"{file.name} looks different: NEW_GRIDS=1 accepts it"


@pytest.mark.parametrize("size", [(59, 24), (80, 14), (20, 6), (1, 1)])
def test_a_terminal_that_is_too_small_is_told_so(tmp_path: Path, size: tuple[int, int]) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await until(pilot, lambda: isinstance(pilot.app.screen, Step))
        await pilot.pause(0.2)
        if size[0] > 40:
            assert f"This terminal has {size[0]}x{size[1]} characters." in grid(pilot.app)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "Next: Venv" in grid(pilot.app))

    with on_image(tmp_path) as app:
        drive(app, scenario, size)
