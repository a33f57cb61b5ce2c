"""One requirement, as a person may write it."""

import pytest

from wizard.model.exit_status import ExitStatus
from wizard.model.packages.requirement import Kind, Requirement, editable, from_argument, from_line
from wizard.model.problem import Problem


def accepted(text: str) -> Requirement:
    found = from_argument(text, "command line")
    assert isinstance(found, Requirement), found
    return found


def refusal(text: str) -> str:
    found = from_argument(text, "command line")
    assert isinstance(found, Problem), found
    assert found.status is ExitStatus.USAGE
    assert found.where == "command line"
    assert found.what.isascii()
    assert found.what.isprintable()
    return found.what


@pytest.mark.parametrize("text", ["pymysql", "PyMySQL", " PyMySQL "])
def test_a_name_is_compared_in_its_canonical_form(text: str) -> None:
    assert accepted(text).name == "pymysql"


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("pymysql==1.1.0", "pymysql==1.1.0"),
        ("pymysql >=1, <2", "pymysql<2,>=1"),
        ("pymysql[ rsa , ed25519 ]", "pymysql[ed25519,rsa]"),
        ("x!=1.0.*", "x!=1.0.*"),
        ("x ; python_version<'4'", 'x; python_version < "4"'),
        ("x@https://h/a.whl", "x @ https://h/a.whl"),
        ("x @ git+https://h/x@main ; python_version>'3'", None),
    ],
)
def test_the_text_is_one_normalised_line(text: str, rendered: str | None) -> None:
    found = accepted(text)
    assert rendered in (None, found.text)
    assert accepted(found.text).text == found.text


def test_a_url_with_a_name_is_accepted() -> None:
    assert accepted("x @ git+https://h/x").kind is Kind.URL
    assert accepted("x @ git+https://h/x").needs_git
    assert not accepted("x").needs_git


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x @ file:///etc/passwd", "not with file"),
        ("x @ http://h/x.whl", "not with http"),
        ("x @ ../x", "not with"),
        ("git+https://h/x", "NAME @ URL"),
        ("https://h/y.whl", "NAME @ URL"),
        ("file:///x", "NAME @ URL"),
        ("./local", "path"),
        ("../x", "path"),
        ("/opt/x", "path"),
        ("sub/x", "path"),
        ("x.whl", "path"),
        ("~/x", "path"),
        ("-e .", "option"),
        ("--editable=.", "option"),
        ("-r x", "option"),
        ("-c x", "option"),
        ("--index-url=https://h", "option"),
        ("-i", "option"),
        ("--pre", "option"),
        ("--", "option"),
        ("-", "option"),
        ("x --hash=sha256:00", "options of a requirement"),
        ("x @ https://h/x --global-option=y", "options of a requirement"),
        ("x; rm -rf /", "marker"),
        ("x && id", ""),
        ("x`id`", "backquote"),
        ("$(id)", "variables"),
        ("x @ https://h/${TOKEN}", "variables"),
        ("x @ https://h/\\", "backslash"),
        ("x|y", ""),
        ("x\ny", "U+000A"),
        ("x\0", "U+0000"),
        ("x\x1b[2J", "U+001B"),
        ("", "empty"),
        ("   ", "empty"),
        ("# c", ""),
        ("x # c", ""),
        ("\u0440ymysql", "CYRILLIC SMALL LETTER ER"),
        ("pymysq\u217c", "SMALL ROMAN NUMERAL FIFTY"),
        ("py\u200bmysql", "U+200B"),
        ("\u202epymysql", "U+202E"),
        ("requests>2,<1", "no version can ever match"),
        ("requests~=2", ""),
        ("x>=1 <2", "comma"),
        ("!=*", ""),
        ("a" * 300, "longer than 100"),
        ("_x", ""),
        ("x-", ""),
        ("%s", ""),
        ("{{x}}", ""),
        ("[bold]x", ""),
    ],
)
def test_what_is_no_requirement_is_refused_with_the_reason(text: str, why: str) -> None:
    assert why in refusal(text)


def test_a_refused_line_of_a_file_says_which() -> None:
    found = from_line("x>2,<1", "requirements.txt:7")
    assert isinstance(found, Problem)
    assert str(found).startswith("requirements.txt:7: 'x>2,<1' is not a requirement")
    assert found.status is ExitStatus.ANSWERS


def test_a_file_may_name_a_file_url() -> None:
    found = from_line("x @ file:///srv/x.whl", "requirements.txt:1")
    assert isinstance(found, Requirement)
    assert found.kind is Kind.URL


@pytest.mark.parametrize(
    ("target", "rendered", "name"),
    [
        (".", "-e /opt/stack", ""),
        ("../nova", "-e /opt/nova", ""),
        ("/srv/nova[x]", "-e /srv/nova[x]", ""),
        ("git+https://h/nova@main#egg=Nova", "-e git+https://h/nova@main#egg=Nova", "nova"),
    ],
)
def test_an_editable_is_relative_to_its_file(target: str, rendered: str, name: str) -> None:
    found = editable(target, "/opt/stack", "requirements.txt:1")
    assert isinstance(found, Requirement)
    assert (found.text, found.name, found.kind) == (rendered, name, Kind.EDITABLE)


@pytest.mark.parametrize(
    "target", ["", "-r x", "/a b", "$HOME", "~/x", "ssh://h/x", "/x\\", "'/x'", "/x\n--pre"]
)
def test_an_editable_that_could_mean_something_else_is_refused(target: str) -> None:
    assert isinstance(editable(target, "/opt/stack", "requirements.txt:1"), Problem)
