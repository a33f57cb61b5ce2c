"""What --cure names: findings of a kept run, and what they ask for."""

import json
import os
from pathlib import Path

import pytest

from wizard.arguments import Arguments, Mode
from wizard.engine.planning.survey import Caller
from wizard.engine.prescription import Prescription, prescribed
from wizard.model.diagnosis.finding import Finding
from wizard.model.diagnosis.rule import Automatic
from wizard.model.events import Stamped, to_json
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

HEADER = Finding(
    "header-missing", "The C header lber.h is missing",
    automatic=("add-distro-package", "retry"), package="libldap-dev", role="cause",
)  # fmt: skip
SASL = Finding(
    "header-missing", "The C header sasl/sasl.h is missing",
    automatic=("add-distro-package", "retry"), package="libsasl2-dev", role="cause",
)  # fmt: skip
FULL = Finding("disk-full", "The disk is full", manual="What may be deleted is for a person to say")


@pytest.fixture
def who(tmp_path: Path) -> Caller:
    environ = {"DEVSTACK_VENV_STATE": str(tmp_path)}
    return Caller(environ, str(tmp_path), os.geteuid(), "me", str(tmp_path))


def run(who: Caller, name: str, *findings: Finding) -> None:
    """Keep a run that found these."""
    folder = Path(who.folder, "runs", name)
    folder.mkdir(parents=True)
    lines = [json.dumps(to_json(Stamped(n, 0.0, found))) for n, found in enumerate(findings, 1)]
    (folder / "events.jsonl").write_text("\n".join(lines) + '\n{"torn')
    (folder / "answers.toml").write_text("schema = 1\n")


def asked(who: Caller, cure: str) -> Prescription | Problem:
    return prescribed(Arguments(mode=Mode.AUTO, cure=cure), who)


def test_all_findings_of_the_name_are_cured_at_once_with_the_answers_of_their_run(
    who: Caller,
) -> None:
    run(who, "20260101-000000-aaaa", HEADER, SASL, FULL)
    found = asked(who, "20260101-000000-aaaa:header-missing")
    assert isinstance(found, Prescription)
    assert found.packages == ("libldap-dev", "libsasl2-dev")
    assert found.wanted == {Automatic.ADD_PACKAGE, Automatic.RETRY}
    assert found.answers.endswith("20260101-000000-aaaa/answers.toml")


def test_without_a_run_the_last_one_is_meant(who: Caller) -> None:
    run(who, "20260101-000000-aaaa", HEADER)
    run(who, "20260102-000000-bbbb", SASL)
    found = asked(who, "header-missing")
    assert isinstance(found, Prescription)
    assert found.packages == ("libsasl2-dev",)


def test_what_needs_no_run_is_cured_without_one(who: Caller) -> None:
    found = asked(who, "dpkg-interrupted")
    assert isinstance(found, Prescription)
    assert Automatic.CONFIGURE_DPKG in found.wanted


@pytest.mark.parametrize(
    ("cure", "says"),
    [
        ("20260101-000000-aaaa:disk-full", "What may be deleted is for a person to say"),
        ("disk-full", "for a person"),
        ("20260101-000000-aaaa:dpkg-interrupted", "has no finding"),
        ("header-mising", "Did you mean header-missing?"),
        ("library-missing", "nobody knows which package"),
        ("20260909-000000-ffff:header-missing", "there is no run"),
    ],
)
def test_what_cannot_be_cured_says_why(who: Caller, cure: str, says: str) -> None:
    run(who, "20260101-000000-aaaa", FULL)
    found = asked(who, cure)
    assert isinstance(found, Problem)
    assert found.status is ExitStatus.USAGE
    assert says in str(found)


def test_setuptools_is_kept_at_a_version(who: Caller) -> None:
    found = asked(who, "pip-setuptools-82")
    assert isinstance(found, Prescription)
    assert found.pins == ("setuptools<81",)
