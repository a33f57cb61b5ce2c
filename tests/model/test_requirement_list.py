"""Requirements files."""

import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from uv import find_uv_bin

from wizard.model import shipped
from wizard.model.packages.requirement import Requirement, from_argument
from wizard.model.packages.requirement_list import (
    RequirementList,
    changed,
    constraint_conflicts,
    parse,
    parse_constraints,
    rendered,
)
from wizard.model.problem import Problem

MAIN = "/etc/reqs/requirements.txt"


def read_from(files: Mapping[str, str | bytes]) -> RequirementList | tuple[Problem, ...]:
    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(2, "No such file or directory")
        content = files[path]
        return content if isinstance(content, bytes) else content.encode()

    return parse(MAIN, read)


def listed(text: str | bytes, **others: str) -> RequirementList:
    found = read_from({MAIN: text} | {f"/etc/reqs/{name}": text for name, text in others.items()})
    assert isinstance(found, RequirementList), found
    return found


def texts(text: str | bytes, **others: str) -> list[str]:
    return [item.text for item in listed(text, **others).requirements]


def refusals(text: str | bytes, **others: str) -> list[str]:
    found = read_from({MAIN: text} | {f"/etc/reqs/{name}": text for name, text in others.items()})
    assert isinstance(found, tuple), found
    return [str(problem) for problem in found]


def argument(text: str) -> Requirement:
    found = from_argument(text, "command line")
    assert isinstance(found, Requirement)
    return found


def test_each_requirement_knows_its_line_and_why_it_is_there() -> None:
    first, second = listed("# all\n\nlxml>=5  # nova\nPyYAML\n").requirements
    assert (first.name, first.text, first.comment) == ("lxml", "lxml>=5", "nova")
    assert first.source == f"{MAIN}:3"
    assert (second.name, second.source) == ("pyyaml", f"{MAIN}:4")


def test_a_hash_inside_a_url_is_no_comment() -> None:
    assert texts("x @ https://h/x#sha256=00 # c") == ["x @ https://h/x#sha256=00"]


def test_a_backslash_continues_a_line() -> None:
    found = listed("a>=1, \\\n  <2\nb\n").requirements
    assert [item.text for item in found] == ["a<2,>=1", "b"]
    assert [item.source for item in found] == [f"{MAIN}:1", f"{MAIN}:3"]


def test_a_backslash_at_the_end_of_the_file_continues_nothing() -> None:
    assert texts("a\\") == ["a"]


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfa\nb\n", b"a\r\nb\r\n", b"a\rb"])
def test_files_from_other_systems_read_the_same(content: bytes) -> None:
    assert texts(content) == ["a", "b"]


@pytest.mark.parametrize(
    "line", ["-r more", "-rmore", "-r=more", "--requirement more", "--requirement=./more"]
)
def test_a_file_includes_another_relative_to_itself(line: str) -> None:
    assert texts(f"{line}\nb", more="a") == ["a", "b"]


def test_constraints_are_kept_apart() -> None:
    found = listed("-c uc\na\n", uc="a===1.5\nb===2;python_version=='3.10'\n")
    assert [item.text for item in found.requirements] == ["a"]
    assert [item.name for item in found.constraints] == ["a", "b"]


def test_a_constraints_file_may_be_a_url() -> None:
    assert listed("-c https://h/uc.txt\na").constraint_urls == ("https://h/uc.txt",)


def test_a_file_that_includes_itself_is_told_and_not_followed() -> None:
    (problem,) = refusals("-r more", more="a\n-r requirements.txt")
    assert problem.startswith("/etc/reqs/more:2: /etc/reqs/requirements.txt includes itself")


def test_two_files_may_include_a_third() -> None:
    assert texts("-r one\n-r two", one="-r base", two="-r base", base="a") == ["a"]


def test_a_missing_file_is_told_where_it_is_included() -> None:
    (problem,) = refusals("a\n-r nowhere.txt")
    assert problem.startswith(f"{MAIN}:2: /etc/reqs/nowhere.txt can't be read: No such file")


BAD_LINES = """
-r https://h/r.txt
-r
-r ${HOME}/x
-c ftp://h/x
-e
--pre
--index-url=x
--extra-index-url https://h
--find-links x
--no-binary :all:
a --hash=sha256:00
./x
git+https://h/x
${NAME}
a b
a>2,<1
a\x07b
"""


