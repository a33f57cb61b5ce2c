"""Rule files: every mistake is told with its place."""

import pytest

from wizard.model.diagnosis.rule import Automatic, Confidence, Kind, Role, RuleBook
from wizard.model.diagnosis.rule_file import parse
from wizard.model.problem import Problem

RULE = """\
area = "compiler"

[[rule]]
id = "header-missing"
match = ['fatal error: (?P<header>\\S+): No such file']
missing = "header:header"
what = "{header} is missing"
cause = "It is not installed."
cure = "Install {package}."
commands = ["{install}"]
steps = ["add-distro-package"]
examples = ["fatal error: x.h: No such file"]
"""


def mistakes(text: str) -> list[str]:
    read = parse(text, "x.toml")
    assert isinstance(read, tuple)
    assert all(isinstance(problem, Problem) for problem in read)
    return [f"{problem.where} {problem.what}" for problem in read]


def test_a_rule_says_everything_in_its_file() -> None:
    book = parse(RULE, "x.toml")
    assert isinstance(book, RuleBook)
    (rule,) = book.rules
    assert (rule.id, rule.areas, rule.role) == ("header-missing", ("compiler",), Role.CAUSE)
    assert rule.missing == (Kind.HEADER, "header")
    assert rule.confidence is Confidence.CERTAIN
    assert rule.cure.steps == (Automatic.ADD_PACKAGE,)
    assert not rule.cure.is_unasked


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("id = ", "identity = ", "x.toml:4:12 there is no 'identity' here"),
        ('"header-missing"', '"Header Missing"', "x.toml:4:6 'Header Missing' is not lower-case"),
        ("'fatal error: (?P<header>", "'fatal error: (?P<header", "is not a pattern"),
        ("['fatal error: (?P<header>\\S+): No such file']", "['(?P<header>\\S+)']", "nothing is"),
        ("{header} is", "{haeder} is", "x.toml:7:8 not every pattern captures {haeder}"),
        ("{header} is", "{header is", "x.toml:7:8 not every pattern captures"),
        ('"header:header"', '"haeder:header"', "x.toml:6:11 'haeder' is none of header, library"),
        ('"header:header"', '"header:name"', "x.toml:6:11 not every pattern captures 'name'"),
        ('"add-distro-package"', '"add-packages"', "x.toml:11:10 'add-packages' is none of"),
        ('steps = ["add-distro-package"]\n', "", "needs either steps, or manual"),
        ('cure = "Install {package}."\n', "", "header-missing has no cure"),
        ("cure = ", "cure = 1 # ", "x.toml:9:8 cure is a text in quotes"),
        ("examples = [", "examples = [1, ", "x.toml:12:12 examples is a list of texts"),
        ("area = ", "area = = ", "this is not TOML"),
        ("steps = [", 'since = "last year"\nsteps = [', "'last year' is no series"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(old: str, new: str, mistake: str) -> None:
    assert old in RULE
    assert any(mistake in told for told in mistakes(RULE.replace(old, new)))


def test_all_mistakes_are_named_at_once() -> None:
    broken = RULE.replace("{header} is", "{a} is").replace("{package}", "{b}")
    assert len(mistakes(broken)) == 2


CASE = """
[[rule.case]]
when = 'x\\.h'
cause = "x has no such file any more."
commands = ["ls {header}"]
example = "fatal error: x.h: No such file"
"""


def test_a_line_that_tells_more_has_words_of_its_own() -> None:
    book = parse(RULE + CASE, "x.toml")
    assert isinstance(book, RuleBook)
    (rule,) = book.rules
    told = rule.told_by(rule.case("fatal error: x.h: No such file"))
    assert told.cause == "x has no such file any more."
    assert told.cure.commands == ("ls {header}",)
    assert (told.what, told.cure.text, told.id) == (rule.what, rule.cure.text, rule.id)
    assert rule.told_by(rule.case("fatal error: y.h: No such file")) is rule


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("when = 'x\\.h'\n", "", "x.toml:14:8 a case says when it holds, and gives an example"),
        ("when = 'x", "when = '(x", "x.toml:15:8 '(x\\\\.h' is not a pattern"),
        ("ls {header}", "ls {haeder}", "x.toml:17:12 not every pattern captures {haeder}"),
        ("cause =", "causes =", "x.toml:16:10 there is no 'causes' here"),
        ("cause = ", "cause = 1 # ", "x.toml:16:9 cause is a text in quotes"),
    ],
)
def test_a_mistake_in_a_case_is_named_with_its_place(old: str, new: str, mistake: str) -> None:
    assert old in CASE
    assert any(mistake in told for told in mistakes(RULE + CASE.replace(old, new)))


def test_cases_that_are_no_tables_are_refused() -> None:
    assert mistakes(RULE + 'case = ["x"]\n') == ["x.toml:13:9 case is written [[case]]"]


def test_two_rules_of_one_name_are_refused() -> None:
    twice = RULE + RULE.partition("\n\n")[2]
    assert mistakes(twice) == ["x.toml:14:6 there are two rules header-missing"]


def test_a_rule_holds_for_the_releases_that_it_names() -> None:
    book = parse(RULE + 'since = "2023.2"\nuntil = "2025.1"\n', "x.toml")
    assert isinstance(book, RuleBook)
    holds = {
        name
        for name in ("kilo", "2023.1", "2023.2", "2025.1", "master", "")
        if book.rules[0].holds_for(name)
    }
    assert holds == {"2023.2", "2025.1", ""}
