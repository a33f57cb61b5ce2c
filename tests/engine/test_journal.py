import json
import os
import stat
import threading
from pathlib import Path

import pytest

from wizard.engine.files.staging import digest
from wizard.engine.journal.journal import BACKUPS, NAME, Journal, open_journal, read, read_backup
from wizard.engine.journal.records import (
    DirectoryMade,
    FileRemoved,
    FileReplaced,
    Line,
    Noted,
    Phase,
    Record,
    Renamed,
    TreeMade,
    TreeRemoved,
    decode,
)
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Identity
from wizard.model.problem import Problem

RECORDS: tuple[Record, ...] = (
    FileReplaced("/opt/local.conf", "a" * 64, "b" * 64, "local.conf.aa", 0o640, 1000, 1000),
    FileReplaced("/etc/sudoers.d/x", None, "b" * 64, "", 0o440, 0, 0, Identity.ROOT),
    FileRemoved("/opt/a b\n\udcff", "a" * 64, "a", 0o600, 0, 0),
    DirectoryMade("/opt/stack/x", ("/opt/stack", "/opt/stack/x"), Identity.ROOT),
    Renamed("/opt/venv", "/opt/.venv.before"),
    TreeMade("/opt/venv", "/opt/venv/complete.json"),
    TreeRemoved("/opt/.venv.before"),
    Noted("packages", {"installed": ["libpq-dev=15.3"], "ünïcode": None}),
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return opened(tmp_path)


def opened(folder: Path) -> Journal:
    journal = open_journal(folder)
    assert isinstance(journal, Journal)
    return journal


def will(journal: Journal, record: Record = RECORDS[0]) -> int:
    seq = journal.will(record)
    assert isinstance(seq, int)
    return seq


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_as_it_went_in(record: Record) -> None:
    line = Line(7, 1234.5, Phase.WILL, 7, record)
    assert decode(line.encode().rstrip(b"\n")) == line


def test_each_line_is_json_by_itself(journal: Journal, tmp_path: Path) -> None:
    for record in RECORDS:
        journal.did(will(journal, record))
    lines = (tmp_path / NAME).read_bytes().splitlines()
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, 2 * len(RECORDS) + 1))


def test_any_flipped_bit_in_a_line_is_noticed() -> None:
    line = bytearray(Line(1, 0.0, Phase.WILL, 1, RECORDS[0]).encode().rstrip(b"\n"))
    for index in range(len(line)):
        line[index] ^= 1
        with pytest.raises(ValueError, match="checksum"):
            decode(bytes(line))
        line[index] ^= 1


def test_tells_how_far_each_act_came(journal: Journal, tmp_path: Path) -> None:
    announced, done, refused, undone = (will(journal) for _ in range(4))
    journal.did(done)
    journal.did_not(refused)
    journal.did(undone)
    journal.undone(undone)
    entries = read(tmp_path)
    assert not isinstance(entries, Problem)
    assert [(entry.seq, entry.phase) for entry in entries] == [
        (announced, Phase.WILL),
        (done, Phase.DID),
        (refused, Phase.DID_NOT),
        (undone, Phase.UNDONE),
    ]
    assert entries == journal.entries


def test_a_run_without_a_journal_did_nothing(tmp_path: Path) -> None:
    assert read(tmp_path) == ()


def test_only_we_can_read_it(journal: Journal, tmp_path: Path) -> None:
    will(journal)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / BACKUPS).stat().st_mode) == 0o700


