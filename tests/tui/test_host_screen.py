"""Screen 1: what was found, what has to be so, and which DevStack."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from unittest.mock import patch

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from tests.tui.driving import drive, grid, shows, until
from tests.tui.wizards import on_image, open_folder, this_host, wizard
from wizard.engine.planning.survey import Survey
from wizard.model.problem import Problem
from wizard.model.settings.answers import HostAnswers, Like
from wizard.steps.hosts_entry import HostsEntry
from wizard.tui.screens.devstack import DevstackScreen
from wizard.tui.screens.host import HostScreen
from wizard.tui.screens.like import LikeScreen
from wizard.tui.screens.venv import VenvScreen
from wizard.tui.widgets.table import Table
from wizard.tui.words import to_type


def test_it_names_the_host_its_evidence_and_who_works(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "Debian GNU/Linux 12 (bookworm), apt-get")
        await shows(pilot, "from /etc/os-release")
        await shows(pilot, "root; the work happens as stack")

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_what_stops_the_build_stands_first_with_its_cure(tmp_path: Path) -> None:
    files = {"/opt/stack/global-venv/notes.txt": "mine"}

    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "1 stop")
        assert pilot.app.screen.query_one(Table).rows[0].cells[0].text == "✗ stop"
        await shows(pilot, "Cure: Move them away")

    with on_image(tmp_path, files=files) as app:
        drive(app, scenario)


def test_looking_again_sees_what_was_mended_meanwhile(tmp_path: Path) -> None:
    files = {"/opt/stack/global-venv/notes.txt": "mine"}

    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "1 stop")
        shutil.rmtree(tmp_path / "image/opt/stack/global-venv")
        await pilot.press("f5")
        await until(pilot, lambda: "stop" not in grid(pilot.app) and "..." not in grid(pilot.app))

    with on_image(tmp_path, files=files) as app:
        drive(app, scenario)


def test_a_host_that_is_not_understood_can_not_be_left_forward(tmp_path: Path) -> None:
    files = {"/etc/os-release": "ID=plan9\nPRETTY_NAME='Plan 9'\n"}

    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "Plan 9 is not a distribution")
        await pilot.press("ctrl+n")
        await pilot.pause(0.2)
        assert isinstance(pilot.app.screen, HostScreen)

    with on_image(tmp_path, files=files) as app:
        drive(app, scenario)


def test_a_folder_that_is_no_checkout_is_said_and_can_be_given_up(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "not a DevStack checkout")
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, DevstackScreen))
        await pilot.press("right", "right")
        await pilot.click("#take")
        await shows(pilot, "none found")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(pilot.app.screen, VenvScreen))

    with on_image(tmp_path, "--devstack", "/home/me") as app:
        drive(app, scenario)


def test_without_a_network_the_clone_says_so_and_still_offers_a_branch(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "none found")
        await pilot.press("f2")
        await shows(pilot, "git is not installed yet")
        await shows(pilot, "master")

    with on_image(tmp_path) as app:
        drive(app, scenario)


def repository(folder: Path) -> Path:
    """A repository with the files that make a checkout, and the branches that DevStack has."""
    path = folder / "devstack.git"
    work = folder / "work"
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(work)]
    work.mkdir()
    for name in ("stack.sh", "functions", "stackrc"):
        (work / name).write_text("# empty\n")
    for command in (
        [*git, "init", "-q", "-b", "master"],
        [*git, "add", "."],
        [*git, "commit", "-q", "-m", "begin"],
        *([*git, "branch", name] for name in ("stable/2026.1", "stable/2025.2", "stable/yoga")),
        ["git", "clone", "-q", "--bare", str(work), str(path)],
    ):
        subprocess.run(command, check=True, capture_output=True)
    return path


@pytest.fixture
def worker() -> str:
    """Whom the work is for: not root, who clones nothing."""
    return "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name


def test_long_words_of_git_push_no_button_out_of_the_dialog(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "none found")
        await pilot.press("f2")
        await shows(pilot, "only master is offered")
        screen = pilot.app.screen
        assert isinstance(screen, DevstackScreen)
        screen._say(Problem("git said " * 30))
        await shows(pilot, "✗ git said")
        assert "Clone it now" in grid(pilot.app)
        assert "Cancel" in grid(pilot.app)

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_a_release_is_chosen_from_the_list_and_cloned(
    monkeypatch: pytest.MonkeyPatch, worker: str
) -> None:
    with open_folder() as folder:
        source = repository(folder)
        goal = folder / "goal"
        goal.mkdir(mode=0o777)
        goal.chmod(0o777)
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", worker, str(source)], check=True)
        monkeypatch.setattr(DevstackScreen, "URL", f"file://{source}")
        answers = folder / "answers.toml"
        answers.write_text(f'[devstack]\nuser = "{worker}"\ndirectory = ""\n')

        async def scenario(pilot: Pilot[object]) -> None:
            await shows(pilot, "none found")
            await pilot.press("f2")
            await shows(pilot, "master is under development")
            listed = grid(pilot.app)
            assert listed.index("stable/2026.1") < listed.index("stable/2025.2")
            assert listed.index("stable/2025.2") < listed.index("stable/yoga")
            pilot.app.screen.query_one(Input).value = str(goal / "devstack")
            pilot.app.screen.query_one("#releases").focus()
            await pilot.press("down", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, HostScreen), within=60)
            await shows(pilot, str(goal / "devstack"))

        app = wizard(this_host(folder), "--answers", str(answers))
        drive(app, scenario)
        head = (goal / "devstack/.git/HEAD").read_text()
        assert head == "ref: refs/heads/stable/2026.1\n"


def test_a_clone_that_fails_says_what_git_said(
    monkeypatch: pytest.MonkeyPatch, worker: str
) -> None:
    with open_folder() as folder:
        monkeypatch.setattr(DevstackScreen, "URL", f"file://{folder}/nothing.git")
        answers = folder / "answers.toml"
        answers.write_text(f'[devstack]\nuser = "{worker}"\ndirectory = ""\n')

        async def scenario(pilot: Pilot[object]) -> None:
            await shows(pilot, "none found")
            await pilot.press("f2")
            await shows(pilot, "nothing.git")
            pilot.app.screen.query_one(Input).value = str(folder / "clone")
            pilot.app.screen.query_one("#take", Button).press()
            await shows(pilot, "DevStack could not be")

        drive(wizard(this_host(folder), "--answers", str(answers)), scenario)
        assert not (folder / "clone").exists()


def test_help_says_what_the_screen_is_about(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "fine")
        await pilot.press("f1")
        await shows(pilot, "What it changes on the machine")
        await pilot.press("end")
        beside = " " * 15
        await shows(pilot, f"{beside}before")  # what does not fit goes on beside the keys
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, HostScreen))

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_this_very_host_is_understood(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await until(pilot, lambda: isinstance(getattr(pilot.app.screen, "found", None), Survey))

    drive(wizard(this_host(tmp_path)), scenario)


def test_a_distribution_nobody_knows_can_be_said_to_be_like_another(tmp_path: Path) -> None:
    files = {"/etc/os-release": 'ID=plan9\nPRETTY_NAME="Plan 9"\n'}

    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "Say what it is like (F3)")
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(pilot.app.screen, LikeScreen))
        await shows(pilot, "bookworm")
        await pilot.click("#take")
        await shows(pilot, "(your word)")
        screen = pilot.app.screen
        assert isinstance(screen, HostScreen)
        assert screen.answers.host == HostAnswers(Like.DEBIAN, "bookworm")

    with on_image(tmp_path, files=files) as app:
        drive(app, scenario)


def test_a_cure_that_is_a_step_is_shown_first_and_done_when_told(tmp_path: Path) -> None:
    done: list[str] = []

    class Run:
        def run(self, home: Path, on_lines: object) -> Problem | None:
            done.append("done")
            return Problem("the disk is full", cure="Make room")

        def stop(self) -> None:
            """Nothing to stop."""

    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "Show and do it (d)")
        await pilot.press("d")
        await shows(pilot, "+127.0.0.1 devstack")
        assert not done
        await pilot.press("escape")
        await pilot.press("d")
        await shows(pilot, "+127.0.0.1 devstack")
        await pilot.press("enter")
        await shows(pilot, "✗ the disk is full")
        assert done == ["done"]

    with (
        on_image(tmp_path, files={"/etc/hosts": "127.0.0.1 localhost\n"}) as app,
        patch("wizard.engine.host_curing.cure", lambda *_: (HostsEntry("devstack"),)),
        patch("wizard.engine.host_curing.run", lambda *_: Run()),
    ):
        drive(app, scenario)


def test_enter_goes_on_as_the_button_says(tmp_path: Path) -> None:
    async def scenario(pilot: Pilot[object]) -> None:
        await until(pilot, lambda: pilot.app.screen.query_one(Table).rows)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, VenvScreen))

    with on_image(tmp_path) as app:
        drive(app, scenario)


def test_enter_on_a_check_that_stops_the_build_shows_its_cure(tmp_path: Path) -> None:
    files = {"/opt/stack/global-venv/notes.txt": "mine"}

    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "Show and do it (d)")
        await pilot.press("enter")
        await shows(pilot, "+127.0.0.1 devstack")

    with (
        on_image(tmp_path, files={**files, "/etc/hosts": "127.0.0.1 localhost\n"}) as app,
        patch("wizard.engine.host_curing.cure", lambda *_: (HostsEntry("devstack"),)),
    ):
        drive(app, scenario)


@pytest.mark.parametrize(
    ("cure", "shown"),
    [
        ("As root: chown stack /opt/stack", "As root:\n    chown stack /opt/stack"),
        ("Make room; what is large: du -xh /var", "Make room; what is large:\n    du -xh /var"),
        ("Nothing to do, it ends by itself.", "Nothing to do, it ends by itself."),
    ],
)
def test_a_command_to_type_stands_on_a_line_of_its_own(cure: str, shown: str) -> None:
    assert to_type(cure) == shown