@pytest.mark.parametrize("line", BAD_LINES.strip().split("\n"))
def test_a_bad_line_is_named(line: str) -> None:
    (problem,) = refusals(f"good\n\n{line}\n")
    assert problem.startswith(f"{MAIN}:3: ")


def test_all_bad_lines_are_named_at_once() -> None:
    problems = refusals("--pre\na\n./x\n-r more", more="b b")
    assert [problem.partition(": ")[0] for problem in problems] == [
        f"{MAIN}:1",
        f"{MAIN}:3",
        "/etc/reqs/more:1",
    ]


def test_a_file_that_is_not_text_is_refused() -> None:
    (problem,) = refusals(b"a\n\xff\xfe")
    assert "not UTF-8 (byte 3)" in problem


def test_ten_thousand_lines_take_less_than_two_seconds() -> None:
    start = time.monotonic()
    problems = refusals("".join(f"name-{n}>={n},<{n}.5\nbad {n}\n" for n in range(5000)))
    assert time.monotonic() - start < 2
    assert len(problems) == 21
    assert problems[-1] == "and 4980 more problems"


def test_equal_requirements_are_merged() -> None:
    assert texts("PyYAML>=6,<7\nPyYAML<7, >=6\n") == ["PyYAML<7,>=6"]


def test_requirements_that_go_together_both_stay() -> None:
    assert texts("a>=1\na<3\na[x]\n") == ["a>=1", "a<3", "a[x]"]


@pytest.mark.parametrize(
    "text",
    ["a>2\nA<1", "a==1\na==2", "a @ https://h/a\na @ https://h/b", "a==1\n-e git+https://h#egg=a"],
)
def test_requirements_that_exclude_each_other_are_shown_both(text: str) -> None:
    (problem,) = refusals(text)
    assert problem.startswith(f"{MAIN}:2: ")
    assert f"({MAIN}:1)" in problem


def test_requirements_for_different_hosts_do_not_exclude_each_other() -> None:
    assert len(texts("a>2; python_version<'3.12'\na<1; python_version>='3.12'")) == 2


def test_changes_add_and_remove() -> None:
    found = changed(listed("a\nb"), [argument("c>=1"), argument("a")], ["b", "nothing"])
    assert isinstance(found, RequirementList)
    assert found.names == {"a", "c"}


def test_an_addition_that_contradicts_the_list_is_told() -> None:
    found = changed(listed("a<2"), [argument("a>=3")])
    assert isinstance(found, tuple)
    assert str(found[0]) == f"command line: a>=3 can't be had together with a<2 ({MAIN}:1)"


def test_what_the_constraints_exclude_is_shown_with_the_constraint() -> None:
    found = listed("-c uc\na>=2\nb", uc="a===1.5\nb===1")
    (problem,) = constraint_conflicts(found)
    assert "a>=2 can't be had together with a===1.5 (/etc/reqs/uc:1)" in str(problem)


def test_git_is_needed_only_for_git() -> None:
    assert listed("a\nx @ git+https://h/x").needs_git
    assert not listed("a").needs_git


def test_uv_reads_what_is_rendered(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "none"\n'
        '[project]\nname = "p"\nversion = "1"\n'
    )
    source = f"-e {tmp_path} # c\nabsent ; python_version<'3'\n"
    ours = tmp_path / "ours.txt"
    ours.write_text(rendered(listed(source).requirements))
    command = [find_uv_bin(), "pip", "compile", "--offline", "--no-config", "-q", str(ours)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert f"-e {tmp_path}\n" in run.stdout


def test_the_shipped_list_is_good_and_says_why_for_each() -> None:
    found = parse("venv-requirements.txt", shipped.read)
    assert isinstance(found, RequirementList)
    assert all(item.comment for item in found.requirements)
    assert not found.constraints


def test_constraints_are_read_as_constraints() -> None:
    found = parse_constraints("uc.txt", lambda _: b"# openstack\na===1\n")
    assert isinstance(found, RequirementList)
    assert [item.text for item in found.constraints] == ["a===1"]
