"""--attach and --undo of runs whose folders are damaged, as a crash or a full disk leaves them."""

import json
from pathlib import Path

import pytest

from wizard import cli
from wizard.engine.journal.journal import NAME
from wizard.engine.runs import run_folder
from wizard.engine.runs.run_folder import RunFolder
from wizard.model.events import RunFinished, RunStarted, StepFinished, StepState
from wizard.model.exit_status import ExitStatus
from wizard.model.secret import Mask
from wizard.model.settings.environment import called_again

STARTED = RunStarted("r", "build", "0", "Debian", "", "/opt/v", "stack", "/r", (), ())
REQUEST = {"venv": "/opt/v", "local_conf": "/c", "user": "stack", "package_manager": "apt-get"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.setenv("DEVSTACK_VENV_STATE", str(tmp_path))
    kept = run_folder.create(tmp_path, REQUEST, Mask())
    kept.emit(STARTED)
    return kept


def said(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, list[dict[str, object]]]:
    status = cli.main([*arguments, "--output", "json"])
    captured = capsys.readouterr()
    assert captured.err == ""
    return status, [json.loads(line) for line in captured.out.splitlines()]


def damage(folder: RunFolder, name: str, content: bytes) -> None:
    (folder.path / name).write_bytes(content)


def test_a_run_that_was_broken_off_is_replayed_and_ends_with_that(
    folder: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    status, events = said(capsys, "--attach", folder.name)
    assert status == ExitStatus.STEP_FAILED
    assert [event["event"] for event in events] == ["run_started", "finding", "run_finished"]
    assert [event["seq"] for event in events] == [1, 2, 3]


@pytest.mark.parametrize(
    "line", [b"{", b"3", b"\xff\x00", b"[]", b'{"v":1,"event":"output","seq":1}', b""]
)
def test_a_damaged_event_is_left_out(
    folder: RunFolder, capsys: pytest.CaptureFixture[str], line: bytes
) -> None:
    with (folder.path / "events.jsonl").open("ab") as file:
        file.write(line + b"\n")
    folder.emit(RunFinished(6, 1.0, "over"))
    status, events = said(capsys, "--attach")
    assert status == ExitStatus.CHECK_FAILED
    assert [event["event"] for event in events] == ["run_started", "run_finished"]


def test_a_run_without_events_cannot_be_followed(
    folder: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.path / "events.jsonl").unlink()
    status, events = said(capsys, "--attach")
    assert status == ExitStatus.NEEDS_PERSON
    assert "events.jsonl" in str(events[0]["what"])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff"])
def test_undo_of_a_run_that_forgot_what_it_was_asked_needs_a_person(
    folder: RunFolder, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    damage(folder, "run.json", content)
    status, events = said(capsys, "--undo", folder.name)
    assert status == ExitStatus.NEEDS_PERSON
    assert "run.json" in str(events[0]["what"])


@pytest.mark.parametrize("arguments", [("--undo",), ("--undo", "NAME")])
def test_undo_by_a_damaged_journal_needs_a_person(
    folder: RunFolder, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    damage(folder, NAME, b"no journal\nno journal either\n")
    named = [word.replace("NAME", folder.name) for word in arguments]
    status, events = said(capsys, *named)
    assert status == ExitStatus.NEEDS_PERSON
    assert f"{NAME}:1" in str(events[0]["what"])


def test_the_command_that_undoes_finds_the_run_again_where_it_was_kept(
    folder: RunFolder, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder.emit(StepFinished("venv", StepState.DONE, 1.0))
    folder.emit(RunFinished(0, 1.0, "Done."))
    cli.main(["--attach", folder.name])
    assert f"DEVSTACK_VENV_STATE={tmp_path} devstack-venv --undo r" in capsys.readouterr().out


def test_the_command_that_undoes_names_the_image() -> None:
    assert called_again({}, "/srv/my image") == "devstack-venv --root '/srv/my image'"
