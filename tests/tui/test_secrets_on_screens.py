"""Canary passwords in all that the screens read: no picture of a screen holds one."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.worker import WorkerFailed

from tests.tui.driving import RUNS, drive, shows, until
from tests.tui.wizards import on_image
from wizard import cli
from wizard.engine.runs import run_folder
from wizard.engine.runs.follow import sign
from wizard.model.events import Output, StepFinished, from_json
from wizard.model.exit_status import ExitStatus
from wizard.model.secret import Mask, Secret
from wizard.model.settings.answers import FromFile
from wizard.tui.attach import AttachApp
from wizard.tui.conf_preview import Preview
from wizard.tui.frame import original
from wizard.tui.screens.local_conf import LocalConfScreen
from wizard.tui.widgets.table import Table

CANARY = "canary7"
LOCAL_CONF = f"""[[local|localrc]]
HOST_IP=192.0.2.7
ADMIN_PASSWORD="first line
{CANARY}-in-the-second"
DATABASE_PASSWORD='it'\\''s {CANARY}-behind-a-quote'
RABBIT_PASSWORD=a\\ {CANARY}-behind-a-blank
SERVICE_PASSWORD+={CANARY}-appended
DB_PASS=${{DB_PASS:-{CANARY}-by-default}}
GIT_BASE=https://user:{CANARY}-in-an-address@example.org
[[post-config|$NOVA_CONF]]
[neutron]
password = {CANARY}-of-oslo and more {CANARY}
metadata_proxy_shared_secret = {CANARY}-shared
"""
FILE = "/opt/stack/password"
FILES = {"/opt/stack/local.conf": LOCAL_CONF, FILE: f"{CANARY}-from-a-file\n"}
SIZES = ((80, 24), (160, 60))


def picture(app: App[Any]) -> str:
    """Return everything that a picture of the screen holds, blanks as blanks."""
    return app.export_screenshot().replace("&#160;", " ")


@pytest.mark.parametrize("size", SIZES)
def test_no_screen_of_the_wizard_shows_one(tmp_path: Path, size: tuple[int, int]) -> None:
    seen: list[str] = []

    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "fine")
        for _ in range(6):
            for key in ("end", "home", "pagedown", "f1", "escape"):
                await pilot.press(key)
                await pilot.pause(0.05)
                seen.append(picture(pilot.app))
            await pilot.press("ctrl+n")
            await pilot.pause(1.0)

    with on_image(tmp_path, files=FILES) as app:
        (tmp_path / "image" / FILE.lstrip("/")).chmod(0o600)
        said = {"ADMIN_PASSWORD": FromFile(FILE), "MY_TOKEN": FromFile(FILE)}
        app.session.first = replace(app.session.first, local_conf=said)
        drive(app, scenario, size)

    assert any("********-" not in shot and "********" in shot for shot in seen)
    assert [shot for shot in seen if CANARY in shot] == []


def test_no_line_of_the_preview_holds_one_until_somebody_asks(tmp_path: Path) -> None:
    texts: list[str] = []

    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "fine")
        for _ in range(4):
            await pilot.press("ctrl+n")
            await pilot.pause(0.5)
        await until(pilot, lambda: isinstance(pilot.app.screen, LocalConfScreen))
        screen = pilot.app.screen
        await until(pilot, lambda: screen.query(Table) and screen.query_one(Table).rows)
        texts.extend(row.cells[1].text for row in screen.query_one(Table).rows)

    with on_image(tmp_path, files=FILES) as app:
        drive(app, scenario)

    assert any("[neutron]" in text for text in texts)
    assert [text for text in texts if CANARY in text] == []


def test_a_crash_that_quotes_local_conf_tells_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object) -> NoReturn:
        raise ValueError(LOCAL_CONF)

    monkeypatch.setattr(Preview, "__init__", crash)

    async def scenario(pilot: Pilot[Any]) -> None:
        await shows(pilot, "fine")
        for _ in range(5):
            await pilot.press("ctrl+n")
            await pilot.pause(1.0)

    with on_image(tmp_path, files=FILES) as app, pytest.raises(WorkerFailed) as raised:
        drive(app, scenario)
    assert cli._confess(original(raised.value)) == ExitStatus.BUG
    said = capsys.readouterr()
    kept = Path(said.err.rpartition(" in ")[2].strip())
    trace = kept.read_text()
    kept.unlink()

    assert "ValueError" in said.err
    assert "Traceback" in trace
    assert "192.0.2.7" in trace
    assert CANARY not in said.out + said.err + trace


@pytest.mark.parametrize("name", ["failed", "good", "interrupted"])
def test_no_screen_of_a_run_shows_one(name: str, tmp_path: Path) -> None:
    folder = spoken(name, tmp_path)
    seen: list[str] = []

    async def scenario(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: len(pilot.app.screen_stack) > 1)
        for key in ("n", "enter", "end", "home", "u", "escape", "b", "escape", "l", "end", "f1"):
            await pilot.press(key)
            await pilot.pause(0.3)
            seen.append(picture(pilot.app))

    drive(AttachApp(folder), scenario, (160, 60))

    assert any("********" in shot for shot in seen)
    assert [shot for shot in seen if CANARY in shot] == []


def spoken(name: str, home: Path) -> Path:
    """Return a run whose every line and sentence holds a secret, as the engine would keep it."""
    recorded = RUNS / name
    request = json.loads((recorded / "run.json").read_bytes())
    folder = run_folder.create(home, request, Mask([Secret(f"{CANARY}-known 7")]))
    for line in (recorded / "events.jsonl").read_text().splitlines():
        event = from_json(json.loads(line)).event
        match event:
            case Output(step, _, lines):
                folder.log(step, [f"{line} {CANARY}-known 7" for line in lines])
            case StepFinished(details=details):
                folder.emit(replace(event, details=f"{details} --password='{CANARY} x'"))
            case _:
                folder.emit(event)
    folder.close()
    sign(folder.path)
    return folder.path
