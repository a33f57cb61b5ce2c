"""What no cure may ever do, over all rules and all steps that a cure may consist of."""

import re
from collections.abc import Iterator

import pytest

from wizard.engine.curing import OF_THE_BUILD, mending
from wizard.model.diagnosis import rule_book
from wizard.model.diagnosis.doer import Doer, doer, why_person
from wizard.model.diagnosis.finding import Finding
from wizard.model.diagnosis.rule import UNASKED, Automatic, Rule
from wizard.model.distribution import Family
from wizard.model.machine import Command
from wizard.model.recipe import Recipe
from wizard.steps import package_commands

RULES = rule_book.shipped().rules
RECIPE = Recipe("/opt/stack/global-venv", "/usr/bin/python3", False, "", "")  # noqa: FBT003
DANGEROUS = re.compile(
    r"\brm\b|\bunlink\b|--break-system-packages|FORCE=|--force(?!-conf)|\bdd\b|mkfs|\bwipe|DROP |"
    r"\bkill|pkill|--allow-|--no-check|trusted=yes|sslverify|http\.sslVerify|autoremove|purge\b|"
    r"chmod (?:-R )?0?777|/lock\b.*(?:-delete|>)"
)


def by_id(rule: Rule) -> str:
    return rule.id


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.cure.steps], ids=by_id)
def test_what_is_done_for_a_person_is_nothing_dangerous(rule: Rule) -> None:
    assert not [command for command in rule.cure.commands if DANGEROUS.search(command)]


@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.cure.steps], ids=by_id)
def test_what_is_not_done_says_why(rule: Rule) -> None:
    assert len(rule.cure.manual.split()) >= 3


def commands() -> Iterator[Command]:
    for family in Family:
        yield package_commands.refresh(family)
        yield package_commands.install(family, ("libpq-dev",), 600)
    yield package_commands.mend(600)
    yield package_commands.configure()


@pytest.mark.parametrize("command", tuple(commands()), ids=Command.shown)
def test_no_command_of_ours_is_dangerous(command: Command) -> None:
    assert not DANGEROUS.search(command.shown())


def test_mending_dependencies_removes_no_package() -> None:
    assert "--no-remove" in package_commands.mend(600).argv


@pytest.mark.parametrize("word", Automatic)
def test_every_word_for_a_step_means_one(word: Automatic) -> None:
    before = mending(Family.DEB, RECIPE, "/opt/stack/devstack/local.conf")
    elsewhere = {Automatic.RETRY, Automatic.CLEAN_ENVIRONMENT, Automatic.ACTIVATION}
    assert word in {*before, *OF_THE_BUILD, *elsewhere}


def test_a_step_has_the_name_that_rules_call_it_by() -> None:
    before = mending(Family.DEB, RECIPE, "/opt/stack/devstack/local.conf")
    assert {step.id for step in before.values()} == {str(word) for word in before}


@pytest.mark.parametrize(
    ("automatic", "manual", "who"),
    [
        (("retry",), "", Doer.BUILD),
        (("refresh-package-index", "retry"), "", Doer.BUILD),
        (("add-distro-package", "retry"), "", Doer.PROGRAM),
        (("own-venv", "retry"), "", Doer.PROGRAM),
        ((), "Because.", Doer.PERSON),
        (("a-word-of-next-year",), "", Doer.PERSON),
    ],
)
def test_a_finding_says_who_does_it(automatic: tuple[str, ...], manual: str, who: Doer) -> None:
    finding = Finding("x", "What", automatic=automatic, manual=manual)
    assert doer(finding) is who
    assert why_person(finding) == manual


def test_nothing_that_anybody_else_relies_on_is_done_unasked() -> None:
    assert {str(word) for word in UNASKED} == {
        "refresh-package-index",
        "wait-for-lock",
        "retry",
        "clean-environment",
    }


def test_every_card_about_an_unknown_authority_says_how_to_add_it() -> None:
    told = {rule.id for rule in RULES if "/ca-certificates/" in rule.cure.text}
    assert told >= {
        "uv-certificate",
        "pip-certificate",
        "pip-host-certificate",
        "git-certificate",
        "download-certificate",
        "apt-certificate",
        "certificate",
    }
