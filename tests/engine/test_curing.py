"""A build that first does what mends a finding: its steps, in their order."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from wizard.arguments import Arguments, Mode
from wizard.engine.curing import Prepared, of_no_use, prepared
from wizard.engine.curing_offer import Offer, can_be_offered, offer
from wizard.engine.journal.journal import open_journal
from wizard.engine.planning.planning import Planned
from wizard.engine.planning.survey import Caller
from wizard.facts import apt
from wizard.model.diagnosis.finding import Finding
from wizard.model.events import PlannedState, Stamped, to_json
from wizard.model.problem import Problem
from wizard.model.recipe import Tools
from wizard.model.step import Pending, Satisfied, State

RUN = "20260101-000000-aaaa"
MISSING = Finding(
    "header-missing", "What", automatic=("add-distro-package", "retry"), package="libfoo-dev"
)
ACTIVATION = Finding("uwsgi-no-app", "What", automatic=("activation",))
REBUILD = Finding("segmentation-fault", "What", automatic=("rebuild-venv", "retry"))
LOCKED = Finding("apt-lock-held", "What", automatic=("wait-for-lock", "retry"))
FULL = Finding("disk-full", "What", manual="What may be deleted is for a person to say.")


@pytest.fixture
def given(tmp_path: Path) -> Arguments:
    """A checkout whose list asks for one PyPI package."""
    checkout = tmp_path / "devstack"
    (checkout / "files/debs").mkdir(parents=True)
    for name in ("stack.sh", "functions", "stackrc"):
        (checkout / name).touch()
    (checkout / "files/venv-requirements.txt").write_text("pbr\n")
    (checkout / "files/debs/venv").write_text("sudo # pbr\n")
    return Arguments(mode=Mode.AUTO, devstack=str(checkout), venv_path=str(tmp_path / "venv"))


@pytest.fixture
def who(tmp_path: Path) -> Caller:
    environ = {"DEVSTACK_VENV_STATE": str(tmp_path / "state")}
    return Caller(environ, str(tmp_path), os.getuid(), "me", str(tmp_path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run that found all of these."""
    kept = tmp_path / "state/runs" / RUN
    kept.mkdir(parents=True)
    found = (MISSING, ACTIVATION, REBUILD, FULL, LOCKED)
    lines = [json.dumps(to_json(Stamped(n, 0.0, one))) for n, one in enumerate(found, 1)]
    (kept / "events.jsonl").write_text("\n".join(lines))
    like = '[host]\nlike = "debian"\ndevstack_name = "bookworm"\n'
    (kept / "answers.toml").write_text(f"{like}[packages.distro]\nremove = ['libfoo-dev']\n")
    return kept


def planned(given: Arguments, who: Caller, finding: Finding) -> tuple[Prepared, Planned]:
    found = prepared(replace(given, cure=f"{RUN}:{finding.id}"), who)
    assert isinstance(found, Prepared), found
    plan = found.plan(Tools("uv", ""))
    assert isinstance(plan, Planned), plan
    return found, plan


@pytest.mark.usefixtures("folder")
def test_a_package_is_added_even_if_it_was_to_be_left_out(given: Arguments, who: Caller) -> None:
    found, plan = planned(given, who, MISSING)
    assert [setting.value for setting in found.survey.settings.distro_add] == ["libfoo-dev"]
    assert not found.survey.settings.distro_remove
    assert "libfoo-dev" in plan.packages.distro.names
    assert not plan.cures  # the build's own steps do it


@pytest.mark.usefixtures("folder")
def test_it_lasts_in_the_answers_file_of_the_user(
    given: Arguments, who: Caller, tmp_path: Path
) -> None:
    (tmp_path / "mine.toml").write_text('[host]\nlike = "debian"\ndevstack_name = "bookworm"\n')
    _, plan = planned(replace(given, answers="mine.toml"), who, MISSING)
    assert plan.cures == {"answers"}
    assert plan.plan.steps[0].id == "answers"


