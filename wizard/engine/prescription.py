"""What ``--cure`` names: findings of a kept run, and what they ask for."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wizard.arguments import Arguments
from wizard.engine.planning.survey import Caller
from wizard.engine.runs import runs
from wizard.engine.runs.earlier_run import ANSWERS
from wizard.engine.runs.follow import recorded
from wizard.model.diagnosis import rule_book
from wizard.model.diagnosis.doer import Doer, doer, why_person
from wizard.model.diagnosis.finding import Finding
from wizard.model.diagnosis.rule import Automatic, Rule
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.suggestion import did_you_mean

PIN = "setuptools<81"  # the last ones that bring pkg_resources without a word


@dataclass(frozen=True, slots=True)
class Prescription:
    """What is to be done, and the answers that the run was made from ("": none)."""

    wanted: frozenset[Automatic]
    packages: tuple[str, ...] = ()
    answers: str = ""

    @property
    def pins(self) -> tuple[str, ...]:
        """Return the requirements that keep a PyPI package at a version."""
        return (PIN,) if Automatic.PIN_SETUPTOOLS in self.wanted else ()


def prescribed(given: Arguments, who: Caller) -> Prescription | Problem:
    """Return what mends the finding that is named, or why nothing does."""
    run, _, name = given.cure.rpartition(":")
    rule = next((rule for rule in rule_book.shipped().rules if rule.id == name), None)
    if rule is None:
        known = [rule.id for rule in rule_book.shipped().rules if rule.cure.steps]
        return _problem(f"there is no finding {name}", did_you_mean(name, known))
    folder = runs.find(who, given.root, run)
    if isinstance(folder, Problem):
        return folder if run else _by_rule(rule)
    findings = tuple(_of(folder, name))
    if not findings:
        return _problem(f"run {run} has no finding {name}") if run else _by_rule(rule)
    return _by_findings(findings, folder)


def _by_findings(findings: tuple[Finding, ...], folder: Path) -> Prescription | Problem:
    able = [finding for finding in findings if doer(finding) is not Doer.PERSON]
    if not able:
        why = why_person(findings[0]) or "No step does that."
        return _problem(f"{findings[0].id} is not for a program to mend: {why}", findings[0].cure)
    wanted = frozenset(Automatic(name) for finding in able for name in finding.automatic)
    packages = dict.fromkeys(finding.package for finding in able if finding.package)
    answers = folder / ANSWERS
    return Prescription(wanted, tuple(packages), str(answers) if answers.exists() else "")


def _by_rule(rule: Rule) -> Prescription | Problem:
    """Do without a run what needs none: dpkg that was interrupted, for one, lets no run begin."""
    if not rule.cure.steps:
        return _problem(f"{rule.id} is not for a program to mend: {rule.cure.manual}")
    if Automatic.ADD_PACKAGE in rule.cure.steps:
        what = f"the last run has no finding {rule.id}, so nobody knows which package is missing"
        return _problem(what, "Name the run: --cure RUN:FINDING")
    return Prescription(frozenset(rule.cure.steps))


def _of(folder: Path, name: str) -> Iterator[Finding]:
    for stamped in recorded(folder):
        if isinstance(stamped.event, Finding) and stamped.event.id == name:
            yield stamped.event


def _problem(what: str, cure: str = "") -> Problem:
    return Problem(what, cure=cure, status=ExitStatus.USAGE)
