"""Screen 5: the diff of local.conf with a reason for each line, and the passwords."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Button, Input

from tests.tui.driving import drive, grid, shows, until
from tests.tui.wizards import on_image
from wizard.model.settings.answers import FromFile, Generate
from wizard.tui.flow import screen as screen_of
from wizard.tui.outcome import Given
from wizard.tui.screens.dialogs import Entry
from wizard.tui.screens.local_conf import LocalConfScreen
from wizard.tui.screens.passwords import PasswordsScreen
from wizard.tui.widgets.choice import Choice
from wizard.tui.widgets.table import Table

FILE = "/opt/stack/local.conf"
OWN = "[[local|localrc]]\nADMIN_PASSWORD=hunter2secret\nHOST_IP=192.0.2.7\n"


async def at_the_diff(pilot: Pilot[Any]) -> LocalConfScreen:
    """Open the screen alone: the way to it is another test's business."""
    session = pilot.app.session  # type: ignore[attr-defined]
    found = session.look(session.first)
    made = screen_of(4, Given(session, session.first, found))
    await pilot.app.push_screen(made)
    await until(pilot, lambda: made.query(Table) and made.query_one(Table).rows)
    assert isinstance(made, LocalConfScreen)
    return made


def texts(screen: LocalConfScreen) -> list[str]:
    return [row.cells[1].text for row in screen.query_one(Table).rows]


def run(tmp_path: Path, scenario: Callable[..., Any], text: str | None = OWN) -> None:
    with on_image(tmp_path, files={} if text is None else {FILE: text}) as app:
        drive(app, scenario)


def test_the_diff_has_what_is_added_and_what_stays(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_diff(pilot)
        assert "  HOST_IP=192.0.2.7" in texts(screen)
        assert "+ USE_VENV=True" in texts(screen)
        assert "+ VENV_PATH=/opt/stack/global-venv" in texts(screen)

    run(tmp_path, scenario)


def test_passwords_are_masked_until_somebody_asks(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await at_the_diff(pilot)
        assert "hunter2secret" not in grid(pilot.app)
        await pilot.press("v")
        await shows(pilot, "ADMIN_PASSWORD=hunter2secret")
        await pilot.press("v")
        await until(pilot, lambda: "hunter2secret" not in grid(pilot.app))

    run(tmp_path, scenario)


def test_each_line_has_its_reason(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_diff(pilot)
        table = screen.query_one(Table)
        table.go_to(str(texts(screen).index("+ VENV_PATH=/opt/stack/global-venv")))
        await shows(pilot, "Where the virtual environment is.")
        table.go_to(str(texts(screen).index("  HOST_IP=192.0.2.7")))
        await shows(pilot, "Yours: it stays as it is.")

    run(tmp_path, scenario)


def test_a_typed_password_is_kept_in_a_file_of_its_own_and_never_in_the_answers(
    tmp_path: Path,
) -> None:
    written: list[Path] = []

    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_diff(pilot)
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, PasswordsScreen))
        dialog = pilot.app.screen
        dialog.query_one("#RABBIT_PASSWORD-how", Choice).focus()
        await pilot.press("right")
        await pilot.press(*"rabbits4ever")
        assert "rabbits4ever" not in grid(pilot.app)
        dialog.query_one("#take", Button).press()
        await until(pilot, lambda: pilot.app.screen is screen)
        said = screen.answers.local_conf["RABBIT_PASSWORD"]
        assert isinstance(said, FromFile)
        written.append(Path(said.path))
        assert "rabbits4ever" not in repr(screen.answers)
        assert screen.answers.local_conf["SERVICE_PASSWORD"] == Generate()

    run(tmp_path, scenario)
    assert written[0].read_text() == "rabbits4ever\n"
    assert stat.S_IMODE(written[0].stat().st_mode) == 0o600


def test_a_password_that_would_break_a_url_is_refused(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await at_the_diff(pilot)
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, PasswordsScreen))
        dialog = pilot.app.screen
        dialog.query_one("#RABBIT_PASSWORD-how", Choice).focus()
        await pilot.press("right")
        dialog.query_one("#RABBIT_PASSWORD", Input).value = "a/b@c"
        dialog.query_one("#take", Button).press()
        await shows(pilot, "it into URLs")
        assert pilot.app.screen is dialog

    run(tmp_path, scenario)


def test_a_variable_is_added_and_removed(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        screen = await at_the_diff(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Entry))
        pilot.app.screen.query_one(Input).value = "LOGDIR=/opt/stack/logs [new]"
        await pilot.press("enter")
        await until(pilot, lambda: "+ LOGDIR='/opt/stack/logs [new]'" in texts(screen))
        screen.query_one(Table).go_to(str(texts(screen).index("+ LOGDIR='/opt/stack/logs [new]'")))
        await pilot.press("d")
        await until(pilot, lambda: not any("LOGDIR" in text for text in texts(screen)))
        assert "LOGDIR" not in screen.answers.local_conf

    run(tmp_path, scenario)


def test_what_another_screen_decides_is_not_set_here(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await at_the_diff(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, Entry))
        pilot.app.screen.query_one(Input).value = "VENV_PATH=/srv/x"
        await pilot.press("enter")
        await shows(pilot, "VENV_PATH is not set here")

    run(tmp_path, scenario)


def test_a_file_that_can_not_be_written_is_said_with_its_line(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        session = pilot.app.session  # type: ignore[attr-defined]
        made = screen_of(4, Given(session, session.first, session.look(session.first)))
        await pilot.app.push_screen(made)
        await shows(pilot, "damaged")

    run(tmp_path, scenario, OWN + "# BEGIN devstack-venv (my own words)\n")


def test_what_devstack_will_read_is_said_before_anything_is_written(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await at_the_diff(pilot)
        await shows(pilot, "DevStack will read  USE_VENV=True  VENV_PATH=/opt/stack/global-venv  ✓")

    run(tmp_path, scenario, "[[local|localrc]]\nHOST_IP=192.0.2.7\n")


def test_what_only_running_would_tell_is_not_promised(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[Any]) -> None:
        await at_the_diff(pilot)
        await shows(pilot, "(as the block has it; the build reads it back")

    run(tmp_path, scenario, "[[local|localrc]]\nsource ./more.sh\n")