def test_it_lasts_in_the_file_that_the_run_which_failed_was_given(
    given: Arguments, who: Caller, folder: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("schema = 1\n")
    (folder / "run.json").write_text(json.dumps({"answers": str(mine)}))
    _, plan = planned(given, who, MISSING)
    assert plan.cures == {"answers"}
    mine.unlink()
    _, plan = planned(given, who, MISSING)
    assert not plan.cures


@pytest.mark.parametrize(
    ("now", "cures"),
    [
        (("libpq5",), {"configure-dpkg"}),
        (("libc-bin", "libpq5"), {"configure-dpkg"}),
        (("libpq5", "theirs"), frozenset()),
        ((), frozenset()),
    ],
)
def test_a_build_ends_what_the_last_one_left_half_done_and_nothing_else(  # noqa: PLR0917
    given: Arguments,
    who: Caller,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    now: tuple[str, ...],
    cures: set[str],
) -> None:
    (folder / "run.json").write_text('{"kind": "build"}')
    journal = open_journal(folder)
    assert not isinstance(journal, Problem)
    journal.note("packages", installed=[], half_done=["libc-bin", "libpq5"])
    journal.close()
    monkeypatch.setattr(apt, "half_done", lambda _: now)
    found = prepared(replace(given, answers=str(folder / "answers.toml")), who)
    assert isinstance(found, Prepared), found
    plan = found.plan(Tools("uv", ""))
    assert isinstance(plan, Planned), plan
    assert plan.cures == cures


def told_of_no_use(given: Arguments, who: Caller, finding: Finding, state: State) -> str:
    found, plan = planned(given, who, finding)
    states = {step.id: state for step in plan.plan.steps}
    return "".join(problem.what for problem in of_no_use(found, plan, states))


@pytest.mark.usefixtures("folder")
def test_a_cure_that_would_change_nothing_is_refused_in_one_sentence(
    given: Arguments, who: Caller
) -> None:
    done = Satisfied("all 7 installed")
    assert told_of_no_use(given, who, MISSING, done) == (
        "the cure of header-missing would change nothing on this host"
        " (distro packages: all 7 installed)"
    )
    assert not told_of_no_use(given, who, MISSING, Pending("1 of 7 to install"))


@pytest.mark.usefixtures("folder")
def test_a_cure_that_is_to_try_again_is_never_of_no_use(given: Arguments, who: Caller) -> None:
    assert not told_of_no_use(given, who, LOCKED, Satisfied("none is at work"))


@pytest.mark.usefixtures("folder")
def test_a_build_waits_for_what_mends(given: Arguments, who: Caller) -> None:
    _, plan = planned(given, who, REBUILD)
    first, *others = plan.plan.steps
    assert first.id == "rebuild-venv"
    assert all("rebuild-venv" in step.needs for step in others)


@pytest.mark.usefixtures("folder")
def test_activation_comes_when_all_is_built(given: Arguments, who: Caller) -> None:
    _, plan = planned(given, who, ACTIVATION)
    names = [step.id for step in plan.plan.steps]
    assert names.index("completion") < min(names.index(name) for name in plan.cures)
    assert len(set(names)) == len(names)


def test_an_offer_shows_each_step_and_how_to_start_it(
    given: Arguments, who: Caller, folder: Path
) -> None:
    found = offer(folder, MISSING, given, who)
    assert isinstance(found, Offer), found
    assert found.options == ("--cure", f"{RUN}:header-missing")
    (packages,) = found.parts
    assert packages.step.id == "distro-packages"
    assert packages.forecast.state is PlannedState.PENDING
    assert any("libfoo-dev" in command for command in packages.forecast.commands)


def test_what_is_for_a_person_is_not_offered(given: Arguments, who: Caller, folder: Path) -> None:
    assert not can_be_offered(FULL)
    refused = offer(folder, FULL, given, who)
    assert isinstance(refused, tuple)
    (problem,) = refused
    assert isinstance(problem, Problem)
    assert problem.what == FULL.manual
