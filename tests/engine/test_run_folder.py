"""The run folder: events, log, secrets, permissions."""

import json
import os
import resource
from pathlib import Path

import pytest

from wizard.engine.runs import run_folder
from wizard.engine.runs.job_output import JobOutput
from wizard.engine.runs.run_folder import RunFolder
from wizard.model.events import (
    Output,
    RunFinished,
    Stamped,
    StepFinished,
    StepState,
    from_json,
)
from wizard.model.secret import Mask, Secret

CANARY = "hunter2hunter2"


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return run_folder.create(tmp_path, {"kind": "build"}, Mask([Secret(CANARY)]))


def events(folder: RunFolder) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder.path / "events.jsonl").read_text().splitlines()]


def test_only_its_owner_may_look_into_a_run_folder(folder: RunFolder) -> None:
    assert folder.path.stat().st_mode & 0o777 == 0o700
    for name in ("run.json", "events.jsonl", "build.log"):
        assert (folder.path / name).stat().st_mode & 0o777 == 0o600


def test_events_are_numbered_and_can_be_read_back(folder: RunFolder) -> None:
    folder.emit(StepFinished("venv", StepState.DONE, 1.5, "made"))
    folder.emit(RunFinished(0, 2.0, "done"))
    read = [from_json(record) for record in events(folder)]
    assert [stamped.seq for stamped in read] == [1, 2]
    assert read[0].event == StepFinished("venv", StepState.DONE, 1.5, "made")


def test_log_lines_have_the_numbers_that_their_events_say(folder: RunFolder) -> None:
    folder.log("a", ["one", "two"])
    folder.log("b", ["three"])
    assert folder.log_path.read_text() == "one\ntwo\nthree\n"
    outputs = [from_json(record).event for record in events(folder)]
    assert [o.line for o in outputs if isinstance(o, Output)] == [1, 3]


def test_no_secret_reaches_the_log_or_the_events(folder: RunFolder) -> None:
    folder.log("a", [f"+ mysql -p{CANARY}", "ADMIN_PASSWORD=other", "https://u:pw@host/x"])
    folder.emit(StepFinished("a", StepState.FAILED, 0.0, f'said "{CANARY}"', CANARY))
    written = (folder.path / "events.jsonl").read_text() + folder.log_path.read_text()
    assert CANARY not in written
    assert "other" not in written
    assert "u:pw" not in written
    assert len(events(folder)) == 2


def test_control_characters_of_a_job_do_not_reach_the_log(folder: RunFolder) -> None:
    folder.log("a", ["\x1b]52;c;ZXZpbA==\x07plain\x1b[2J", "10%\r50%\r100%", "bell\x07"])
    assert folder.log_path.read_text() == "plain\n100%\nbell\n"


def test_job_output_is_followed_line_by_line_and_removed_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "job"
    path.write_bytes(b"one\ntw")
    output = JobOutput(path)
    assert output.new_lines() == ["one"]
    with path.open("ab") as file:
        file.write("o\nh\u00e4lf".encode()[:-2])
    assert output.new_lines() == ["two"]
    with path.open("ab") as file:
        file.write(b"lf")
    assert output.finish() == ["h\u00e4lf"]
    assert not path.exists()


def test_a_full_disk_ends_no_run_and_tears_no_line(folder: RunFolder) -> None:
    """The steps themselves fail then, as nothing can be announced in the journal."""
    heard: list[Stamped] = []
    folder.listeners.append(heard.append)
    folder.emit(StepFinished("a", StepState.DONE, 0.0))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))
    try:
        folder.log("a", ["x" * 100] * 3)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    folder.emit(RunFinished(5, 0.0, "over"))
    assert [stamped.seq for stamped in heard] == [1, 2, 3]
    assert [event["seq"] for event in events(folder)] == [1, 3]


def test_a_state_folder_is_the_same_wherever_one_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home = run_folder.state_home({"DEVSTACK_VENV_STATE": "state"}, are_root=True)
    assert home == tmp_path / "state"


def test_half_a_run_folder_does_not_stay(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            run_folder.create(tmp_path, {"kind": "build"}, Mask())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert run_folder.run_folders(tmp_path) == ()


def test_a_disk_that_takes_nothing_more_stops_neither_events_nor_log(folder: RunFolder) -> None:
    folder.log("a", ["kept"])
    read_only = os.open(folder.log_path, os.O_RDONLY)  # neither written nor cut, as on such a disk
    os.dup2(read_only, folder._events)
    os.dup2(read_only, folder._log)
    heard: list[Stamped] = []
    folder.listeners.append(heard.append)

    folder.log("a", ["lost"])

    assert folder.log_path.read_text() == "kept\n"
    assert [stamped.event for stamped in heard] == [Output("a", 2, ("lost",))]


def test_an_output_that_cannot_be_removed_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "jobs" / "01.log"
    path.parent.mkdir()
    path.write_text("one\ntwo")
    output = JobOutput(path)
    path.parent.rename(tmp_path / "elsewhere")
    path.parent.touch()

    assert output.finish() == ["one", "two"]
