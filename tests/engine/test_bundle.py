"""The bundle: complete, for its owner only, and free of secrets."""

import json
import tarfile
from pathlib import Path

import pytest

from wizard.engine import bundle
from wizard.model.known_secrets import known_secrets, spellings
from wizard.model.problem import Problem
from wizard.model.secret import Secret

PASSWORD = 'p"ass wörd/ä'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run that was careless with its secret, in every spelling there is."""
    run = tmp_path / "run"
    run.mkdir()
    said = "\n".join(sorted(spellings(Secret(PASSWORD))))
    (run / "build.log").write_text(f"$ mysql -p{PASSWORD}\n{said}\n")
    events = [
        {"event": "planned", "step": "a", "diffs": [PASSWORD]},
        {"event": "check_finished", "check": "b", "details": "well"},
    ]
    (run / "events.jsonl").write_text("".join(json.dumps(e) + "\n" for e in events) + '{"torn')
    (run / "run.json").write_text("{}")
    (run / "secret-notes").write_text(PASSWORD)
    return run


def content(archive: Path) -> dict[str, str]:
    with tarfile.open(archive) as tar:
        return {
            Path(member.name).name: file.read().decode()
            for member in tar
            if (file := tar.extractfile(member))
        }


def test_it_holds_log_events_plan_checks_and_versions_and_nothing_else(folder: Path) -> None:
    target = folder.parent / "b.tar.gz"
    assert bundle.pack(folder, target, [], "versions\n") is None
    found = content(target)
    assert set(found) == {
        *("build.log", "events.jsonl", "run.json"),
        *("plan.jsonl", "checks.jsonl", "versions.txt"),
    }
    assert '"planned"' in found["plan.jsonl"]
    assert '"check_finished"' in found["checks.jsonl"]


def test_no_spelling_of_a_secret_is_in_it(folder: Path) -> None:
    target = folder.parent / "b.tar.gz"
    assert bundle.pack(folder, target, [Secret(PASSWORD)], "") is None
    whole = "\n".join(content(target).values())
    assert not [text for text in spellings(Secret(PASSWORD)) if text in whole]
    assert "********" in whole


def test_it_is_for_its_owners_eyes_only(folder: Path) -> None:
    target = folder.parent / "b.tar.gz"
    bundle.pack(folder, target, [], "")
    assert target.stat().st_mode & 0o777 == 0o600


def test_it_never_replaces_something(folder: Path) -> None:
    target = folder.parent / "b.tar.gz"
    target.write_text("mine")
    assert isinstance(bundle.pack(folder, target, [], ""), Problem)
    assert target.read_text() == "mine"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["b.tar.gz", "run"]


def test_what_could_not_be_masked_is_not_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "Mask", lambda _: lambda text: text)
    target = folder.parent / "b.tar.gz"
    refused = bundle.pack(folder, target, [Secret(PASSWORD)], "")
    assert isinstance(refused, Problem)
    assert PASSWORD not in str(refused)
    assert [path.name for path in folder.parent.iterdir()] == ["run"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("ADMIN_PASSWORD=nova123\n", {"nova123"}),
        ('ADMIN_PASSWORD=\'a b\'\nexport RABBIT_PASSWORD="c\\"d"\n', {"a b", 'c\\"d', 'c"d'}),
        ("index-url = https://me:p%40ss@index.example.org/simple\n", {"p%40ss", "p@ss"}),
        ("transport_url=rabbit://stack:hush@10.0.0.1:5672/\n", {"hush"}),
        ("SERVICE_PASSWORD=$ADMIN_PASSWORD\nX_TOKEN=ab\n", set()),
    ],
)
def test_secrets_are_known_from_where_they_are_set(text: str, values: set[str]) -> None:
    assert {secret.reveal() for secret in known_secrets(text)} == values