def test_an_announcement_is_on_the_disk_before_it_returns(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    synced: list[bytes] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        synced.append((tmp_path / NAME).read_bytes())

    monkeypatch.setattr(os, "fsync", fsync)
    will(journal)
    assert synced == [(tmp_path / NAME).read_bytes()]


def test_goes_on_where_an_earlier_process_ended(journal: Journal, tmp_path: Path) -> None:
    first = will(journal)
    journal.close()
    again = opened(tmp_path)
    again.did(first)
    second = will(again)
    assert second > first
    assert [entry.phase for entry in opened(tmp_path).entries] == [Phase.DID, Phase.WILL]


def test_a_torn_last_line_is_dropped_wherever_it_is_torn(journal: Journal, tmp_path: Path) -> None:
    will(journal)
    whole = (tmp_path / NAME).read_bytes()
    will(journal, RECORDS[4])
    both = (tmp_path / NAME).read_bytes()
    for end in range(len(whole), len(both)):
        (tmp_path / NAME).write_bytes(both[:end])
        entries = read(tmp_path)
        assert not isinstance(entries, Problem)
        assert [entry.record for entry in entries] == [RECORDS[0]]


def test_writing_on_after_a_torn_line_leaves_no_damage(journal: Journal, tmp_path: Path) -> None:
    will(journal)
    with (tmp_path / NAME).open("ab") as file:
        file.write(b'{"v":1,"seq":2,"ti')
    will(opened(tmp_path), RECORDS[4])
    entries = read(tmp_path)
    assert not isinstance(entries, Problem)
    assert [entry.record for entry in entries] == [RECORDS[0], RECORDS[4]]


def test_a_block_of_zeros_at_the_end_is_dropped(journal: Journal, tmp_path: Path) -> None:
    will(journal)
    with (tmp_path / NAME).open("ab") as file:
        file.write(b"\0" * 300)
    assert len(opened(tmp_path).entries) == 1


def test_damage_in_the_middle_is_a_problem_that_names_the_line(
    journal: Journal, tmp_path: Path
) -> None:
    for _ in range(3):
        will(journal)
    lines = (tmp_path / NAME).read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b"local.conf", b"elsewhere!", 1)
    (tmp_path / NAME).write_bytes(b"".join(lines))
    for outcome in (read(tmp_path), open_journal(tmp_path)):
        assert isinstance(outcome, Problem)
        assert outcome.where == f"{tmp_path / NAME}:2"
        assert outcome.status is ExitStatus.NEEDS_PERSON


def test_a_full_disk_is_a_problem_and_leaves_no_half_line(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    will(journal)
    before = (tmp_path / NAME).read_bytes()
    real = os.write

    def full(descriptor: int, content: bytes) -> int:
        if len(content) < 20:
            raise OSError(28, "No space left on device")
        return real(descriptor, bytes(content)[:-10])

    monkeypatch.setattr(os, "write", full)
    outcome = journal.will(RECORDS[4])
    assert isinstance(outcome, Problem)
    assert "is full" in outcome.what
    assert (tmp_path / NAME).read_bytes() == before


def test_threads_do_not_mix_their_lines(journal: Journal, tmp_path: Path) -> None:
    def work() -> None:
        for _ in range(20):
            journal.did(will(journal))
            journal.backup("/x/local.conf", b"the same")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = read(tmp_path)
    assert not isinstance(entries, Problem)
    assert len(entries) == 80
    assert {entry.phase for entry in entries} == {Phase.DID}


class TestBackup:
    def test_holds_the_bytes_for_us_alone(self, journal: Journal, tmp_path: Path) -> None:
        name = journal.backup("/opt/stack/devstack/local.conf", b"ADMIN_PASSWORD=x\n")
        assert isinstance(name, str)
        assert name.startswith("local.conf.")
        path = tmp_path / BACKUPS / name
        assert path.read_bytes() == b"ADMIN_PASSWORD=x\n"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert read_backup(tmp_path, name, digest(path.read_bytes())) == path.read_bytes()

    def test_is_refused_when_it_is_not_what_was_kept(
        self, journal: Journal, tmp_path: Path
    ) -> None:
        name = journal.backup("/opt/local.conf", b"one")
        assert isinstance(name, str)
        (tmp_path / BACKUPS / name).write_bytes(b"two")
        outcome = read_backup(tmp_path, name, digest(b"one"))
        assert isinstance(outcome, Problem)
        assert outcome.status is ExitStatus.NEEDS_PERSON

    def test_replaces_one_that_a_crash_left_torn(self, journal: Journal, tmp_path: Path) -> None:
        name = journal.backup("/opt/local.conf", b"one")
        assert isinstance(name, str)
        (tmp_path / BACKUPS / name).write_bytes(b"o")
        assert journal.backup("/opt/local.conf", b"one") == name
        assert (tmp_path / BACKUPS / name).read_bytes() == b"one"


def test_a_disk_that_takes_nothing_more_is_a_problem(journal: Journal) -> None:
    content = (journal.folder / NAME).read_bytes()
    os.dup2(os.open(journal.folder / NAME, os.O_RDONLY), journal._descriptor)

    assert isinstance(journal.note("x"), Problem)
    assert (journal.folder / NAME).read_bytes() == content
    assert journal.entries == ()
