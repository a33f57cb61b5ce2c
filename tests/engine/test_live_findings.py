"""Findings while a step still runs."""

import threading

from wizard.engine.diagnosing import Explanation
from wizard.engine.live_findings import LiveFindings
from wizard.engine.sequence import in_a_row, in_vain
from wizard.model.diagnosis.finding import Finding
from wizard.model.distribution import Distribution, Family
from wizard.model.events import Event, Output, Stamped, StepFinished, StepState
from wizard.model.packages.package_index import PackageIndex
from wizard.model.recipe import Recipe, Tools
from wizard.steps.bytecode import Bytecode
from wizard.steps.download import Download
from wizard.steps.pypi_packages import PyPIPackages

HERE = Explanation(None, Distribution("debian", "12", "Debian 12", Family.DEB, "bookworm"))


class Heard:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.finding = threading.Event()

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, Finding):
            self.finding.set()

    def findings(self) -> list[Finding]:
        return [event for event in self.events if isinstance(event, Finding)]


def said(step: str, line: int, *lines: str) -> Stamped:
    return Stamped(1, 0.0, Output(step, line, lines))


def failed(step: str) -> StepFinished:
    return StepFinished(step, StepState.FAILED, 1.0, "ended with status 1", "The log says more.")


def test_a_cause_is_told_while_the_step_runs_with_its_line_and_step() -> None:
    heard = Heard()
    with LiveFindings(heard, HERE) as live:
        live(said("a", 1, "x", "y"))
        live(said("b", 3, "z"))
        live(said("a", 4, "a.c:1:1: fatal error: lber.h: No such file or directory"))
        assert heard.finding.wait(10)
    (finding,) = heard.findings()
    assert (finding.id, finding.line, finding.step) == ("header-missing", 4, "a")


def test_a_failed_step_gets_the_cure_of_its_first_cause() -> None:
    heard = Heard()
    with LiveFindings(heard, HERE) as live:
        live(said("a", 1, "a.c:1:1: fatal error: lber.h: No such file or directory"))
        live(said("a", 2, "ERROR: Failed building wheel for python-ldap"))
        live.emit(failed("a"))
    last = heard.events[-1]
    assert isinstance(last, StepFinished)
    assert last.cure == "Install libldap-dev, then run the same again."


def test_a_symptom_is_told_only_when_the_step_failed_of_nothing_else() -> None:
    heard = Heard()
    with LiveFindings(heard, HERE) as live:
        live(said("a", 1, "ERROR: Failed building wheel for python-ldap"))
        live.emit(failed("a"))
    assert [finding.id for finding in heard.findings()] == ["pip-build-failed"]


def test_a_step_that_says_nothing_known_keeps_its_own_cure() -> None:
    heard = Heard()
    with LiveFindings(heard, HERE) as live:
        live(said("a", 1, "all is well"))
        live.emit(failed("a"))
    assert heard.events == [failed("a")]


def test_the_likeliest_line_is_quoted_where_neither_a_rule_nor_the_step_knows_why() -> None:
    heard = Heard()
    with LiveFindings(heard, HERE) as live:
        live(said("a", 1, "x", "frobnicator: fatal: out of frobs"))
        live(said("b", 3, "other: fatal: error"))
        live.emit(failed("a"))
    last = heard.events[-1]
    assert isinstance(last, StepFinished)
    assert last.cure == (
        "No rule knows why; likeliest is line 2: «frobnicator: fatal: out of frobs»."
    )


def test_a_symptom_says_what_looks_most_like_its_reason() -> None:
    heard = Heard()
    with LiveFindings(heard, HERE) as live:
        live(said("a", 1, "frob: fatal: no frobs", "ERROR: Failed building wheel for x"))
        live.emit(failed("a"))
    assert any("line 1 of the log" in finding.cause for finding in heard.findings())


def test_what_a_step_that_may_try_in_vain_complains_of_is_told_only_when_it_fails() -> None:
    heard = Heard()
    with LiveFindings(heard, HERE, frozenset({"a"})) as live:
        live(said("a", 1, "a.c:1:1: fatal error: lber.h: No such file or directory"))
        live.emit(StepFinished("a", StepState.DONE, 1.0))
        assert live.best("a") is not None  # so it has been read
        assert not heard.findings()
        live.emit(failed("a"))
    assert [finding.id for finding in heard.findings()] == ["header-missing"]


def test_downloading_ahead_and_compiling_may_be_in_vain_also_behind_a_cure() -> None:
    recipe = Recipe(
        "/v", "/usr/bin/python3", system_site_packages=False, requirements="", constraints=""
    )
    tools, index = Tools("uv", ""), PackageIndex()
    steps = (
        Download(recipe, tools, index),
        Bytecode(recipe),
        PyPIPackages(recipe, tools, index),
    )
    assert in_vain(steps) == in_vain(in_a_row(steps)) == {"download", "bytecode"}


def test_what_the_build_does_unasked_is_not_promised_where_something_graver_comes_first() -> None:
    heard = Heard()
    with LiveFindings(heard, HERE) as live:
        live(said("a", 1, "  cause: tunnel error: failed to create underlying connection"))
        live(said("a", 2, "  cause: Connection refused (os error 111)"))
        live(said("b", 3, "  cause: Connection refused (os error 111)"))
        live.emit(failed("a"))
    told = [(finding.id, finding.step, finding.automatic) for finding in heard.findings()]
    assert told == [
        ("uv-proxy-down", "a", ()),
        ("uv-no-connection", "a", ()),
    ]


def test_the_same_is_told_once() -> None:
    heard = Heard()
    with LiveFindings(heard, HERE) as live:
        for line in range(1, 100):
            live(said("a", line, "a.c:1:1: fatal error: lber.h: No such file or directory"))
        live.emit(failed("a"))
    assert len(heard.findings()) == 1


def test_who_says_something_never_waits_for_the_rules() -> None:
    hold = threading.Event()

    def slow(_: Event) -> None:
        hold.wait(10)

    with LiveFindings(slow, HERE) as live:
        for line in range(1, 1000):
            live(said("a", line, f"E: Unable to locate package p{line}"))
        hold.set()
