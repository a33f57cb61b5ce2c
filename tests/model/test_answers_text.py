"""Answers written as TOML."""

import tomllib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given

from tests.model.answers_strategy import ANSWERS
from wizard.model.settings.answers import (
    Answers,
    FromEnvironment,
    FromFile,
    Generate,
    Installer,
    PackageAnswers,
    VenvAnswers,
)
from wizard.model.settings.answers_file import parse
from wizard.model.settings.answers_text import save

PATH = "/home/u/answers.toml"


def saved(answers: Answers, old: str = "") -> str:
    text = save(answers, old, PATH)
    assert isinstance(text, str), text
    return text


@given(ANSWERS)
def test_what_is_saved_is_read_back_the_same(answers: Answers) -> None:
    assert parse(saved(answers), PATH) == answers


@given(ANSWERS, ANSWERS)
def test_one_file_turned_into_another_is_read_back_as_the_other(
    before: Answers, after: Answers
) -> None:
    assert parse(saved(after, saved(before)), PATH) == after


LAYOUTS = [
    'venv.use = true\nvenv.path = "/opt/x"\npackages.pypi.add = ["a"]\n',
    'venv = { use = true, path = "/opt/x" }\npackages = { pypi = { add = ["a"] } }\n',
    '[local_conf.A_PASSWORD]\ngenerate = true\n[venv]\nuse = true # yes\n[local_conf]\nB="x"\n',
    '[packages.pypi]\nadd = [\n  "a", # why\n  "b"\n]\n[venv]\n[packages.distro]\nadd = []\n',
    "# only a comment",
    '[build]\n[host]\nlike = "suse"',
    'venv.use = false\n[packages]\npypi.remove = ["x"]\ndistro = { add = ["gcc"] }\n',
    'packages.distro.add = ["gcc"]\nschema = 1\n',
    '[devstack]\r\ndirectory = "/d" # mine\r\n',
]


@pytest.mark.parametrize("old", LAYOUTS)
@given(answers=ANSWERS)
def test_any_layout_can_be_rewritten(old: str, answers: Answers) -> None:
    assert parse(saved(answers, old), PATH) == answers


@pytest.mark.parametrize("old", LAYOUTS)
def test_answers_that_did_not_change_leave_the_text_as_it_is(old: str) -> None:
    before = parse(old, PATH)
    assert isinstance(before, Answers)
    assert saved(before, old) == old


def test_comments_and_order_survive_a_change() -> None:
    old = """\
# my answers

[packages.pypi]   # first, because it matters
add = [
    "pymysql",  # the driver
    "osc",      # going soon
]

[venv]
installer = "uv"  # fast
path = "/opt/old"
"""
    after = Answers(
        venv=VenvAnswers(installer=Installer.PIP, path="/opt/old", use=True),
        pypi=PackageAnswers(add=("pymysql", "ipython")),
    )
    assert (
        saved(after, old)
        == """\
# my answers

[packages.pypi]   # first, because it matters
add = [
    "pymysql",  # the driver
    "ipython",
]

[venv]
installer = "pip"  # fast
path = "/opt/old"
use = true
"""
    )


def test_a_list_in_another_order_is_written_in_that_order() -> None:
    text = saved(Answers(pypi=PackageAnswers(add=("c", "a"))), 'packages.pypi.add = ["a"] # mine\n')
    assert text == 'packages.pypi.add = ["c", "a"] # mine\n'


def test_a_layout_that_cannot_be_edited_in_place_is_written_anew() -> None:
    old = 'packages.distro.add = ["gcc"]\nschema = 1\n'
    after = Answers(distro=PackageAnswers(add=("gcc",)), pypi=PackageAnswers(add=("a",)))
    assert saved(after, old) == saved(after)


def test_a_new_file_says_what_it_is_for_and_reads_well() -> None:
    answers = Answers(
        venv=VenvAnswers(use=True, path="/opt/v"),
        pypi=PackageAnswers(add=("a>=1", "b")),
        local_conf={"ADMIN_PASSWORD": Generate(), "HOST_IP": "127.0.0.1"},
    )
    assert (
        saved(answers)
        == """\
# What devstack-venv was told: "devstack-venv --auto --answers FILE" builds it again.
schema = 1

[venv]
use = true
path = "/opt/v"

[packages.pypi]
add = ["a>=1", "b"]

[local_conf]
ADMIN_PASSWORD = {generate = true}
HOST_IP = "127.0.0.1"
"""
    )


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        (Generate(), {"generate": True}),
        (FromEnvironment("PW"), {"env": "PW"}),
        (FromFile("/run/pw"), {"file": "/run/pw"}),
    ],
)
def test_a_password_stays_a_reference(
    reference: Generate | FromEnvironment | FromFile, shown: Mapping[str, Any]
) -> None:
    text = saved(Answers(local_conf={"ADMIN_PASSWORD": reference}))
    assert tomllib.loads(text)["local_conf"] == {"ADMIN_PASSWORD": shown}


def test_a_relative_reference_that_did_not_change_stays_relative() -> None:
    old = '[local_conf]\nA_TOKEN = { file = "pw" }\n'
    before = parse(old, PATH)
    assert isinstance(before, Answers)
    assert before.local_conf == {"A_TOKEN": FromFile("/home/u/pw")}
    assert saved(before, old) == old


@pytest.mark.parametrize("old", ["not toml", "[project]\nname = 'x'\n"])
def test_a_file_that_holds_something_else_is_not_rewritten(old: str) -> None:
    problems = save(Answers(), old, PATH)
    assert isinstance(problems, tuple)
    assert problems[0].where.startswith(f"{PATH}:1:")


def test_nothing_said_is_nothing_saved() -> None:
    assert tomllib.loads(saved(Answers())) == {"schema": 1}
