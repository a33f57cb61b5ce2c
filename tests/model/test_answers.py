"""What can be answered."""

import pytest
from hypothesis import given

from tests.model.answers_strategy import ANSWERS
from wizard.model.distribution import Family
from wizard.model.settings.answers import (
    Answers,
    FromFile,
    Generate,
    Like,
    PackageAnswers,
    VenvAnswers,
    flat,
    from_flat,
)


def test_nothing_said_is_nothing_flat() -> None:
    assert flat(Answers()) == {}


def test_flat_answers_go_by_their_dotted_keys() -> None:
    answers = Answers(
        venv=VenvAnswers(use=False, path="/opt/v"),
        distro=PackageAnswers(add=("gcc",)),
        local_conf={"ADMIN_PASSWORD": Generate(), "HOST_IP": ""},
    )
    assert flat(answers) == {
        "venv.use": False,
        "venv.path": "/opt/v",
        "packages.distro.add": ("gcc",),
        "local_conf.ADMIN_PASSWORD": Generate(),
        "local_conf.HOST_IP": "",
    }


@given(ANSWERS)
def test_flat_answers_are_the_same_answers(answers: Answers) -> None:
    assert from_flat(flat(answers)) == answers


def test_where_an_answer_stands_does_not_change_what_it_says() -> None:
    said = {"local_conf.A_PASSWORD": FromFile("/run/a")}
    assert from_flat(said, {"local_conf.A_PASSWORD": "a.toml:2:1"}) == from_flat(said)


@pytest.mark.parametrize(
    ("like", "family"),
    [(Like.DEBIAN, Family.DEB), (Like.RHEL, Family.RPM), (Like.SUSE, Family.SUSE)],
)
def test_a_likeness_names_a_family(like: Like, family: Family) -> None:
    assert like.family is family
